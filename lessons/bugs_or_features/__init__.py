"""Bugs or features? Pictures that move towards a class each, and networks that learn from them alone."""

from functools import partial

from tricknet import Classifier
from tricknet import training as learn
from tricknet.arrays import Pictures
from tricknet.attacks.steps import walk
from tricknet.counting import Tables
from tricknet.fashion_mnist import Answers
from tricknet.networks.objectives import Class, Objective
from tricknet.progress import bar

table = Tables("bugs_or_features")


def trick_towards(model: Classifier, pictures: Pictures, classes: Answers) -> Pictures:
    """Pictures (uint8, n x 28 x 28 x 1), each moved along the model's gradient towards its class, within 16."""
    moved = pictures.copy()
    for some in bar([slice(i, i + 200) for i in range(0, len(pictures), 200)]):
        aims = list[Objective](Class(int(c)) for c in classes[some])
        along = partial(model.gradient, objectives=aims)
        moved[some] = walk(pictures[some], along, epsilon=16, steps=10, method="sign")
    return moved


def learn_from(pictures: Pictures, labels: Answers, *, seed: int = 1, steps: int = 800) -> learn.Trainee:
    """A network that begins with random weights, and learns for 800 steps of 100 pictures, with Adam."""
    network = learn.Trainee(seed=seed, steps=steps)
    learn.train(network, (pictures, labels), steps=steps, seed=seed)
    return network
