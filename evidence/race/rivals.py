"""The rivals of the race. Each is a process that takes a few steps for every line that it reads.

    python -m evidence.race.rivals NAME

A step goes forward through GoogLeNet and back to the picture. The answer is a line of milliseconds.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

from tricknet import Class, images, load
from tricknet.attacks.steps import Ascent
from tricknet.paths import MODELS

PROTOTXT = MODELS / "googlenet" / "deploy.prototxt"
WEIGHTS = MODELS / "googlenet" / "bvlc_googlenet.caffemodel"
TARGET = 23  # vulture
MULTIPLICATIONS = 2 * 1.583e9  # of a picture, forward and back
STEPS = 3  # for each line
SIDE = 1536  # of the matrices whose product is the limit

Step = Callable[[], object]


def main() -> None:
    """Be a rival, until its input ends."""
    name = sys.argv[1]
    step, share = RIVALS[name][1](), MULTIPLICATIONS / SIDE**3 if name == "limit" else 1
    for _ in range(3):
        step()
    print("ready", flush=True)
    for _ in sys.stdin:
        step()  # this one finds the caches full of another rival's numbers
        times = []
        for _ in range(STEPS):
            start = time.perf_counter()
            step()
            times.append(1000 * share * (time.perf_counter() - start))
        print(*times, flush=True)


def panda() -> np.ndarray:
    """The panda, as Caffe wants it: float32, 1 x 3 x 224 x 224, blue first, mean subtracted."""
    mean = np.array([104, 117, 123], dtype=np.float32)
    return (images.load("panda")[..., ::-1] - mean).transpose(2, 0, 1)[None]


def article() -> Step:
    """The article's loop: forward to see what the network says now, then forward again, and back to every weight."""
    import caffe

    text = re.sub(r"^ *(propagate_down|loss_weight|param \{).*\n", "", PROTOTXT.read_text(), flags=re.MULTILINE)
    with tempfile.NamedTemporaryFile("w", suffix=".prototxt") as file:
        file.write("force_backward: true\n" + text)
        file.flush()
        net = caffe.Net(file.name, str(WEIGHTS), caffe.TEST)
    x, target = panda(), np.eye(1000, dtype=np.float32)[[TARGET]]

    def step() -> None:
        net.blobs["data"].data[...] = x
        net.forward()
        net.forward()
        net.backward(prob=target)

    return step


def ours() -> Step:
    """Forward once, and back only to the picture."""
    import caffe

    net = caffe.Net(str(PROTOTXT), str(WEIGHTS), caffe.TEST)
    x, target = panda(), np.eye(1000, dtype=np.float32)[[TARGET]]

    def step() -> None:
        net.blobs["data"].data[...] = x
        np.subtract(target, net.forward()["prob"], out=net.blobs["loss3/classifier"].diff)
        net.backward(start="loss3/classifier")

    return step


def trick() -> Step:
    """What a reader waits for: a step of `trick`, from whole numbers to whole numbers."""
    model, ascent = load("GoogLeNet"), Ascent(images.load("panda"), epsilon=8, steps=1_000_000)

    def step() -> None:
        _, gradient = model.predict_and_gradient(ascent.pictures, Class(TARGET))
        ascent.further(ascent.pictures, gradient, 0)

    return step


def torch() -> Step:
    """Our step in PyTorch at its best: with channels last and a local response normalisation by hand."""
    import caffe

    from tools.reference.torch_net import TorchNet, sliced_lrn, torch

    net = caffe.Net(str(PROTOTXT), str(WEIGHTS), caffe.TEST)
    params = {name: [blob.data for blob in blobs] for name, blobs in net.params.items()}
    twin = TorchNet(PROTOTXT, params, dtype=torch.float32, layout=torch.channels_last, lrn=sliced_lrn)
    x = torch.tensor(panda()).to(memory_format=torch.channels_last).requires_grad_()
    target = torch.eye(1000)[[TARGET]]

    def step() -> None:
        x.grad = None
        logits = twin(x)["loss3/classifier"]
        logits.backward(target - logits.detach().softmax(1))

    return step


def limit() -> Step:
    """A matrix product. The multiplications of a step would take as long, at its rate."""
    a = np.random.default_rng(0).normal(size=(SIDE, SIDE)).astype(np.float32)
    out = np.empty_like(a)
    return lambda: np.matmul(a, a, out=out)


RIVALS: dict[str, tuple[str, Callable[[], Step]]] = {
    "article": ("the article's loop, Caffe's own layers", article),
    "stock": ("our step, Caffe's own layers", ours),
    "fast": ("our step, fast layers", ours),
    "trick": ("a whole step of `trick`, Python included", trick),
    "torch": ("PyTorch, at its best", torch),
    "limit": ("the multiplications alone", limit),
}

if __name__ == "__main__":
    main()
