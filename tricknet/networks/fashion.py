"""FashionNet: a small network for grey pictures of clothes, which lesson 14 trains (tricknet/training.py)."""

from functools import partial
from pathlib import Path

from tricknet.networks.classifier import Classifier
from tricknet.networks.layers import Network
from tricknet.networks.trained import load_network

# Channels of two 5x5 convolutions, then of a fully connected layer.
CHANNELS = (32, 64, 256)


def FashionNet(kind: str = "plain") -> Classifier:  # noqa: N802 - the network's own name
    """The network of lesson 14, trained on Fashion-MNIST, for pictures of 28 x 28 x 1.

    kind: "plain", or "robust" if adversarially trained. models/fashion/README.md says how.
    """
    return with_weights(f"{kind}.caffemodel", f"FashionNet {kind}")


NETWORKS = {f"FashionNet {kind}": partial(FashionNet, kind) for kind in ("plain", "robust")}


def with_weights(weights: str | Path, name: str) -> Classifier:
    """FashionNet with the weights in a .caffemodel: a file in models/fashion/, or a path."""
    return load_network("fashion", weights, name, logits="scores", mean=(0,))


def plan(learns: bool = False) -> str:
    """FashionNet, for pictures of 28 x 28 x 1 (pixel values 0..255) and ten classes; its logits are blob "scores"."""
    first, second, hidden = CHANNELS
    net = Network("FashionNet", "FashionNet, giving the picture's gradient.", 28, channels=1, learns=learns)
    x = net.max_pool("pool1", net.conv("conv1", "data", first, 5), kernel=2)
    x = net.max_pool("pool2", net.conv("conv2", x, second, 5), kernel=2)
    x = net.relu(net.full("hidden", x, hidden))
    x = net.full("scores", x, 10)
    (net.loss if learns else net.softmax)(x)
    return net.text
