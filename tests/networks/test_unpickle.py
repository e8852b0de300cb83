"""Does the unpickler read arrays and tensors as they were written, and refuse whatever else a pickle holds?"""

import io
import pickle

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


def test_tensors_are_read_as_pytorch_wrote_them(torch):
    whole = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    tensors = {"whole": whole, "turned": whole.permute(2, 0, 1), "part": whole[1, :, 1:3], "count": torch.tensor(7)}
    torch.save(tensors, file := io.BytesIO(), _use_new_zipfile_serialization=False)  # as PyTorch did before 1.6
    file.seek(0)
    read = read_tensors(file)
    assert list(read) == list(tensors)
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(read[name], tensor.numpy())
