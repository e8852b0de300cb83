"""Does the unpickler read arrays and tensors as they were written, and refuse whatever else a pickle holds?"""

import io
import pickle
import struct

import numpy as np
import pytest

from tricknet.networks.unpickle import ArrayUnpickler, read_tensors


def test_arrays_are_read():
    arrays = [np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(2, np.float32)]
    # As NumPy 1 wrote it: the module has another name by now.
    data = pickle.dumps(arrays, protocol=3).replace(b"numpy._core", b"numpy.core")
    for ours, theirs in zip(ArrayUnpickler(io.BytesIO(data)).load(), arrays, strict=True):
        np.testing.assert_array_equal(ours, theirs)


class Evil:
    def __reduce__(self):
        return print, ("this ran",)


@pytest.mark.parametrize("thing", [Evil(), print, np.sum])
def test_all_else_is_refused(thing, capsys):
    data = pickle.dumps([np.zeros(3, np.float32), thing], protocol=3)
    with pytest.raises(pickle.UnpicklingError):
        ArrayUnpickler(io.BytesIO(data)).load()
    assert capsys.readouterr().out == ""


def as_torch_saves(torch, tensors):
    """What torch.save wrote before PyTorch 1.6, and still does if it is asked."""
    torch.save(tensors, file := io.BytesIO(), _use_new_zipfile_serialization=False)
    return file.getvalue()


def test_tensors_are_read_as_pytorch_wrote_them(torch):
    whole = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    tensors = {"whole": whole, "turned": whole.permute(2, 0, 1), "part": whole[1, :, 1:3], "count": torch.tensor(7)}
    read = read_tensors(io.BytesIO(as_torch_saves(torch, tensors)))
    assert list(read) == list(tensors)
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(read[name], tensor.numpy())


def test_a_tensor_outside_its_storage_is_refused(torch):
    """As strides would let it read memory of others: here the offset 2 becomes 200."""
    data = as_torch_saves(torch, {"a": torch.zeros(5)[2:]})
    offset, far = (b"Q" + b"K" + struct.pack("B", n) for n in (2, 200))
    assert data.count(offset) == 1
    with pytest.raises(ValueError):
        read_tensors(io.BytesIO(data.replace(offset, far)))
