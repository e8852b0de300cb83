"""Between Caffe's BlobProto messages and NumPy arrays. Pictures are loaded by whoever has them, not here."""

import numpy as np
from caffe.proto import caffe_pb2


def blobproto_to_array(blob: caffe_pb2.BlobProto) -> np.ndarray:
    """The numbers of `blob` as a float32 array, in the blob's shape (the old four-field shape is understood too)."""
    shape = blob.shape.dim if blob.HasField("shape") else (blob.num, blob.channels, blob.height, blob.width)
    return np.array(blob.data, dtype=np.float32).reshape(tuple(shape))


def array_to_blobproto(array: np.ndarray) -> caffe_pb2.BlobProto:
    """A BlobProto that holds `array` as float32."""
    blob = caffe_pb2.BlobProto()
    blob.shape.dim.extend(array.shape)
    blob.data.extend(np.asarray(array, dtype=np.float32).ravel())
    return blob
