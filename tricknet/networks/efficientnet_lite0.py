"""EfficientNet-Lite0: a network of another family."""

from tricknet.networks.classifier import Trained
from tricknet.networks.layers import Prototxt

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


# It was trained on (x - 127) / 128; the 128 is in its weights.
TRAINED = {"EfficientNet-Lite0": Trained("efficientnet-lite0.caffemodel", "classifier", (127, 127, 127))}


def prototxt() -> str:
    """EfficientNet-Lite0's deploy.prototxt, for a 224 x 224 picture.

    Its batch normalisation is folded into the convolutions' weights: with fixed statistics it is one factor and one
    shift per channel. Dropout is left out, as in GoogLeNet.
    """
    net = Prototxt("EfficientNet-Lite0", "EfficientNet-Lite0, giving the picture's gradient.", 224)
    x = net.conv("stem", "data", 32, *halving(3), then="ReLU6")
    channels, blocks = 32, 0
    for repeats, window, stride, expansion, outputs in STAGES:
        for first in (True, *[False] * (repeats - 1)):
            blocks += 1
            size = halving(window) if first and stride == 2 else (window, window // 2, 1)
            widths = (channels, expansion * channels, outputs)
            x = block(net, f"block{blocks}", x, channels=widths, size=size, add=not first)
            channels = outputs
    x = net.conv("head", x, 1280, 1, then="ReLU6")
    x = net.mean_pool("pool", x, "global_pooling: true")
    x = net.full("classifier", x, 1000)
    net.softmax(x)
    return net.text


def block(
    net: Prototxt, name: str, x: str, *, channels: tuple[int, int, int], size: tuple[int, int, int], add: bool
) -> str:
    """Many channels, a window over each of them alone ("depthwise"), few channels; added to the input if `add`."""
    before, within, after = channels
    kernel, pad, stride = size
    y = x if within == before else net.conv(f"{name}/expand", x, within, 1, then="ReLU6")
    y = net.conv(f"{name}/depthwise", y, within, kernel, pad, stride, group=within, then="ReLU6")
    y = net.conv(f"{name}/project", y, after, 1, then="")
    return net.add(f"{name}/sum", [x, y]) if add else y


def halving(window: int) -> tuple[int, int, int]:
    """Kernel, padding and stride of a convolution that halves the picture as TensorFlow does it.

    TensorFlow pads one pixel less above and on the left than below and on the right; Caffe pads all sides alike. A
    kernel with an extra row of zeros above and an extra column on the left does the same, so the weights get these.
    """
    return window + 1, window // 2, 2
