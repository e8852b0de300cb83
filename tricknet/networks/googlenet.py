"""GoogLeNet: the article's network (Szegedy et al. 2014), as BVLC trained it."""

from tricknet.networks.classifier import Trained
from tricknet.networks.layers import Prototxt

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


TRAINED = {"GoogLeNet": Trained("bvlc_googlenet.caffemodel", "loss3/classifier")}


def prototxt() -> str:
    """BVLC GoogLeNet's deploy.prototxt, for a 224 x 224 picture.

    Dropout is left out: it only acts in training, and is the identity here.
    """
    net = Prototxt("GoogleNet", "GoogLeNet, as BVLC trained it, giving the picture's gradient.", 224)
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


def inception(net: Prototxt, name: str, x: str, *channels: int) -> str:
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
