"""Builds the five programs of caffe-cpu/steps, compares each with the first, and prints how long each takes.

    python -m benchmarks.steps

They run in turn, one thread each. A time is the least processor time of all repetitions, which other programs on the
machine disturb least. Needs g++, libopenblas-dev and libdnnl-dev, as Caffe does.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.output import machine
from tricknet.paths import ROOT
from tricknet.report import markdown

FOLDER = ROOT / "caffe-cpu" / "steps"  # the story there, how-it-got-fast.md, tells what each of them changes
WHEEL = FOLDER.parent / "src" / "fast"
COMMON = ("-std=c++20", "-O3", "-fno-math-errno")
# As in the wheel: Caffe's own code for any processor of a kind, our loops for this one.
OURS = (*COMMON, "-fno-trapping-math", "-march=native", "-DKERNELS=kernels_here")
OURS += (WHEEL / "kernels.cpp", WHEEL / "onednn.cpp")
STEPS = {
    "1_article": (COMMON, "the article's loop"),
    "2_no_waste": (COMMON, "one forward pass, no gradients of weights"),
    "3_vector_loops": (OURS, "ReLU and pooling by whole registers"),
    "4_onednn": (OURS, "the convolution by oneDNN"),
    "5_blocks_kept": (OURS, "numbers stay in blocks between layers"),
}
HEAD = ("step", "what is new", "ms", "against the one before", "largest difference from the first")
ROUNDS, REPETITIONS = 3, 30  # each program runs in so many rounds, in turn, with so many repetitions in each


def main() -> None:
    where = machine()
    with tempfile.TemporaryDirectory() as folder:
        programs = {name: build(name, Path(folder)) for name in STEPS}
        times, answers = {name: [] for name in STEPS}, {}
        for _ in tqdm(range(ROUNDS), unit="round"):
            for name, program in programs.items():
                answers[name], more = run(program, REPETITIONS)
                times[name] += more
    first, before, lines = answers["1_article"], min(times["1_article"]), []
    for name, (_, what) in STEPS.items():
        ms, off = min(times[name]), difference(answers[name], first)
        lines.append((name, what, f"{ms:.1f}", f"{before / ms:.2f} times as fast", f"{off:.0e}" if off else "0"))
        before = ms
    print(f"{where}.\n\n{markdown(HEAD, lines)}")


def build(name: str, folder: Path) -> Path:
    """Compile a program into the folder. Raises CalledProcessError, after g++ has said why."""
    flags, _ = STEPS[name]
    program = folder / name
    sources = (FOLDER / f"{name}.cpp", FOLDER / "main.cpp")
    subprocess.run(["g++", *flags, "-o", program, *sources, "-lopenblas", "-ldnnl"], check=True)
    return program


def run(program: Path, repetitions: int) -> tuple[np.ndarray, list[float]]:
    """(output and gradient, as one row of float32; the milliseconds that each repetition took)"""
    answer = program.with_suffix(".numbers")
    env = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    env |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([program, answer, str(repetitions)], env=env, check=True, capture_output=True, text=True)
    return np.fromfile(answer, np.float32), [float(line) for line in done.stdout.split()]


def difference(answer: np.ndarray, first: np.ndarray) -> float:
    """The largest difference between two answers, as a share of the largest number."""
    return float(np.abs(answer - first).max() / np.abs(first).max())


if __name__ == "__main__":
    main()
