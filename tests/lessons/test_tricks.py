"""Lesson 3: the loop in PyTorch is ours, and the exercises tell right from wrong."""

import numpy as np
import pytest

from lessons.tricks.in_pytorch import ten_lines
from tricknet import images
from tricknet.attacks.steps import METHODS, Method, constant, walk

PANDA = images.load("panda")


def only(model, mask, epsilon, steps, step):
    """The panda on its way to a vulture, where only some values may move: the loop of lesson 3, by the library."""
    rule = {"epsilon": epsilon, "steps": steps, "method": Method(METHODS["sign"].direction, step / epsilon, constant)}
    return walk(PANDA[None], lambda shown: mask * model.gradient(shown, ["vulture"]), **rule)[0]


def test_the_ten_lines_do_the_same_in_pytorch(googlenet, torch):
    """On GoogLeNet in PyTorch, which rounds differently: after twelve steps along signs, some values differ."""
    from tools.reference.torch_net import TorchNet

    net, mean = TorchNet(googlenet.prototxt, googlenet.parameters), torch.tensor(googlenet.mean).double()
    logits = lambda x: net((x - mean).flip(2).permute(2, 0, 1)[None])[googlenet.logits].flatten()  # noqa: E731
    found = ten_lines(logits, PANDA, 23, epsilon=2, steps=12).numpy().astype(np.uint8)
    assert googlenet.predict(found)["vulture"] > 0.9 and (found == only(googlenet, 1, 2, 12, 0.25)).mean() > 0.6


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    red, *_ = masks = dict(zip(("red", "green", "blue"), np.eye(3), strict=True))
    pictures = {colour: only(googlenet, mask, 4, 20, 0.75) for colour, mask in masks.items()}
    weak = {colour: only(googlenet, mask, 1, 1, 1) for colour, mask in masks.items()}
    hardest, _, easiest = sorted(pictures, key=lambda colour: googlenet.predict(pictures[colour])["vulture"])
    grey, far = (pictures | {red: only(googlenet, *of)} for of in ((1, 4, 1, 1), (masks[red], 9, 1, 9)))
    refused("3.1", (pictures, hardest), (pictures, "grey"), (grey, easiest), (far, easiest), (weak, easiest))
    hasty = pictures | {easiest: only(googlenet, masks[easiest], 4, 9, 0.75)}
    refused("3.1", (hasty, red), (pictures | {hardest: weak[hardest]}, easiest), (pictures[red], easiest))

    frame = np.ones((224, 224, 1))
    frame[28:-28, 28:-28] = 0
    corner, wide = PANDA.copy(), only(googlenet, frame, 32, 10, 8)
    corner[2, 0] ^= 1  # not all the way round
    wide[100, 195] = np.clip(wide[100, 195].astype(int) + 9, 0, 255)
    refused("3.2", (corner,), (wide,), (PANDA,), *((only(googlenet, frame, most, 1, most),) for most in (1, 99)))
