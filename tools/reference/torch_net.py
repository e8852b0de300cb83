"""Any of our networks in PyTorch, as its prototxt says: an independent judge of Caffe's numbers, and Caffe's rival.

PyTorch is this environment's own if it has it, else Debian's python3-torch, whose folder comes last on the path, so
that it stands in for nothing that is pinned here. ImportError where there is neither.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tricknet.arrays import Doubles, Picture
from tricknet.networks.classifier import Classifier

try:
    import torch
except ModuleNotFoundError:
    sys.path.append("/usr/lib/python3/dist-packages")
    import torch
from torch.nn import functional as F  # noqa: N812 - as everybody calls it


def sliced_lrn(x: torch.Tensor, size: int, alpha: float, beta: float, k: float) -> torch.Tensor:
    """Local response normalisation by hand, several times as fast as PyTorch's: sums of shifted channels, and roots."""
    square, channels = F.pad(x * x, (0, 0, 0, 0, size // 2, size // 2)), x.shape[1]
    root = (k + alpha / size * sum(square[:, i : i + channels] for i in range(size))).rsqrt()
    return x * root * root.sqrt()  # beta is 0.75


class TorchNet:
    """The network of a prototxt with these weights, by layer.

    dtype, layout: PyTorch's types of number and of memory. lrn: PyTorch's normalisation, or `sliced_lrn`.
    """

    def __init__(
        self,
        prototxt: Path,
        parameters: Mapping[str, Sequence[np.ndarray]],
        *,
        dtype: torch.dtype = torch.float64,
        layout: torch.memory_format = torch.contiguous_format,
        lrn: Callable[..., torch.Tensor] = F.local_response_norm,
    ) -> None:
        self.layers = text_format.Parse(prototxt.read_text(), caffe_pb2.NetParameter()).layer
        self.arrays = {
            name: [
                torch.tensor(a, dtype=dtype).to(memory_format=layout if a.ndim == 4 else torch.preserve_format)
                for a in arrays
            ]
            for name, arrays in parameters.items()
        }
        self.lrn = lrn

    def __call__(self, data: torch.Tensor) -> dict[str, torch.Tensor]:
        """Every blob, from a batch as Caffe has it: BGR, mean subtracted, n x channels x height x width."""
        blobs = {"data": data}
        for layer in self.layers:
            if layer.type != "Input":
                blobs[layer.top[0]] = self._top(layer, *(blobs[name] for name in layer.bottom))
        return blobs

    def _top(self, layer: Any, x: torch.Tensor, *more: torch.Tensor) -> torch.Tensor:
        """What one layer makes of its bottoms."""
        weights, bias = (*self.arrays.get(layer.name, ()), None, None)[:2]
        match layer.type:
            case "Convolution":
                p = layer.convolution_param
                return F.conv2d(x, weights, bias, (*p.stride, 1)[0], (*p.pad, 0)[0], groups=p.group)
            case "ReLU":
                return F.relu(x, inplace=True)
            case "ReLU6":
                return F.relu6(x, inplace=True)
            case "Pooling" if layer.pooling_param.pool == layer.pooling_param.AVE:
                return x.mean(dim=(2, 3), keepdim=True)
            case "Pooling":
                p = layer.pooling_param
                return F.max_pool2d(x, p.kernel_size, p.stride, p.pad, ceil_mode=True)
            case "LRN":
                p = layer.lrn_param
                return self.lrn(x, p.local_size, p.alpha, p.beta, p.k)
            case "Concat":
                return torch.cat((x, *more), dim=1)
            case "Eltwise":
                return x + sum(more)
            case "InnerProduct":
                return F.linear(x.flatten(1), weights, bias)
            case "Softmax":
                return x.softmax(1)
        raise NotImplementedError(layer.type)


def blobs_of(model: Classifier, picture: Picture) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """(a picture as float64, height x width x channels, to go back to; every blob that the network makes of it)."""
    x = torch.tensor(picture, dtype=torch.float64, requires_grad=True)
    data = (x - torch.tensor(model.mean, dtype=torch.float64)).flip(2).permute(2, 0, 1)[None]
    return x, TorchNet(model.prototxt, model.parameters)(data)


def gradient(model: Classifier, picture: Picture, inside: list[int], weight: float) -> Doubles:
    """The gradient of weight * log P(inside), height x width x channels."""
    x, blobs = blobs_of(model, picture)
    (weight * blobs[model.logits].flatten().log_softmax(0)[inside].logsumexp(0)).backward()
    return x.grad.numpy()
