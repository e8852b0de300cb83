"""Writes the deploy.prototxt of GoogLeNet, SqueezeNet v1.1, EfficientNet-Lite0 and FashionNet from compact tables.

`python -m tricknet.networks.layers` (re)writes the files in the models folder. Layers and blobs are
named as in the trained weights, since Caffe matches weights to layers by name.

All networks give the gradient of the picture, and of nothing else. Caffe's `force_backward: true`
would compute every weight's gradient too, a third of the backward pass for numbers nobody reads.
Three settings avoid that:

* `loss_weight: 1` on `prob`: Caffe only goes backward through what leads to a loss;
* `propagate_down: true` on the first convolution: go on, down to the picture;
* `lr_mult: 0` on every weight: compute no gradient for it. The one exception is the first
  convolution's bias (64 numbers): a layer of which nothing is learnt is skipped, picture and all.

FashionNet is trained here (learn.py). Its text for training asks for every gradient.
"""

import re

from tricknet import files
from tricknet.paths import models_folder

# Szegedy et al., "Going Deeper with Convolutions" (2014), Table 1: channels of each branch.
INCEPTION = {
    # 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}

# SqueezeNet v1.1 (Iandola et al. 2016, then revised): channels of each fire module.
FIRE = {
    # squeeze 1x1, expand 1x1 (the expand 3x3 branch has as many)
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}

# EfficientNet-Lite0 (Tan and Le 2019, made lighter by Google in 2020): its stages, each of several blocks.
STAGES = (
    # blocks, window, stride of the first block, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)

# The size of a pixel value, about. Where activations are this large, weights are small by as much, and so are the steps
# that they learn by.
PIXEL = 128

# FashionNet, which lesson 14 trains: channels of two 5x5 convolutions, then of a fully connected layer.
FASHION = (32, 64, 64)


class Network:
    """A network's text under construction. Each method adds a layer and returns its top blob.

    learns: is it to be trained? Then its weights begin as random numbers, of a size that keeps the activations' size
    from layer to layer (He et al. 2015), and every gradient is computed.
    """

    def __init__(self, name: str, comment: str, side: int, *, channels: int = 3, learns: bool = False):
        """Start with an input blob "data" of shape (1, channels, side, side)."""
        self.text = (
            f"# {comment}\n"
            "# Written by `python -m tricknet.networks.layers`: change the table there, not this file.\n"
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
        self._layer(
            name,
            "Convolution",
            [bottom],
            *first,
            *self._rates(bottom),
            f"convolution_param {{ {size}{self._filler(bottom, kernel)} }}",
        )
        relu = re.sub(r"([^/]+?)(_s2)?$", r"relu_\1", name)  # conv1/7x7_s2 -> conv1/relu_7x7
        return self._layer(relu, then, [name], top=name) if then else name

    def max_pool(self, name: str, bottom: str, stride: int = 2, pad: int = 0, kernel: int = 3) -> str:
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


def googlenet() -> str:
    """BVLC GoogLeNet's deploy.prototxt, for a 224 x 224 picture.

    Dropout is left out: it only acts in training, and is the identity here.
    """
    net = Network("GoogleNet", "GoogLeNet, as BVLC trained it, giving the picture's gradient.", 224)
    x = net.conv("conv1/7x7_s2", "data", 64, 7, pad=3, stride=2)
    x = net.max_pool("pool1/3x3_s2", x)
    x = net.normalise("pool1/norm1", x)
    x = net.conv("conv2/3x3_reduce", x, 64, 1)
    x = net.conv("conv2/3x3", x, 192, 3, pad=1)
    x = net.normalise("conv2/norm2", x)
    x = net.max_pool("pool2/3x3_s2", x)
    for row, channels in INCEPTION.items():
        x = inception(net, f"inception_{row}", x, *channels)
        if row in ("3b", "4e"):
            x = net.max_pool(f"pool{row[0]}/3x3_s2", x)
    x = net.mean_pool("pool5/7x7_s1", x, "kernel_size: 7")
    x = net.full("loss3/classifier", x, 1000)
    net.softmax(x)
    return net.text


def inception(net: Network, name: str, x: str, *channels: int) -> str:
    """An inception module: four branches look at the same input in windows of different sizes."""
    one, reduce3, three, reduce5, five, proj = channels
    branch1 = net.conv(f"{name}/1x1", x, one, 1)
    branch3 = net.conv(f"{name}/3x3_reduce", x, reduce3, 1)
    branch3 = net.conv(f"{name}/3x3", branch3, three, 3, pad=1)
    branch5 = net.conv(f"{name}/5x5_reduce", x, reduce5, 1)
    branch5 = net.conv(f"{name}/5x5", branch5, five, 5, pad=2)
    pooled = net.max_pool(f"{name}/pool", x, stride=1, pad=1)
    pooled = net.conv(f"{name}/pool_proj", pooled, proj, 1)
    return net.concat(f"{name}/output", [branch1, branch3, branch5, pooled])


def squeezenet() -> str:
    """SqueezeNet v1.1's deploy.prototxt, for a 224 x 224 picture: trained on 227, its layers fit both.

    Its logits are blob "pool10".
    """
    net = Network("SqueezeNet v1.1", "SqueezeNet v1.1, giving the picture's gradient.", 224)
    x = net.conv("conv1", "data", 64, 3, stride=2)
    x = net.max_pool("pool1", x)
    for name, channels in FIRE.items():
        x = fire(net, name, x, *channels)
        if name in ("fire3", "fire5"):
            x = net.max_pool(f"pool{name[-1]}", x)
    x = net.conv("conv10", x, 1000, 1)
    x = net.mean_pool("pool10", x, "global_pooling: true")
    net.softmax(x)
    return net.text


def fire(net: Network, name: str, x: str, squeezed: int, expanded: int) -> str:
    """A fire module: few channels in, many out, so that most weights meet few channels."""
    x = net.conv(f"{name}/squeeze1x1", x, squeezed, 1)
    branch1 = net.conv(f"{name}/expand1x1", x, expanded, 1)
    branch3 = net.conv(f"{name}/expand3x3", x, expanded, 3, pad=1)
    return net.concat(f"{name}/concat", [branch1, branch3])


def efficientnet_lite0() -> str:
    """EfficientNet-Lite0's deploy.prototxt, for a 224 x 224 picture.

    Its batch normalisation is folded into the convolutions' weights: with fixed statistics it is one factor and one
    shift per channel. Dropout is left out, as in GoogLeNet.
    """
    net = Network("EfficientNet-Lite0", "EfficientNet-Lite0, giving the picture's gradient.", 224)
    x = net.conv("stem", "data", 32, *halving(3), then="ReLU6")
    channels, blocks = 32, 0
    for repeats, window, stride, expansion, wanted in STAGES:
        for first in (True, *[False] * (repeats - 1)):
            blocks += 1
            size = halving(window) if first and stride == 2 else (window, window // 2, 1)
            x = block(
                net,
                f"block{blocks}",
                x,
                channels=(channels, expansion * channels, wanted),
                size=size,
                add=not first,
            )
            channels = wanted
    x = net.conv("head", x, 1280, 1, then="ReLU6")
    x = net.mean_pool("pool", x, "global_pooling: true")
    x = net.full("classifier", x, 1000)
    net.softmax(x)
    return net.text


def block(
    net: Network, name: str, x: str, *, channels: tuple[int, int, int], size: tuple[int, int, int], add: bool
) -> str:
    """Many channels, a window over each of them alone ("depthwise"), few channels; added to the input if told so."""
    before, within, after = channels
    kernel, pad, stride = size
    y = x if within == before else net.conv(f"{name}/expand", x, within, 1, then="ReLU6")
    y = net.conv(f"{name}/depthwise", y, within, kernel, pad, stride, group=within, then="ReLU6")
    y = net.conv(f"{name}/project", y, after, 1, then="")
    return net.add(f"{name}/sum", [x, y]) if add else y


def halving(window: int) -> tuple[int, int, int]:
    """Kernel, padding and stride of a convolution that halves the picture as TensorFlow does it.

    TensorFlow pads one pixel less above and on the left than below and on the right; Caffe pads all sides alike. A
    kernel with a first row and a first column of zeros in addition does the same. The trained weights get those.
    """
    return window + 1, window // 2, 2


def fashion(learns: bool = False) -> str:
    """FashionNet, for pictures of 28 x 28 x 1 (pixel values 0..255) and ten classes; its logits are blob "scores"."""
    first, second, hidden = FASHION
    net = Network("FashionNet", "FashionNet, giving the picture's gradient.", 28, channels=1, learns=learns)
    x = net.max_pool("pool1", net.conv("conv1", "data", first, 5), kernel=2)
    x = net.max_pool("pool2", net.conv("conv2", x, second, 5), kernel=2)
    x = net.relu(net.full("hidden", x, hidden))
    x = net.full("scores", x, 10)
    (net.loss if learns else net.softmax)(x)
    return net.text


NETWORKS = {"googlenet": googlenet, "squeezenet": squeezenet, "efficientnet-lite0": efficientnet_lite0}

if __name__ == "__main__":
    for folder, write in {**NETWORKS, "fashion": fashion}.items():
        path = models_folder() / folder / "deploy.prototxt"
        print(f"wrote {files.write(path, write().encode())}")
