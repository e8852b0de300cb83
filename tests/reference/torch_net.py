"""Any of our networks in PyTorch and float64, read from its prototxt: it decides where two float32 gradients differ."""

from typing import Any

import numpy as np
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tests.reference.torch_twin import F, torch
from tricknet.arrays import Doubles, Picture
from tricknet.networks.classifier import Classifier


def gradient(model: Classifier, picture: Picture, inside: list[int], weight: float) -> Doubles:
    """The gradient of weight * log P(inside), height x width x channels."""
    x = torch.tensor(picture, dtype=torch.float64) - torch.tensor(model.mean, dtype=torch.float64)
    x = x.flip(2).permute(2, 0, 1)[None].requires_grad_()
    objective = weight * logits(model, x).flatten().log_softmax(0)[inside].logsumexp(0)
    (slope,) = torch.autograd.grad(objective, x)
    return slope[0].flip(0).permute(1, 2, 0).numpy()


def logits(model: Classifier, data: Any) -> Any:
    """The scores of a batch, as Caffe has it: BGR, mean subtracted, (N, channels, height, width)."""
    blobs = {"data": data}
    for layer in text_format.Parse(model.prototxt.read_text(), caffe_pb2.NetParameter()).layer:
        if layer.type not in ("Input", "Softmax"):
            arrays = [torch.tensor(np.float64(array)) for array in model.parameters.get(layer.name, ())]
            blobs[layer.top[0]] = LAYERS[layer.type](layer, arrays, *(blobs[name] for name in layer.bottom))
    return blobs[model.logits]


def _convolved(layer: Any, arrays: list[Any], x: Any) -> Any:
    settings = layer.convolution_param
    weights, bias = (*arrays, None)[:2]
    return F.conv2d(x, weights, bias, (*settings.stride, 1)[0], (*settings.pad, 0)[0], groups=settings.group)


def _pooled(layer: Any, _: list[Any], x: Any) -> Any:
    settings = layer.pooling_param
    if settings.pool == settings.AVE:
        return x.mean(dim=(2, 3), keepdim=True)
    return F.max_pool2d(x, settings.kernel_size, settings.stride, settings.pad, ceil_mode=True)


def _normalised(layer: Any, _: list[Any], x: Any) -> Any:
    settings = layer.lrn_param
    return F.local_response_norm(x, settings.local_size, settings.alpha, settings.beta, settings.k)


LAYERS = {
    "Convolution": _convolved,
    "ReLU": lambda layer, _, x: F.relu(x),
    "ReLU6": lambda layer, _, x: F.relu6(x),
    "Pooling": _pooled,
    "LRN": _normalised,
    "Concat": lambda layer, _, *all_of_them: torch.cat(all_of_them, dim=1),
    "Eltwise": lambda layer, _, *all_of_them: sum(all_of_them),
    "InnerProduct": lambda layer, arrays, x: F.linear(x.flatten(1), *arrays),
}
