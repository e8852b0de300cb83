"""What readers wait for besides a step, for benchmarks/speed/race.py: a start, EOT, a sticker, and two dreams.

PyTorch takes the same steps, with the same shifts and zooms, and leaves out every layer that is not needed.
"""

import subprocess
import sys
from collections.abc import Callable

import numpy as np

from tricknet import images
from tricknet.attacks import dream, gradients, sticker
from tricknet.networks.objectives import Logit, Strength
from tricknet.paths import ROOT

PROJECT = ROOT
PANDA, TARGET = PROJECT / "images" / "panda.jpg", "vulture"
START = f"from tricknet import GoogLeNet, images; GoogLeNet().gradient(images.load({str(PANDA)!r}), {TARGET!r})"
COPIES = 8
LONGER = ("start", "eot", "sticker", "dream", "deep")

Step = Callable[[], None]


def longer_rival(work: str, torch: bool, short: bool) -> Step:
    """One of these tasks. short: a dream of a few steps, which only shows that it runs."""
    makers = dict(zip(LONGER, (start, eot, wear, dream_class, dream_deep), strict=True))
    return makers[work](torch, short)


def start(torch: bool, short: bool) -> Step:
    """From nothing to the first gradient: Python, Caffe, GoogLeNet's weights, forward and back."""

    def step() -> None:
        subprocess.run([sys.executable, "-c", START], check=True, cwd=PROJECT)

    return step


def eot(torch: bool, short: bool) -> Step:
    """The mean gradient over random changes, as in lesson 8 (EOT)."""
    from tricknet.networks.googlenet import GoogLeNet

    gradient_of = gradients.averaged(GoogLeNet(), [TARGET], copies=COPIES)
    panda = images.load(PANDA)[None].astype(np.float32)

    def step() -> None:
        gradient_of(panda)

    return step


def dream_class(torch: bool, short: bool) -> Step:
    """A picture of a class, from noise, as in lesson 12: 250 steps at 224 x 224."""
    model, wanted, steps = dreamer(torch, whole=True), Logit("paper towel"), 3 if short else 250
    model.gradient(dream.noise(), wanted)

    def step() -> None:
        for _ in dream.dreaming(model, wanted, dream.noise(), steps=steps):
            pass

    return step


def dream_deep(torch: bool, short: bool) -> Step:
    """A photograph of 448 x 448 that dreams at four sizes, ten steps each."""
    model, wanted, octaves = dreamer(torch, whole=False), Strength("inception_4c/output"), 1 if short else 4
    photograph = images.load_whole(PROJECT / "images" / "evidence" / "macaw.jpg", 448)
    model.gradient(photograph, wanted)

    def step() -> None:
        for _ in dream.deepening(model, wanted, photograph, octaves=octaves, steps=1 if short else 10):
            pass

    return step


def dreamer(torch: bool, whole: bool):
    """Something that a dream can ask: our network, or PyTorch's (with no more layers than needed)."""
    from tricknet.networks.googlenet import GoogLeNet

    model = GoogLeNet()
    if not torch:
        return model
    twin, torch = twin_of(model)
    for name in () if whole else ("4d", "4e", "5a", "5b"):
        del twin.inceptions[name]

    class Twin:
        size = model.size

        def gradient(self, picture, objective):
            ((_, term),) = objective.terms
            x = (picture - model.mean)[..., ::-1].transpose(2, 0, 1).astype(np.float32)[None]
            x = torch.tensor(x).to(memory_format=torch.channels_last).requires_grad_()
            out = twin.layers(x, classifier=whole)[term.layer or model.logits]
            values = out[0].detach().numpy()
            values = values.transpose(1, 2, 0) if values.ndim == 3 else values
            _, slope = term.measure(values.astype(np.float64), model.labels)
            slope = slope.transpose(2, 0, 1) if slope.ndim == 3 else slope
            out.backward(torch.tensor(slope[None].astype(np.float32)))
            return x.grad[0].numpy().transpose(1, 2, 0)[..., ::-1]

    return Twin()


def twin_of(model):
    """(the same network in PyTorch at its best: channels last, and an LRN by hand; the module torch)"""
    from benchmarks.reference.torch_twin import SlicedLRN, googlenet_twin, torch

    params = {name: [blob.data for blob in blobs] for name, blobs in model.net.params.items()}
    return googlenet_twin(params, SlicedLRN).to(memory_format=torch.channels_last), torch


def wear(torch: bool, short: bool) -> Step:
    """A step of a sticker, as in lesson 10: four photographs that wear it, and the gradient back to it."""
    from tricknet.networks.googlenet import GoogLeNet

    model, worn = GoogLeNet(), np.full((1, sticker.SIDE, sticker.SIDE, 3), sticker.GREY, np.float32)
    photographs = [images.load(name) for name in images.EVIDENCE[: sticker.BATCH]]
    draw = sticker.anywhere(photographs)
    gradient_of = (
        torch_sticker(model, photographs)
        if torch
        else gradients.averaged(model, ["toaster"], copies=sticker.BATCH, draw=draw)
    )

    def step() -> None:
        gradient_of(worn)

    return step


def torch_sticker(model, photographs):
    """The same step in PyTorch: a grid for each place, `grid_sample`, and the network, with one backward pass."""
    from tricknet.attacks.sticker import ANGLES, LIGHTS, SCALES, SIDE, disc

    twin, torch = twin_of(model)
    under = torch.tensor(np.stack(photographs)[..., ::-1].copy()).permute(0, 3, 1, 2).float()
    mean, inside = torch.tensor(model.mean[::-1].copy()).view(1, 3, 1, 1), torch.tensor(disc()).float()
    random, target = np.random.default_rng(0), torch.full((len(photographs),), model.labels.find("toaster"))

    def gradient_of(worn):
        sticker = torch.tensor(worn[..., ::-1].copy()).permute(0, 3, 1, 2).requires_grad_()
        at = []
        for _ in photographs:
            times, angle = 224 / SIDE / random.uniform(*SCALES), np.radians(random.uniform(*ANGLES))
            cos, sin, (x, y) = times * np.cos(angle), times * np.sin(angle), random.uniform(-0.5, 0.5, 2)
            at.append([[cos, -sin, sin * y - cos * x], [sin, cos, -sin * x - cos * y]])
        grid = torch.nn.functional.affine_grid(torch.tensor(at).float(), list(under.shape), align_corners=False)
        masked = torch.cat([sticker * inside, inside.view(1, 1, SIDE, SIDE)], 1).expand(len(at), -1, -1, -1)
        seen = torch.nn.functional.grid_sample(masked, grid, align_corners=False)
        light = torch.tensor(random.uniform(*LIGHTS, (len(at), 1, 1, 1))).float()
        shown = (1 - seen[:, 3:]) * under + light * seen[:, :3] - mean
        logits = twin(shown.contiguous(memory_format=torch.channels_last))
        (-torch.nn.functional.cross_entropy(logits, target)).backward()
        return sticker.grad.permute(0, 2, 3, 1).numpy()[..., ::-1]

    return gradient_of
