"""Panda to Vulture: ask a neural network what it sees, ask it for its gradient, and talk it into something else."""

from tricknet import images
from tricknet.attacks.result import Trick
from tricknet.attacks.trick import make_less_like, trick
from tricknet.networks import load
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.labels import Labels
from tricknet.networks.layers import MEAN, NO_MEAN
from tricknet.networks.objectives import Channel, Class, Logit, Margin, Objective, Probability, Strength
