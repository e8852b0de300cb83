"""SqueezeNet v1.1: a small network."""

from tricknet.networks.classifier import Trained
from tricknet.networks.layers import Prototxt

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


TRAINED = {"SqueezeNet": Trained("squeezenet_v1.1.caffemodel", "pool10")}


def prototxt() -> str:
    """SqueezeNet v1.1's deploy.prototxt, for a 224 x 224 picture: trained on 227, its layers fit both.

    Its logits are blob "pool10".
    """
    net = Prototxt("SqueezeNet v1.1", "SqueezeNet v1.1, giving the picture's gradient.", 224)
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


def fire(net: Prototxt, name: str, x: str, squeezed: int, expanded: int) -> str:
    """A fire module: few channels in, many out, so that most weights meet few channels."""
    x = net.conv(f"{name}/squeeze1x1", x, squeezed, 1)
    branch1 = net.conv(f"{name}/expand1x1", x, expanded, 1)
    branch3 = net.conv(f"{name}/expand3x3", x, expanded, 3, pad=1)
    return net.concat(f"{name}/concat", [branch1, branch3])
