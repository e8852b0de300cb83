"""FashionNet: a small network for grey pictures of clothes, which lesson 15 trains (tricknet/training.py)."""

from tricknet.networks.classifier import Trained
from tricknet.networks.layers import Prototxt

# Channels of two 5x5 convolutions, then of a fully connected layer.
CHANNELS = (32, 64, 256)


# Trained on Fashion-MNIST as it is, and adversarially: models/fashion/README.md says how.
TRAINED = {f"FashionNet {kind}": Trained(f"{kind}.caffemodel", "scores", (0,)) for kind in ("plain", "robust")}


def prototxt(learns: bool = False) -> str:
    """FashionNet, for pictures of 28 x 28 x 1 (pixel values 0..255) and ten classes; its logits are blob "scores"."""
    first, second, hidden = CHANNELS
    net = Prototxt("FashionNet", "FashionNet, giving the picture's gradient.", 28, channels=1, learns=learns)
    x = net.max_pool("pool1", net.conv("conv1", "data", first, 5), kernel=2)
    x = net.max_pool("pool2", net.conv("conv2", x, second, 5), kernel=2)
    x = net.relu(net.full("hidden", x, hidden))
    x = net.full("scores", x, 10)
    (net.loss if learns else net.softmax)(x)
    return net.text
