"""Arrays out of other people's pickles, which could run any program: this unpickler resolves no name but those below,
and reads PyTorch's files without PyTorch, which would be the largest package in the image.
"""

import collections
import pickle
from typing import IO, Any

import numpy as np
import numpy.typing as npt

# What a network's `read` makes of a package: layer -> weights and bias, in Caffe's order.
type Layers = dict[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]


def _tensor(storage: Any, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Any:
    """A part of a storage. NumPy raises ValueError if it would reach outside."""
    item = storage.itemsize
    return np.ndarray(shape, storage.dtype, storage, offset * item, [step * item for step in stride])


NAMES: dict[tuple[str, str], Any] = {
    # The function behind every pickled array, as NumPy 1 called it.
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch", "FloatStorage"): "<f4",
    ("torch", "LongStorage"): "<i8",
}


class ArrayUnpickler(pickle.Unpickler):
    """Reads NumPy's arrays, and PyTorch's tensors as such. Raises pickle.UnpicklingError at anything else."""

    def __init__(self, file: IO[bytes]):
        super().__init__(file)
        self.storages: dict[str, Any] = {}  # the memory that tensors share, to be filled afterwards

    def find_class(self, module: str, name: str) -> Any:
        """The one thing that unpickling resolves by name."""
        if (module, name) not in NAMES:
            raise pickle.UnpicklingError(f"{module}.{name} is not an array: refused")
        return NAMES[module, name]

    def persistent_load(self, pid: Any) -> Any:
        """The storage that a tensor is a part of."""
        _, dtype, key, _, count, _ = pid
        return self.storages.setdefault(key, np.zeros(count, dtype))


def read_tensors(file: IO[bytes]) -> dict[str, Any]:
    """The arrays, by name, in a file that torch.save wrote before PyTorch 1.6.

    The file holds five pickles (a magic number, a version, a note on the machine, the tensors, the list of storages),
    and then the storages: for each a count and that many numbers, little endian.
    """
    for _ in range(3):
        ArrayUnpickler(file).load()
    unpickler = ArrayUnpickler(file)
    tensors: dict[str, Any] = unpickler.load()
    for key in ArrayUnpickler(file).load():
        storage = unpickler.storages[key]
        storage[:] = np.frombuffer(file.read(8 + storage.nbytes)[8:], storage.dtype)
    return tensors
