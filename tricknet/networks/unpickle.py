"""Arrays out of other people's pickles, and nothing else. A pickle can run any program; these unpicklers know no name
but the few that arrays are made of.
"""

import collections
import pickle
from typing import IO, Any, ClassVar

import numpy as np
import numpy.typing as npt

# What a network's `read` makes of a package: layer -> weights and bias, in Caffe's order.
type Layers = dict[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]


class PickyUnpickler(pickle.Unpickler):
    """Reads what is made of the names it knows, and refuses whatever else a pickle may try to run."""

    ALLOWED: ClassVar[dict[tuple[str, str], Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The one thing that unpickling resolves by name. Raises pickle.UnpicklingError."""
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not an array: refused") from None


class ArrayUnpickler(PickyUnpickler):
    """Reads NumPy arrays."""

    ALLOWED: ClassVar = {
        # The function behind every pickled array; its module's name depends on NumPy's version.
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }


def read_tensors(file: IO[bytes]) -> dict[str, Any]:
    """The arrays, by name, in a file that torch.save wrote before PyTorch 1.6: read without PyTorch.

    The file holds five pickles (a magic number, a version, a note on the machine, the tensors, the list of storages),
    and then the storages: for each a count and that many numbers, little endian.
    """
    if [TensorUnpickler(file).load() for _ in range(2)] != [0x1950A86A20F9469CFC6C, 1001]:
        raise pickle.UnpicklingError("PyTorch has not written this file, or a version from 1.6 on has")
    TensorUnpickler(file).load()
    unpickler = TensorUnpickler(file)
    tensors: dict[str, Any] = unpickler.load()
    for key in TensorUnpickler(file).load():
        storage = unpickler.storages[key]
        (count,) = np.frombuffer(file.read(8), "<i8")
        storage[:] = np.frombuffer(file.read(int(count) * storage.itemsize), storage.dtype)
    return tensors


class TensorUnpickler(PickyUnpickler):
    """Reads tensors as NumPy arrays. They share the memory of `storages`, to be filled afterwards."""

    def __init__(self, file: IO[bytes]):
        super().__init__(file)
        self.storages: dict[str, Any] = {}

    def persistent_load(self, pid: Any) -> Any:
        """The storage that a tensor is a part of. Raises pickle.UnpicklingError for anything else."""
        kind, dtype, key, _, count, _ = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"{kind} is not a storage of numbers: refused")
        return self.storages.setdefault(key, np.zeros(count, dtype))

    @staticmethod
    def _tensor(storage: Any, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Any:
        """What torch._utils._rebuild_tensor_v2 does, inside the storage."""
        last = offset + sum((n - 1) * step for n, step in zip(shape, stride, strict=True))
        if min((offset, *stride)) < 0 or last >= len(storage):
            raise pickle.UnpicklingError("a tensor reaches outside its storage: refused")
        steps = [step * storage.itemsize for step in stride]
        return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps)

    ALLOWED: ClassVar = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        ("torch", "FloatStorage"): "<f4",
        ("torch", "LongStorage"): "<i8",
    }
