"""How long does one step take, forward and back to the picture, on which layers, and what is the limit here?

    python -m benchmarks.speed [--smoke]

All rivals of a column are processes of their own, loaded first and then asked in turn for a few steps each, so that
whatever else the machine does meets all of them. Of several steps the first is not counted: a trick is many steps in
a row, and only the first finds the caches full of another rival's numbers. A cell is the median and, in brackets,
the middle half of the times, in milliseconds per picture; in the second table, per step. The last row is what the
multiplications alone would take at the rate of this machine's best matrix product.

Needs Debian's python3-torch for PyTorch's rows, and leaves them out without it.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from benchmarks.rivals import MISSING, MULTIPLICATIONS, PANDA, PROJECT, TARGET, WORKS, be_rival
from tricknet import images

RIVALS = {
    "article": "the article's loop, Caffe's own layers",
    "stock": "our step, Caffe's own layers",
    "fast": "our step, fast layers",
    "no-onednn": "our step, without oneDNN",
    "avx2": "our step, AVX2 only",
    "trick": "a whole step of `trick`, Python included",
    "torch": "PyTorch, out of the box",
    "torch-best": "PyTorch, at its best",
    "limit": "the multiplications alone",
}
LEARNERS = [rival for rival in RIVALS if rival not in ("article", "trick")]
FEWEST, ENOUGH = 5, 45  # a column is done after so many seconds, if it has so many repetitions


class Column(NamedTuple):
    """What is measured: which work, how many pictures at once, on how many threads, with a core taken or not."""

    work: str
    batch: int
    threads: int
    busy: bool = False

    @property
    def title(self) -> str:
        """A head for the column."""
        what = "" if self.work == "step" else f"{self.work}, "
        return f"{what}{self.batch} x {self.threads} thread{'s' * (self.threads > 1)}{', busy' * self.busy}"


STEPS = (Column("step", 1, 1), Column("step", 1, 2), Column("step", 1, 2, True), Column("step", 16, 1),
         Column("step", 16, 2))  # fmt: skip
LEARNING = (Column("plain", 100, 2), Column("adversarial", 100, 2), Column("weights too", 1, 2))


def main() -> None:
    """Measure everything and print it, or be one of the rivals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="one column, few repetitions: does it run at all?")
    parser.add_argument("--rival", choices=RIVALS, help=argparse.SUPPRESS)
    parser.add_argument("--start", choices=("load", "panda", "copies", "dreams", "sticker"), help=argparse.SUPPRESS)
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.start in ("dreams", "sticker"):
        {"dreams": report_dreams, "sticker": report_sticker}[options.start](options.rival)
    elif options.rival:
        be_rival(options.rival, options.work, options.batch)
    elif options.start:
        {"load": report_load, "panda": report_panda, "copies": report_copies}[options.start]()
    else:
        print(f"{os.cpu_count()} cores; load before this: {os.getloadavg()[0]:.1f}", flush=True)
        repetitions = 2 if options.smoke else 15
        print("Milliseconds a picture; pictures in a batch x threads; busy: another program has one core\n")
        compare(STEPS[1:2] if options.smoke else STEPS, list(RIVALS), repetitions)
        print("Milliseconds for one step of learning: a small network, and GoogLeNet with its weights' gradients\n")
        compare(LEARNING[:1] if options.smoke else LEARNING, LEARNERS, repetitions, per_picture=False)
        for start in ("load",) if options.smoke else ("load", "panda"):
            for layers in ("fast", "stock"):
                subprocess.run(command("--start", start), env=environment(layers, os.cpu_count()), check=True)
        for layers in () if options.smoke else ("fast", "stock"):
            subprocess.run(command("--start", "copies"), env=environment(layers, os.cpu_count()), check=True)
        for rival in () if options.smoke else ("fast", "torch-best"):
            for start in ("dreams", "sticker"):
                words = command("--start", start, "--rival", rival)
                subprocess.run(words, env=environment(rival, os.cpu_count()), check=True)


# --- The driver ---


def compare(columns: tuple[Column, ...], names: list[str], repetitions: int, per_picture: bool = True) -> None:
    """Print a table, one row a rival."""
    cells = {name: [] for name in names}
    notes, rates = {}, []
    for column in columns:
        print(f"  {column.title} ...", file=sys.stderr, flush=True)
        for name, times, note in measure(column, names, repetitions):
            scale = 1000 / (column.batch if per_picture else 1)
            quartiles = scale * np.percentile(times, (50, 25, 75)) if times else ()
            cells[name].append("{:.1f} ({:.1f}-{:.1f})".format(*quartiles) if times else "-")
            notes[name] = note
            if name == "limit":
                rates.append(2 * column.batch * MULTIPLICATIONS[column.work] / min(times) / 1e9)
    print(f"{'':40}" + "".join(f"{column.title:>28}" for column in columns))
    for name, row in cells.items():
        print(f"{RIVALS[name]:40}" + "".join(f"{cell:>28}" for cell in row))
    print(f"\nThe best matrix product ran at {max(rates):.0f} GFLOP/s.\n")
    for name, note in notes.items():
        print(f"{RIVALS[name]:40}{note}")
    print()


def measure(column: Column, names: list[str], repetitions: int) -> Iterator[tuple[str, list[float], str]]:
    """(rival, seconds of each of its steps, what it says of itself), all rivals in turn."""
    rivals = {
        name: subprocess.Popen(
            command("--rival", name, "--work", column.work, "--batch", str(column.batch)),
            env=environment(name, column.threads, column.busy),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names
    }
    notes = {name: rival.stdout.readline().strip() for name, rival in rivals.items()}
    times = {name: [] for name in rivals}
    with neighbour(column.busy):
        end = time.monotonic() + ENOUGH
        for repetition in range(repetitions):
            if repetition >= FEWEST and time.monotonic() > end:
                break
            for name, rival in rivals.items():
                time.sleep(0.2)  # until the threads of the one before have stopped spinning
                if notes[name] != MISSING:
                    print("steps", file=rival.stdin, flush=True)
                    times[name] += map(float, rival.stdout.readline().split())
    for rival in rivals.values():
        rival.communicate()
    yield from ((name, times[name], notes[name]) for name in rivals)


@contextmanager
def neighbour(busy: bool) -> Iterator[None]:
    """Another program that never rests, if `busy`."""
    if not busy:
        yield
        return
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        program.kill()
        program.wait()


def command(*arguments: str) -> list[str]:
    """This program again, with other arguments."""
    return [sys.executable, "-m", "benchmarks.speed", *arguments]


def environment(rival: str, threads: int, busy: bool = False) -> dict[str, str]:
    """The environment of one rival. OpenBLAS chooses its own kernel, whatever was set from outside."""
    env = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "CAFFE_FAST")}
    env |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    if rival in ("article", "stock"):
        env["CAFFE_FAST"] = "0"
    if rival == "no-onednn":
        env["CAFFE_FAST"] = "without-onednn"
    if rival == "avx2":
        env |= {"ONEDNN_MAX_CPU_ISA": "AVX2", "OPENBLAS_CORETYPE": "Haswell"}
    if rival == "torch-best":  # found by trying: no second set of threads, and waiting that suits the neighbours
        env |= {"OPENBLAS_NUM_THREADS": "1", "GOMP_SPINCOUNT": "0" if busy else "1000000"}  # the latter: some 10 ms
    return env


# --- From the start ---


def report_load() -> None:
    """Print how long it takes until GoogLeNet is ready, and how much memory that is."""
    start = time.perf_counter()
    import caffe  # noqa: F401

    caffe_seconds = time.perf_counter() - start
    start = time.perf_counter()
    from tricknet.model import GoogLeNet

    model = GoogLeNet()
    seconds, memory = time.perf_counter() - start, most_memory()
    panda = images.load(PANDA)
    start = time.perf_counter()
    model.gradient(panda, TARGET)
    first = time.perf_counter() - start
    print(
        f"{layers()}: import caffe {caffe_seconds:.2f} s, GoogLeNet {seconds:.2f} s, at most {memory} MB; "
        f"first step {first:.2f} s, at most {most_memory()} MB"
    )


def most_memory() -> int:
    """The most memory that this process has had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report_panda() -> None:
    """Print how long 100 steps from panda to vulture take."""
    from tricknet.model import GoogLeNet
    from tricknet.trick import trick

    model, panda = GoogLeNet(), images.load(PANDA)
    model.gradient(panda, TARGET)
    start = time.perf_counter()
    trick(model, panda, TARGET, steps=100)
    print(f"{layers()}: panda to vulture, 100 steps, {time.perf_counter() - start:.1f} s")


def report_copies(copies: int = 8, steps: int = 10) -> None:
    """Print how long the mean gradient over random changes takes, as lesson 8's (EOT)."""
    from tricknet.changes import averaged
    from tricknet.model import GoogLeNet

    gradient_of, panda = averaged(GoogLeNet(), [TARGET], copies=copies), images.load(PANDA)[None].astype(np.float32)
    gradient_of(panda)
    start = time.perf_counter()
    for _ in range(steps):
        gradient_of(panda)
    each = (time.perf_counter() - start) / steps
    print(f"{layers()}: the mean gradient over {copies} random changes, {1000 * each:.0f} ms")


def report_dreams(rival: str) -> None:
    """Print how long a picture of a class takes, and a photograph of 448 x 448 that dreams."""
    from tricknet.dream import deepening, dreaming, noise
    from tricknet.objectives import Logit, Strength

    photograph = images.load_whole(PROJECT / "images" / "evidence" / "macaw.jpg", 448)
    seen, wanted = "inception_4c/output", Logit("paper towel")
    try:
        for what, walk in (
            ("250 steps of a class", lambda model: dreaming(model, wanted, noise(), grow=(4, 2, 1))),
            ("a photograph of 448 x 448", lambda model: deepening(model, Strength(seen), photograph)),
        ):
            model = dreamer(rival, whole="class" in what)
            model.gradient(noise(), wanted if "class" in what else Strength(seen))
            start, cpu = time.perf_counter(), time.process_time()
            steps = sum(1 for _ in walk(model))
            seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
            print(f"{RIVALS[rival]}: {what}, {steps} pictures, {seconds:.1f} s ({cpu:.1f} s of processor time)")
    except ImportError:
        print(f"{RIVALS[rival]}: {MISSING}")


def dreamer(rival: str, whole: bool):
    """Something with the one method that a dream calls: our network, or PyTorch's (with no more layers than needed)."""
    from tricknet.model import GoogLeNet

    model = GoogLeNet()
    if rival != "torch-best":
        return model
    from reference.torch_twin import SlicedLRN, googlenet_twin, torch

    params = {name: [blob.data for blob in blobs] for name, blobs in model.net.params.items()}
    twin = googlenet_twin(params, SlicedLRN).to(memory_format=torch.channels_last)
    for name in () if whole else ("4d", "4e", "5a", "5b"):
        del twin.inceptions[name]

    class Twin:
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


def report_sticker(rival: str, steps: int = 25) -> None:
    """Print how long a step of a sticker takes: four photographs that wear it, and the gradient back to it."""
    from tricknet import changes, sticker
    from tricknet.model import GoogLeNet

    model, worn = GoogLeNet(), np.full((1, sticker.SIDE, sticker.SIDE, 3), sticker.GREY, np.float32)
    photographs = [images.load(name) for name in images.EVIDENCE[: sticker.BATCH]]
    try:
        if rival == "torch-best":
            gradient_of = torch_sticker(model, photographs)
        else:
            draw = sticker.anywhere(photographs)
            gradient_of = changes.averaged(model, ["toaster"], copies=sticker.BATCH, draw=draw)
    except ImportError:
        print(f"{RIVALS[rival]}: {MISSING}")
        return
    gradient_of(worn)
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(steps):
        gradient_of(worn)
    seconds, cpu = (time.perf_counter() - start) / steps, (time.process_time() - cpu) / steps
    print(f"{RIVALS[rival]}: a step of a sticker, {1000 * seconds:.0f} ms ({1000 * cpu:.0f} ms of processor time)")


def torch_sticker(model, photographs):
    """The same step in PyTorch: a grid for each place, `grid_sample`, and the network, with one backward pass."""
    from reference.torch_twin import SlicedLRN, googlenet_twin, torch
    from tricknet.sticker import ANGLES, LIGHTS, SCALES, SIDE, disc

    params = {name: [blob.data for blob in blobs] for name, blobs in model.net.params.items()}
    twin = googlenet_twin(params, SlicedLRN).to(memory_format=torch.channels_last)
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


def layers() -> str:
    """Which layers this process uses."""
    return RIVALS["stock" if os.environ.get("CAFFE_FAST") == "0" else "fast"].removeprefix("our step, ")


if __name__ == "__main__":
    main()
