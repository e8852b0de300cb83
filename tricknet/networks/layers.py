"""Writes a network's deploy.prototxt, layer by layer. Each network's own file has its layers.

Layers and blobs are named as in the trained weights, since Caffe matches weights to layers by name.

All networks give the gradient of the picture, and of nothing else. Caffe's `force_backward: true`
would compute every weight's gradient too, a third of the backward pass for numbers nobody reads.
Three settings avoid that:

* `loss_weight: 1` on `prob`: Caffe only goes backwards through what leads to a loss;
* `propagate_down: true` on the first convolution: go on, down to the picture;
* `lr_mult: 0` on every weight: compute no gradient for it. The one exception is the first
  convolution's bias (64 numbers): a layer of which nothing is learnt is skipped, picture and all.

A network that is to be trained asks for every gradient.
"""

import re

# What is subtracted from each pixel before a network sees it: red, green and blue.
MEAN = (123, 117, 104)  # the training pictures' mean red, green and blue, which was subtracted in training
NO_MEAN = (0, 0, 0)  # the article's preprocessing: it left the mean in, and its numbers hold only this way
# The size of a pixel value, about. Where activations are this large, weights and their steps are small by as much.
PIXEL = 128


class Prototxt:
    """A network's prototxt under construction. Each method adds a layer and returns its top blob.

    learns: is it to be trained? Then its weights begin as random numbers, of a size that keeps the activations' size
    from layer to layer (He et al. 2015), and every gradient is computed.
    """

    def __init__(self, name: str, comment: str, side: int, *, channels: int = 3, learns: bool = False):
        """Start with an input blob "data" of shape (1, channels, side, side)."""
        self.text = (
            f"# {comment}\n"
            "# Written by `python -m tricknet.networks`: change the layers in that folder, not this file.\n"
            f'name: "{name}"\n'
        )
        self.learns = learns
        if learns:
            self.text += "force_backward: true\n"
        shape = f"input_param {{ shape {{ dim: 1 dim: {channels} dim: {side} dim: {side} }} }}"
        self._layer("data", "Input", [], shape)

    def _layer(self, name: str, kind: str, bottoms: list[str], *lines: str, top: str = "") -> str:
        blobs = [f'bottom: "{bottom}"' for bottom in bottoms] + [f'top: "{top or name}"']
        body = [f'name: "{name}"', f'type: "{kind}"', *blobs, *lines]
        self.text += "layer {\n" + "".join(f"  {line}\n" for line in body) + "}\n"
        return top or name

    def _rates(self, bottom: str) -> list[str]:
        """How fast a layer's weights and its bias learn, compared with the rest."""
        weights, bias = (1 / PIXEL if bottom == "data" else 1, 1) if self.learns else (0, int(bottom == "data"))
        return [f"param {{ lr_mult: {weights:g} }}", f"param {{ lr_mult: {bias} }}"]

    def _filler(self, bottom: str, kernel: int = 1) -> str:
        """What a layer's weights begin as, if they are to be learnt."""
        if not self.learns:
            return ""
        if bottom == "data":  # of one channel
            return f' weight_filler {{ type: "gaussian" std: {(2 / kernel**2) ** 0.5 / PIXEL:.3g} }}'
        return ' weight_filler { type: "msra" }'

    def conv(
        self,
        name: str,
        bottom: str,
        channels: int,
        kernel: int,
        pad: int = 0,
        stride: int = 1,
        *,
        group: int = 1,
        then: str = "ReLU",
    ) -> str:
        """A convolution, and its ReLU (or what `then` says, if it says anything), which works in place."""
        first = ["propagate_down: true"] if bottom == "data" and not self.learns else []
        size = f"num_output: {channels} kernel_size: {kernel}"
        size += f" pad: {pad}" * (pad > 0) + f" stride: {stride}" * (stride > 1) + f" group: {group}" * (group > 1)
        size = f"convolution_param {{ {size}{self._filler(bottom, kernel)} }}"
        self._layer(name, "Convolution", [bottom], *first, *self._rates(bottom), size)
        relu = re.sub(r"([^/]+?)(_s2)?$", r"relu_\1", name)  # conv1/7x7_s2 -> conv1/relu_7x7
        return self._layer(relu, then, [name], top=name) if then else name

    def max_pool(self, name: str, bottom: str, *, stride: int = 2, pad: int = 0, kernel: int = 3) -> str:
        """The largest value of each window, which is 3x3 by default."""
        size = f"kernel_size: {kernel} stride: {stride}" + f" pad: {pad}" * (pad > 0)
        return self._layer(name, "Pooling", [bottom], f"pooling_param {{ pool: MAX {size} }}")

    def mean_pool(self, name: str, bottom: str, window: str) -> str:
        """The mean of each channel over a window: all networks use one as large as the picture."""
        return self._layer(name, "Pooling", [bottom], f"pooling_param {{ pool: AVE {window} }}")

    def normalise(self, name: str, bottom: str) -> str:
        """Local response normalisation: strong responses damp their neighbour channels."""
        lrn = "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }"
        return self._layer(name, "LRN", [bottom], lrn)

    def concat(self, name: str, bottoms: list[str]) -> str:
        """The channels of all branches, one after the other."""
        return self._layer(name, "Concat", bottoms)

    def add(self, name: str, bottoms: list[str]) -> str:
        """The sum of blobs of one shape, number by number."""
        return self._layer(name, "Eltwise", bottoms)

    def full(self, name: str, bottom: str, outputs: int) -> str:
        """A fully connected layer: each output is a weighted sum of all inputs."""
        size = f"num_output: {outputs}"
        size = f"inner_product_param {{ {size}{self._filler(bottom)} }}"
        return self._layer(name, "InnerProduct", [bottom], *self._rates(bottom), size)

    def relu(self, bottom: str) -> str:
        """Nothing below zero, in place."""
        return self._layer(f"relu_{bottom}", "ReLU", [bottom], top=bottom)

    def softmax(self, bottom: str) -> str:
        """The end of a network: logits become probabilities."""
        return self._layer("prob", "Softmax", [bottom], "loss_weight: 1")

    def loss(self, bottom: str) -> str:
        """The end of a network in training: minus the mean log-probability of the right classes, the blob "label"."""
        self._layer("label", "Input", [], "input_param { shape { dim: 1 } }")
        return self._layer("loss", "SoftmaxWithLoss", [bottom, "label"])
