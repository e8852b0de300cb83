"""Pictures that move towards a class each, and a fresh network that learns from them."""

import numpy as np

from tricknet import Class, Classifier
from tricknet import training as learn
from tricknet.arrays import Pictures
from tricknet.attacks.steps import walk
from tricknet.fashion_mnist import Answers
from tricknet.progress import bar

STEPS = 800  # 8 epochs of 10,000 pictures


def towards(model: Classifier, pictures: Pictures, classes: Answers) -> Pictures:
    """Pictures (uint8, n x 28 x 28 x 1), each moved along the model's gradient towards its class, within 16."""
    moved = []
    for some in bar(np.array_split(np.arange(len(pictures)), max(1, len(pictures) // 200))):
        aims = [Class(int(c)) for c in classes[some]]
        moved.append(
            walk(pictures[some], lambda x, aims=aims: model.gradient(x, aims), epsilon=16, steps=10, method="sign")
        )
    return np.concatenate(moved)


def learn_from(pictures: Pictures, labels: Answers, *, steps: int = STEPS, seed: int = 1) -> learn.Trainee:
    """A network with random weights that learns from these pictures (uint8, n x 28 x 28 x 1) and labels alone."""
    network = learn.Trainee(seed=seed, steps=steps)
    learn.train(network, (pictures, labels), steps=steps, seed=seed)
    return network
