"""Fashion-MNIST: 70,000 grey pictures of clothes, 28 x 28 pixels, in ten classes (Xiao, Rasul and Vollgraf, 2017).

The files are those of the Debian and Ubuntu package dataset-fashion-mnist.
"""

import gzip
import hashlib
import os
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Pictures

FILES = {  # name: (sha256, bytes before the first number)
    "train-images-idx3-ubyte.gz": ("b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7", 16),
    "train-labels-idx1-ubyte.gz": ("0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056", 8),
    "t10k-images-idx3-ubyte.gz": ("cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa", 16),
    "t10k-labels-idx1-ubyte.gz": ("8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05", 8),
}

type Answers = npt.NDArray[np.int64]  # the right class of each picture, 0..9


class MissingDataError(FileNotFoundError):
    """Fashion-MNIST is not on this machine; the message says how to get it."""


def train_set() -> tuple[Pictures, Answers]:
    """The 60,000 pictures to learn from: uint8, 60000 x 28 x 28 x 1, and the index of each one's class.

    Raises MissingDataError if the files are missing, and ValueError if their checksums are wrong.
    """
    return _set("train")


def test_set(first: int | None = None) -> tuple[Pictures, Answers]:
    """The 10,000 pictures to test on, or the first of them, as from `train_set`. No network learns from them."""
    pictures, answers = _set("t10k")
    return pictures[:first], answers[:first]


def _set(name: str) -> tuple[Pictures, Answers]:
    pictures = np.frombuffer(_numbers(f"{name}-images-idx3-ubyte.gz"), np.uint8).reshape(-1, 28, 28, 1)
    return pictures, np.frombuffer(_numbers(f"{name}-labels-idx1-ubyte.gz"), np.uint8).astype(np.int64)


@cache
def _numbers(name: str) -> bytes:
    """The content of a file after its header."""
    sha256, header = FILES[name]
    path = Path(os.environ.get("FASHION_MNIST") or "/usr/share/datasets/fashion-mnist") / name
    if not path.exists():
        raise MissingDataError(
            f"Fashion-MNIST is not on this machine ({path}). On Debian or Ubuntu, run `apt-get install "
            "dataset-fashion-mnist` as root. Elsewhere, put its four files into a folder, and set the environment "
            "variable FASHION_MNIST to that folder."
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{path} is not the file that it should be (its sha256 differs). Install it again.")
    return gzip.decompress(content)[header:]
