"""GoogLeNet again, in PyTorch, from the same weights: an independent judge of Caffe's numbers.

PyTorch is this environment's own if it has it, else Debian's python3-torch, whose folder comes last on the path, so
that it stands in for nothing that is pinned here. ImportError where there is neither.
"""

import sys
from collections.abc import Callable

import numpy as np

try:
    import torch
except ModuleNotFoundError:
    sys.path.append("/usr/lib/python3/dist-packages")
    import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

INCEPTIONS = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
POOLED_AFTER = {"3b", "4e"}


def _parameter(array: np.ndarray) -> nn.Parameter:
    return nn.Parameter(torch.tensor(np.asarray(array), dtype=torch.float32), requires_grad=False)


class ConvReLU(nn.Module):
    """One trained convolution and the ReLU after it; "same" padding, as everywhere in GoogLeNet."""

    def __init__(self, weight: np.ndarray, bias: np.ndarray, stride: int = 1) -> None:
        super().__init__()
        self.weight, self.bias = _parameter(weight), _parameter(bias.ravel())
        self.stride, self.padding = stride, weight.shape[-1] // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.conv2d(x, self.weight, self.bias, stride=self.stride, padding=self.padding)
        return F.relu(x, inplace=True)


class Inception(nn.Module):
    """Four branches over one input, side by side in the output."""

    def __init__(self, conv: Callable[[str], ConvReLU], name: str) -> None:
        super().__init__()

        def branch(*layers: str) -> nn.Sequential:
            return nn.Sequential(*(conv(f"inception_{name}/{layer}") for layer in layers))

        self.one = branch("1x1")
        self.three = branch("3x3_reduce", "3x3")
        self.five = branch("5x5_reduce", "5x5")
        self.pool = branch("pool_proj")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(pooled)], dim=1)


class TorchLRN(nn.LocalResponseNorm):
    """PyTorch's own local response normalisation, with GoogLeNet's settings."""

    def __init__(self) -> None:
        super().__init__(5, alpha=1e-4, beta=0.75, k=1.0)


class SlicedLRN(nn.Module):
    """The same by hand, several times as fast: sums of shifted channels, and roots for x**-0.75."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        square = F.pad(x * x, (0, 0, 0, 0, 2, 2))
        channels = x.shape[1]
        scale = 1 + 2e-5 * sum(square[:, i : i + channels] for i in range(5))
        root = scale.rsqrt()
        return x * root * root.sqrt()


class GoogLeNetTwin(nn.Module):
    """Float32 (N, 3, 224, 224), BGR, mean subtracted, to `loss3/classifier`'s logits (N, 1000)."""

    def __init__(self, params: dict[str, list[np.ndarray]], lrn: Callable[[], nn.Module] = TorchLRN) -> None:
        super().__init__()

        def conv(name: str, stride: int = 1) -> ConvReLU:
            return ConvReLU(*params[name], stride=stride)

        self.conv1 = conv("conv1/7x7_s2", stride=2)
        self.norm1 = lrn()
        self.conv2_reduce, self.conv2 = conv("conv2/3x3_reduce"), conv("conv2/3x3")
        self.norm2 = lrn()
        self.inceptions = nn.ModuleDict({name: Inception(conv, name) for name in INCEPTIONS})
        weight, bias = params["loss3/classifier"]
        self.weight, self.bias = _parameter(weight.reshape(1000, 1024)), _parameter(bias.ravel())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x)["loss3/classifier"]

    def layers(self, x: torch.Tensor, classifier: bool = True) -> dict[str, torch.Tensor]:
        """The output of each stage, under Caffe's name for it; without the classifier, of pictures of any size."""
        seen = {"conv1/7x7_s2": self.conv1(x)}
        seen["pool1/norm1"] = self.norm1(self._halve(seen["conv1/7x7_s2"]))
        seen["conv2/3x3"] = self.conv2(self.conv2_reduce(seen["pool1/norm1"]))
        x = self._halve(self.norm2(seen["conv2/3x3"]))
        for name, inception in self.inceptions.items():
            x = seen[f"inception_{name}/output"] = inception(x)
            if name in POOLED_AFTER:
                x = self._halve(x)
        if classifier:
            seen["loss3/classifier"] = F.linear(x.mean(dim=(2, 3)), self.weight, self.bias)
        return seen

    @staticmethod
    def _halve(x: torch.Tensor) -> torch.Tensor:
        # Caffe rounds a pooling's output size up.
        return F.max_pool2d(x, 3, stride=2, ceil_mode=True)


def googlenet_twin(net_params: dict[str, list[np.ndarray]], lrn: Callable[[], nn.Module] = TorchLRN) -> nn.Module:
    """A PyTorch module that gives GoogLeNet's logits.

    Args:
        net_params: Layer name, as in deploy.prototxt, to its [weight, bias] arrays; of a loaded net
            ``{name: [blob.data for blob in blobs] for name, blobs in net.params.items()}``.
        lrn: The local response normalisation: `TorchLRN`, or the faster `SlicedLRN`.

    The arrays are copied. Softmax is left to the caller: ``googlenet_twin(params)(x).softmax(1)``.
    """
    return GoogLeNetTwin(net_params, lrn).eval()
