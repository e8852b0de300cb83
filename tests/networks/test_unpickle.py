"""Does the unpickler read arrays and tensors as they were written, and refuse whatever else a pickle holds?"""

import io
import pickle
import struct

import numpy as np
import pytest

from tricknet.networks.unpickle import ArrayUnpickler, read_tensors


def test_the_unpickler_gives_arrays():
    arrays = {"conv1": [np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(2, np.float32)]}
    # As NumPy 1 wrote it: the module has another name by now.
    data = pickle.dumps(arrays, protocol=3).replace(b"numpy._core", b"numpy.core")
    read = ArrayUnpickler(io.BytesIO(data)).load()
    np.testing.assert_array_equal(read["conv1"][0], arrays["conv1"][0])


class Evil:
    def __reduce__(self):
        return print, ("this ran",)


@pytest.mark.parametrize("thing", [Evil(), print, np.sum])
def test_the_unpickler_refuses_all_else(thing, capsys):
    data = pickle.dumps([np.zeros(3, np.float32), thing], protocol=3)
    with pytest.raises(pickle.UnpicklingError, match="refused"):
        ArrayUnpickler(io.BytesIO(data)).load()
    assert capsys.readouterr().out == ""


def as_torch_saves(torch, tensors):
    """What torch.save wrote before PyTorch 1.6, and still does if it is asked."""
    file = io.BytesIO()
    torch.save(tensors, file, _use_new_zipfile_serialization=False)
    return io.BytesIO(file.getvalue())


def test_tensors_are_read_without_pytorch_as_pytorch_wrote_them(torch):
    whole = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    tensors = {"whole": whole, "turned": whole.permute(2, 0, 1), "part": whole[1, :, 1:3], "count": torch.tensor(7)}
    read = read_tensors(as_torch_saves(torch, tensors))
    assert list(read) == list(tensors)
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(read[name], tensor.numpy())


@pytest.mark.parametrize("thing", [Evil(), print, np.sum])
def test_among_tensors_all_else_is_refused(torch, thing, capsys):
    file = as_torch_saves(torch, {"a": torch.zeros(3), "b": thing})
    with pytest.raises(pickle.UnpicklingError, match="refused"):
        read_tensors(file)
    assert capsys.readouterr().out == ""


def test_a_tensor_outside_its_storage_is_refused(torch):
    """As strides would let it read memory of others: here the offset 2 becomes 200."""
    data = as_torch_saves(torch, {"a": torch.zeros(5)[2:]}).getvalue()
    offset, far = (b"Q" + b"K" + struct.pack("B", n) for n in (2, 200))
    assert data.count(offset) == 1
    with pytest.raises(pickle.UnpicklingError, match="outside its storage"):
        read_tensors(io.BytesIO(data.replace(offset, far)))


def test_what_torch_did_not_save_is_refused():
    with pytest.raises(pickle.UnpicklingError, match="PyTorch has not written this file"):
        read_tensors(io.BytesIO(pickle.dumps(1) + pickle.dumps(2)))
