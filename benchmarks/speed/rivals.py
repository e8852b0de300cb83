"""The rivals of benchmarks/speed/race.py: each is a process that takes a few steps whenever it is asked."""

import ctypes
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.speed import training
from benchmarks.speed.longer import LONGER, PANDA, longer_rival
from tricknet import images
from tricknet.attacks.steps import climb
from tricknet.networks.classifier import Classifier, GoogLeNet
from tricknet.networks.objectives import Class
from tricknet.paths import models_folder

PROTOTXT = models_folder() / "googlenet" / "deploy.prototxt"
WEIGHTS = models_folder() / "googlenet" / "bvlc_googlenet.caffemodel"
TARGET = 23  # vulture

RIVALS = {
    "article": "the article's loop, Caffe's own layers",
    "stock": "our step, Caffe's own layers",
    "no-onednn": "our step, fast layers without oneDNN",
    "avx2": "our step, fast layers with AVX2 only",
    "no-winograd": "our step, fast layers without Winograd's method",
    "fast": "our step, fast layers",
    "trick": "a whole step of `trick`, Python included",
    "python": "Python's share of that step",
    "torch": "PyTorch, out of the box",
    "torch-best": "PyTorch, at its best",
    "limit": "the multiplications alone",
}
# A step is one of these: forward and back to the picture; a step of learning; both gradients; or what takes longer.
WORKS = ("step", "plain", "adversarial", "weights too", *LONGER)
# For one picture: forward, and as many for each gradient.
MULTIPLICATIONS = {"step": 2 * 1.583e9, "weights too": 3 * 1.583e9} | training.MULTIPLICATIONS

MISSING = "not here"
STEPS = 4  # that a rival takes when it is asked. The first is not timed.


def be_rival(name: str, work: str, batch: int, short: bool) -> None:
    """Say what this is, then take a few steps for each line that comes in, and answer with their times in seconds.

    Of several steps the first is not counted: a trick is many steps in a row, and only the first finds the caches full
    of another rival's numbers. A task that takes longer is timed once for each line.
    """
    try:
        step, note = rival(name, work, batch, short)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        print(MISSING)
        return
    several = batch == 1 and work not in LONGER
    for _ in range(3 if several else work not in LONGER):
        step()
    print(note, flush=True)
    for _ in sys.stdin:
        times = [timed(step) for _ in range(STEPS if several else 1)]
        print(*times[1 - STEPS :], flush=True)


def rival(name: str, work: str, batch: int, short: bool) -> tuple[Callable[[], float | None], str]:
    """One step of a rival, and what it says about itself."""
    torch, best = name in ("torch", "torch-best"), name == "torch-best"
    if name == "limit":
        return matrix_product(batch * MULTIPLICATIONS[work])
    if name in ("trick", "python"):
        return (python_share if name == "python" else trick_rival)(batch), caffe_note()
    if work in LONGER:
        return longer_rival(work, best, short), torch_note() if torch else caffe_note()
    if work in training.MULTIPLICATIONS:
        if torch:
            return training.torch_training(batch, adversarial=work == "adversarial", best=best), torch_note()
        return training.caffe_training(batch, adversarial=work == "adversarial"), caffe_note()
    if torch:
        return torch_rival(batch, best, weights_too=work == "weights too"), torch_note()
    return caffe_rival(batch, article=name == "article", weights_too=work == "weights too"), caffe_note()


def timed(function: Callable[[], float | None]) -> float:
    """The seconds that a call takes, times the number that it returns, if any."""
    start = time.perf_counter()
    scale = function()
    return (time.perf_counter() - start) * (1 if scale is None else scale)


def pictures(batch: int) -> np.ndarray:
    """The panda, as Caffe wants it: float32, batch x 3 x 224 x 224, blue first, mean subtracted."""
    mean = np.array([104, 117, 123], dtype=np.float32)
    panda = (images.load(PANDA)[..., ::-1] - mean).transpose(2, 0, 1)
    return np.repeat(panda[None], batch, axis=0)


def caffe_rival(batch: int, article: bool, weights_too: bool) -> Callable[[], None]:
    """A step in Caffe."""
    import caffe

    net = learning_net() if article or weights_too else caffe.Net(str(PROTOTXT), str(WEIGHTS), caffe.TEST)
    net.blobs["data"].reshape(batch, 3, 224, 224)
    net.reshape()
    x, target = pictures(batch), np.eye(1000, dtype=np.float32)[[TARGET] * batch]

    def our_step() -> None:
        net.blobs["data"].data[...] = x
        p = net.forward()["prob"]
        np.subtract(target, p, out=net.blobs["loss3/classifier"].diff)
        net.backward(start="loss3/classifier")

    def article_step() -> None:
        net.blobs["data"].data[...] = x
        net.forward()  # to see what it is now
        net.forward()
        net.backward(prob=target)

    return article_step if article else our_step


def trick_rival(batch: int, model: Classifier | None = None) -> Callable[[], None]:
    """What a reader waits for: a step of `trick`, from whole numbers to whole numbers."""
    pandas = np.repeat(images.load(PANDA)[None], batch, axis=0)
    walk = climb(model or GoogLeNet(), pandas, Class(TARGET), epsilon=8, steps=1_000_000)

    def step() -> None:
        next(walk)

    return step


def python_share(batch: int) -> Callable[[], float]:
    """The same, but its step gives the share of the time that was not spent in Caffe's forward and backward passes."""
    model, inside = GoogLeNet(), []

    def watched(function: Callable[..., object]) -> Callable[..., object]:
        def passes(*arguments: object) -> object:
            start = time.perf_counter()
            result = function(*arguments)
            inside.append(time.perf_counter() - start)
            return result

        return passes

    model.net._forward, model.net._backward = watched(model.net._forward), watched(model.net._backward)
    trick_step = trick_rival(batch, model)

    def step() -> float:
        inside.clear()
        start = time.perf_counter()
        trick_step()
        return 1 - sum(inside) / (time.perf_counter() - start)

    return step


def caffe_note() -> str:
    """What the Caffe of this process is made of."""
    import caffe

    return f"Caffe {caffe.__version__}{onednn()}, {blas(numpys=False)}"


def torch_note() -> str:
    """Which PyTorch this process has, and for which kind of processor its code is."""
    from benchmarks.reference.torch_twin import torch

    return f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"


def learning_net():
    """GoogLeNet as BVLC publishes it, with force_backward, which computes every weight's gradient too."""
    import caffe

    text = re.sub(r"^ *(propagate_down|loss_weight|param \{).*\n", "", PROTOTXT.read_text(), flags=re.MULTILINE)
    with tempfile.NamedTemporaryFile("w", suffix=".prototxt") as file:
        file.write("force_backward: true\n" + text)
        file.flush()
        return caffe.Net(file.name, str(WEIGHTS), caffe.TEST)


def torch_rival(batch: int, best: bool, weights_too: bool) -> Callable[[], None]:
    """The same step in PyTorch, as it comes; or with channels last and a local response normalisation by hand."""
    import caffe

    from benchmarks.reference import torch_twin
    from benchmarks.reference.torch_twin import torch

    net = caffe.Net(str(PROTOTXT), str(WEIGHTS), caffe.TEST)
    params = {name: [blob.data for blob in blobs] for name, blobs in net.params.items()}
    layout = torch.channels_last if best else torch.contiguous_format
    twin = torch_twin.googlenet_twin(params, torch_twin.SlicedLRN if best else torch_twin.TorchLRN)
    twin = twin.to(memory_format=layout).requires_grad_(weights_too)
    x = torch.tensor(pictures(batch)).to(memory_format=layout).requires_grad_()
    target = torch.eye(1000)[[TARGET] * batch]

    def step() -> None:
        x.grad = None
        twin.zero_grad()
        logits = twin(x)
        logits.backward(target - logits.detach().softmax(1))

    return step


def matrix_product(multiplications: float) -> tuple[Callable[[], float], str]:
    """A matrix product; its step gives how many times as many multiplications the rivals' work has."""
    n = 1536
    a = np.random.default_rng(0).normal(size=(n, n)).astype(np.float32)
    out = np.empty_like(a)

    def step() -> float:
        np.matmul(a, a, out=out)
        return multiplications / n**3

    return step, f"NumPy {np.__version__}, {blas(numpys=True)}"


def loaded(name: str) -> list[str]:
    """The shared libraries of this process whose path contains the name."""
    return sorted(set(re.findall(rf"/\S*{name}\S*", Path("/proc/self/maps").read_text())))


def onednn() -> str:
    """The version of oneDNN, if this process has loaded it."""
    for path in loaded("libdnnl"):
        version = ctypes.CDLL(path).dnnl_version
        version.restype = ctypes.POINTER(ctypes.c_int * 3)
        return ", oneDNN " + ".".join(map(str, version().contents))
    return ""


def blas(numpys: bool) -> str:
    """The kernel of the OpenBLAS that NumPy brings, or of the system's, which Caffe uses."""
    kernels = set()
    for path in loaded("openblas"):
        library = ctypes.CDLL(path)
        for symbol in ("openblas_get_corename", "scipy_openblas_get_corename64_"):
            if hasattr(library, symbol) and numpys == ("site-packages" in path):
                getattr(library, symbol).restype = ctypes.c_char_p
                kernels.add(getattr(library, symbol)().decode())
    return f"OpenBLAS with the kernel for {', '.join(sorted(kernels))}"
