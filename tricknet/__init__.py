"""Panda to Vulture: ask a neural network what it sees, ask it for its gradient, and talk it into something else."""

from tricknet import images
from tricknet.attacks.least import smallest
from tricknet.attacks.trick import Trick, make_less_like, trick
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.efficientnet_lite0 import EfficientNetLite0
from tricknet.networks.fashion import FashionNet
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.labels import Labels
from tricknet.networks.layers import MEAN, NO_MEAN
from tricknet.networks.objectives import Channel, Class, Logit, Margin, Objective, Probability, Strength
from tricknet.networks.squeezenet import SqueezeNet
