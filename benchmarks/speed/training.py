"""One step of learning, for benchmarks/speed/race.py: a small network (batch 100), and GoogLeNet's gradients.

The small network is of the same kind as lesson 14's, but larger: its convolutions are padded.

Plain: the network sees the pictures and Adam moves its weights. Adversarial: before that, each picture takes one step
from a random place in the box of epsilon around it (Wong and others 2020), which needs the gradient of the pictures.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

EPSILON, OVERSHOOT = 12 / 255, 1.25
SIDE, KERNEL, CHANNELS, HIDDEN, CLASSES = 28, 5, (32, 64), 256, 10

# For one picture, forward; and as many for each gradient, but for the picture's, which plain training does not need.
_FIRST = SIDE**2 * KERNEL**2 * CHANNELS[0]
_FORWARD = (
    _FIRST
    + (SIDE // 2) ** 2 * KERNEL**2 * CHANNELS[0] * CHANNELS[1]
    + (SIDE // 4) ** 2 * CHANNELS[1] * HIDDEN
    + HIDDEN * CLASSES
)
MULTIPLICATIONS = {"plain": 3 * _FORWARD - _FIRST, "adversarial": 5 * _FORWARD - _FIRST}

Step = Callable[[], None]


def pictures(batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise, batch x 1 x 28 x 28, 0 to 1, and classes: what is learnt makes no difference to the time."""
    random = np.random.default_rng(0)
    return random.random((batch, 1, SIDE, SIDE), dtype=np.float32), random.integers(0, CLASSES, batch)


def start(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A random place in the box around each picture."""
    return x + EPSILON * (2 * random.random(x.shape, dtype=np.float32) - 1)


# --- Caffe ---


def prototxt(batch: int, learns: bool) -> str:
    """The network. Where nothing is to be learnt, Caffe computes no gradients of weights."""
    lines = [
        "force_backward: true" if not learns else "",
        f'layer {{ name: "x" type: "Input" top: "x" top: "label" input_param {{ '
        f"shape {{ dim: {batch} dim: 1 dim: {SIDE} dim: {SIDE} }} shape {{ dim: {batch} }} }} }}",
    ]
    rates = "" if learns else "param { lr_mult: 0 } param { lr_mult: 0 } "

    def layer(name: str, kind: str, bottom: str, more: str = "", top: str = "") -> str:
        lines.append(f'layer {{ name: "{name}" type: "{kind}" bottom: "{bottom}" top: "{top or name}" {more} }}')
        return top or name

    filler = 'weight_filler { type: "msra" }'
    top = "x"
    for i, channels in enumerate(CHANNELS, 1):
        sizes = f"num_output: {channels} kernel_size: {KERNEL} pad: {KERNEL // 2}"
        top = layer(f"conv{i}", "Convolution", top, f"{rates} convolution_param {{ {sizes} {filler} }}")
        layer(f"relu{i}", "ReLU", top, top=top)
        top = layer(f"pool{i}", "Pooling", top, "pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
    top = layer("hidden", "InnerProduct", top, f"{rates} inner_product_param {{ num_output: {HIDDEN} {filler} }}")
    layer("relu", "ReLU", top, top=top)
    top = layer("logits", "InnerProduct", top, f"{rates} inner_product_param {{ num_output: {CLASSES} {filler} }}")
    layer("loss", "SoftmaxWithLoss", top, 'bottom: "label"')
    return "\n".join(lines)


def caffe_training(batch: int, adversarial: bool) -> Step:
    """In Caffe. The gradient of the pictures comes from a second net, which shares the weights."""
    import caffe

    with tempfile.TemporaryDirectory() as folder:
        net, solver = (str(Path(folder) / f"{name}.prototxt") for name in ("net", "solver"))
        Path(net).write_text(prototxt(batch, learns=True))
        Path(solver).write_text(
            f'net: "{net}" type: "Adam" base_lr: 0.001 lr_policy: "fixed" momentum: 0.9 momentum2: 0.999 delta: 1e-8'
        )
        learner = caffe.get_solver(solver)
        Path(net).write_text(prototxt(batch, learns=False))
        attacked = caffe.Net(net, caffe.TRAIN)
    attacked.share_with(learner.net)
    x, labels = pictures(batch)
    learner.net.blobs["label"].data[...] = attacked.blobs["label"].data[...] = labels
    random = np.random.default_rng(1)

    def plain() -> None:
        learner.net.blobs["x"].data[...] = x
        learner.step(1)

    def hardened() -> None:
        attacked.blobs["x"].data[...] = near = start(x, random)
        attacked.forward()
        attacked.backward()
        near += OVERSHOOT * EPSILON * np.sign(attacked.blobs["x"].diff)
        learner.net.blobs["x"].data[...] = np.clip(near, x - EPSILON, x + EPSILON)
        learner.step(1)

    return hardened if adversarial else plain


# --- PyTorch ---


def torch_training(batch: int, adversarial: bool, best: bool) -> Step:
    """In PyTorch, as its tutorials have it; or channels last, Adam in one pass, and only gradients that are used."""
    from benchmarks.reference.torch_twin import torch

    nn = torch.nn
    network = nn.Sequential(
        nn.Conv2d(1, CHANNELS[0], KERNEL, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(*CHANNELS, KERNEL, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear((SIDE // 4) ** 2 * CHANNELS[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES),
    )  # fmt: skip
    layout = torch.channels_last if best else torch.contiguous_format
    network = network.to(memory_format=layout)
    adam = torch.optim.Adam(network.parameters(), lr=0.001, fused=best)
    loss = nn.CrossEntropyLoss()
    plain_x, labels = pictures(batch)
    x, labels = torch.tensor(plain_x).to(memory_format=layout), torch.tensor(labels)
    random = np.random.default_rng(1)

    def plain(x=x) -> None:
        adam.zero_grad()
        loss(network(x), labels).backward()
        adam.step()

    def hardened() -> None:
        near = torch.tensor(start(plain_x, random)).to(memory_format=layout).requires_grad_()
        error = loss(network(near), labels)
        if best:
            (gradient,) = torch.autograd.grad(error, near)
        else:
            error.backward()
            gradient = near.grad
        near = near.detach() + OVERSHOOT * EPSILON * gradient.sign()
        plain(torch.clamp(near, x - EPSILON, x + EPSILON))

    return hardened if adversarial else plain
