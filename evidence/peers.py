"""GoogLeNet on Caffe as a network of PyTorch, so that other libraries attack the very network that judges them.

Needs Debian's python3-torch and requirements/evidence.txt: `scripts/setup.sh evidence`.
"""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from packaging.version import Version

from tricknet.arrays import Floats, Pictures
from tricknet.networks.classifier import Classifier

type Watch = Callable[[Floats, Floats], object]  # takes the pictures shown (n x 224 x 224 x 3) and the probabilities

# What adv-lib imports besides: two libraries that nothing here needs, and one that Python has no longer.
STAND_INS: dict[str, dict[str, Any]] = {
    "torchvision": {"models": None},
    "visdom": {"Visdom": None},
    "distutils": {},
    "distutils.version": {"LooseVersion": Version},
}


def libraries(*names: str) -> list[Any]:
    """PyTorch, and these libraries of attacks. Ends the script with a sentence if one is not installed."""
    for module, contents in STAND_INS.items():
        vars(sys.modules.setdefault(module, ModuleType(module))).update(contents)
    try:
        importlib.import_module("tools.reference.torch_net")  # which knows where Debian has PyTorch
        return [*map(importlib.import_module, ("torch", *names))]
    except ImportError as error:
        sys.exit(f"NO PEERS MEASURED: {error}. Install them as peers.py says at its top, and run it again.")


def as_torch(model: Classifier, *, rounded: bool = False, watch: Watch = lambda shown, said: None) -> Any:
    """A torch.nn.Module from what the libraries expect (RGB 0..1, n x 3 x height x width) to the model's logits.

    Caffe computes both passes. Only the last forward pass can be followed backwards. rounded: the network sees whole
    numbers, as in `trick`, whatever it is shown; the gradient passes through the rounding as if there were none. watch:
    is told of each forward pass. `gradients` counts the backward passes.
    """
    (torch,) = libraries()
    net = model._whole

    class Ask(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            shown = 255 * x.numpy().transpose(0, 2, 3, 1)
            shown = np.rint(shown) if rounded else shown
            net.forward(shown, "prob")
            watch(shown, net.activations("prob").reshape(len(x), -1).copy())
            return torch.tensor(net.activations(model.logits).reshape(len(x), -1))

        @staticmethod
        def backward(context, slopes):
            asked.gradients += 1
            shape = net.activations(model.logits).shape
            gradient = net.backward({model.logits: slopes.numpy().astype(np.float64).reshape(shape)})
            return torch.tensor(255 * gradient.transpose(0, 3, 1, 2))

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.ones(()))  # the libraries look at a parameter to find the device
            self.gradients = 0

        def forward(self, x):
            return Ask.apply(x)

    asked = Network().eval()
    return asked


def on_pictures(attack: Callable[[Any, Any], Any], pictures: Pictures, targets: list[int]) -> np.ndarray:
    """What an attack on tensors makes of pictures (uint8, n x height x width x 3): the same in pixel values."""
    (torch,) = libraries()
    torch.manual_seed(0)
    x = torch.tensor(pictures).permute(0, 3, 1, 2) / 255
    return 255 * attack(x, torch.tensor(targets)).detach().permute(0, 2, 3, 1).numpy()
