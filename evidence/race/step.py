"""How long does one step take, forward through GoogLeNet and back to the picture, and what is the limit here?

    python -m evidence.race.step          every rival, on two threads and on one
    python -m evidence.race.step NAME     one rival's turn, in this process: the milliseconds of a step

Rivals take turns, each time as a process of its own, so that whatever else the machine does affects all of them. The
rival "limit" is what the multiplications alone would take at the rate of this machine's best matrix product, if each
convolution were computed directly. (Winograd's method needs fewer.)

Needs Debian's python3-torch for PyTorch's rows. A rival that fails says why, and its row stays empty.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from statistics import median

import numpy as np
from tqdm import tqdm

from evidence.report import markdown
from tricknet import Class, images, load
from tricknet.attacks.steps import Ascent
from tricknet.paths import MODELS, ROOT

PROTOTXT = MODELS / "googlenet" / "deploy.prototxt"
WEIGHTS = MODELS / "googlenet" / "bvlc_googlenet.caffemodel"
TARGET = 23  # vulture
MULTIPLICATIONS = 2 * 1.583e9  # of a picture, forward and back
SIDE = 1536  # of the matrices whose product is the limit
OUTSIDE = ("OPENBLAS_", "ONEDNN_", "OMP_", "GOMP_", "CAFFE_FAST")  # what a user may have set for the libraries
TURNS = 8  # of each rival on each number of threads
WARM, STEPS = 3, 10  # in each turn, not timed and timed

Step = Callable[[], object]
Times = dict[str, list[float]]  # of each rival, milliseconds: the median of its steps in each turn


def main() -> None:
    with suppress(KeyboardInterrupt):  # Ctrl-C keeps the tables that are finished
        for threads in (2, 1):
            print(f"\nOn {threads}:\n\n{table(race(RIVALS, threads, TURNS))}")


def race(names: Iterable[str], threads: int, turns: int) -> Times:
    """All rivals in turn. One that fails has no times, and the others go on."""
    times: Times = {name: [] for name in names}
    for _ in tqdm(range(turns), desc=f"{threads} threads", unit="turn"):
        for name in times:
            command = [sys.executable, "-m", "evidence.race.step", name]
            how = {"env": environment(name, threads), "cwd": ROOT, "stdout": subprocess.PIPE, "text": True}
            done = subprocess.run(command, start_new_session=True, **how)  # Ctrl-C is for the race
            if done.returncode == 0:
                times[name].append(float(done.stdout))
    return times


def take_turn(name: str) -> float:
    """The milliseconds of a rival's step: the median of a few."""
    step = RIVALS[name][1]()
    for _ in range(WARM):
        step()
    times = []
    for _ in range(STEPS):
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    return median(times) * (MULTIPLICATIONS / SIDE**3 if name == "limit" else 1)


def environment(name: str, threads: int) -> dict[str, str]:
    """A rival's environment. The libraries choose their own kernels, whatever was set from outside."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(OUTSIDE)}
    env |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    if name in ("article", "stock"):
        env["CAFFE_FAST"] = "0"
    if name == "torch":  # found by trying: no second set of threads, which wait for some 25 ms
        env |= {"OPENBLAS_NUM_THREADS": "1", "GOMP_SPINCOUNT": "1000000"}
    return env


def table(times: Times) -> str:
    """The rate of the best matrix product, and each rival's milliseconds per step and share of the limit."""
    rate = max(2 * MULTIPLICATIONS / ms / 1e6 for ms in times["limit"])
    lines = [(RIVALS[name][0], cell(ms), cell(shares(times, name))) for name, ms in times.items()]
    head = ("rival", "ms per step", "% of the limit")
    return f"The best matrix product ran at {rate:.0f} GFLOP/s.\n\n{markdown(head, lines)}"


def cell(values: Sequence[float]) -> str:
    """The median and, in brackets, the middle half, to three digits; a dash if there are no values."""
    if not values:
        return "–"
    low, middle, high = (f"{float(f'{value:.3g}'):g}" for value in np.percentile(values, (25, 50, 75)))
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle


def shares(times: Times, name: str) -> list[float]:
    """In each turn, the limit as a percentage of a rival's time."""
    return [100 * limit / ms for limit, ms in zip(times["limit"], times[name], strict=False)]


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
    if sys.argv[1:]:
        print(take_turn(sys.argv[1]))
    else:
        main()
