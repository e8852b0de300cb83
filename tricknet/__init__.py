"""Panda to Vulture: ask a neural network what it sees, ask it for its gradient, and talk it into something else."""

from tricknet import images
from tricknet.attacks.least import smallest
from tricknet.attacks.trick import Trick, make_less_like, trick, tricks
from tricknet.networks.classifier import (
    MEAN,
    NO_MEAN,
    Classifier,
    EfficientNetLite0,
    FashionNet,
    GoogLeNet,
    Prediction,
    SqueezeNet,
    default_model,
)
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Channel, Class, Logit, Margin, Objective, Probability, Strength

__all__ = [
    "MEAN",
    "NO_MEAN",
    "Channel",
    "Class",
    "Classifier",
    "EfficientNetLite0",
    "FashionNet",
    "GoogLeNet",
    "Labels",
    "Logit",
    "Margin",
    "Objective",
    "Prediction",
    "Probability",
    "SqueezeNet",
    "Strength",
    "Trick",
    "default_model",
    "images",
    "make_less_like",
    "smallest",
    "trick",
    "tricks",
]
