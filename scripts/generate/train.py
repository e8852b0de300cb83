"""Trains lesson 15's networks, and writes models/fashion/plain.caffemodel and robust.caffemodel.

    scripts/generate/train.py            both, from nothing: about 25 and 50 minutes on a quiet core
    scripts/generate/train.py robust     one of them

models/fashion/README.md has the recipes. The seeds are fixed, so the same processor gives the same weights. Others
round differently, which adds up.
"""

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tricknet import fashion_mnist
from tricknet import training as learn
from tricknet.adam import Adam
from tricknet.arrays import Floats, Numbers
from tricknet.attacks.steps import climb
from tricknet.fashion_mnist import Answers
from tricknet.networks.layers import PIXEL
from tricknet.paths import MODELS


class Round(NamedTuple):
    """Some epochs in which Adam's rate warms up, and then falls to nothing along a cosine.

    epsilon: of the attack, 0 for none. trust: the share of the targets that is not the label but what the network said
    at the end of the round before.
    """

    epochs: int
    size: int  # pictures per step
    epsilon: float = 0
    trust: float = 0
    rate: float = 0.001


ROUNDS = {
    "plain": [Round(80, 400)],
    "robust": [Round(20, 100, 25.5), Round(15, 100, 25.5, trust=0.5), Round(5, 100, 18, trust=0.5, rate=0.0005)],
}
STEPS = 3  # of the attack
WARM = 0.05  # the share of a round over which Adam's rate grows from nothing
GROWS = 0.2  # the share of the first round over which the attack's epsilon grows from nothing


class Apprentice(learn.Trainee):
    """A trainee with an Adam of its own, which can warm up, and cool down along a cosine.

    before: the weights at the end of the round before. rate, steps: Adam's largest rate, and how many steps the round
    has.
    """

    def __init__(self, *, before: Path | None = None, steps: int = 1, rate: float = 0) -> None:
        import caffe

        super().__init__(seed=0, steps=steps, weights=before)
        self.steps, self.rate, self.done = steps, rate, 0
        self.asked = caffe.Net(str(MODELS / "fashion" / "deploy.prototxt"), caffe.TEST)
        self.asked.share_with(self.net)
        self.asked.blobs["data"].reshape(100, 1, 28, 28)
        self.asked.reshape()
        self.weights = [blob for blobs in self.net.params.values() for blob in blobs]
        self.adams = [Adam(forgets=0.001) for _ in self.weights]

    def ask(self, pictures: Numbers) -> Floats:
        """Its probabilities for 100 pictures: 100 x 10."""
        self.asked.blobs["data"].data[...] = pictures.transpose(0, 3, 1, 2)
        self.asked.forward()
        return self.asked.blobs["prob"].data.copy()

    def gradient(self, pictures: Numbers, answers: Answers) -> Floats:
        """The gradient of each picture's loss: n x 28 x 28 x 1. No gradient of a weight is computed."""
        self.asked.blobs["scores"].diff[...] = self.ask(pictures) - np.eye(10)[answers]
        self.asked.backward(start="scores")
        return self.asked.blobs["data"].diff.transpose(0, 2, 3, 1).copy()

    def attack(self, x: Numbers, answers: Answers, epsilon: float, random: np.random.Generator) -> Numbers:
        """The pictures, each moved up its loss: from a random place in its box, along the signs of the gradient."""
        low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 255)

        def further(x: Numbers, gradient: Floats, taken: int) -> Numbers:
            return np.clip(x + 2.5 / STEPS * epsilon * np.sign(gradient), low, high)

        begin = random.uniform(low, high).astype(np.float32)
        *_, (x, _) = climb(begin, lambda x: (None, self.gradient(x, answers)), further, steps=STEPS)
        return x

    def learn_from(self, pictures: Numbers, targets: Floats) -> float:
        """One step of Adam. targets: what it should say, n x 10. Returns the share of right answers before the step."""
        right = targets.argmax(axis=1)
        self._show(pictures, right)
        self.net.clear_param_diffs()
        self.net.forward()
        scores = self.net.blobs["scores"]
        likely = np.exp(scores.data - scores.data.max(axis=1, keepdims=True))
        scores.diff[...] = (likely / likely.sum(axis=1, keepdims=True) - targets) / len(pictures)
        self.net.backward(start="scores")
        self.done += 1
        part = self.done / self.steps
        rate = self.rate * min(1, part / WARM) * (1 + np.cos(np.pi * part)) / 2
        for blob, adam in zip(self.weights, self.adams, strict=True):
            scale = 1 / PIXEL if blob is self.weights[0] else 1  # as in layers.py
            blob.data[...] -= scale * rate * adam(blob.diff)
        return float((scores.data.argmax(axis=1) == right).mean())


def main() -> None:
    """Train what the command line names, or both."""
    for kind in sys.argv[1:] or ROUNDS:
        with tempfile.TemporaryDirectory() as folder:
            ends: list[Path] = []
            for number, its in enumerate(ROUNDS[kind]):
                trainee = train(f"{kind}, round {number + 1}", its, 100 * number, ends[-1] if ends else None)
                ends.append(trainee.save(Path(folder) / f"{number}.caffemodel"))
            path = average(ends[-2:]).save(MODELS / "fashion" / f"{kind}.caffemodel")
        print(f"wrote {path}")


def average(ends: list[Path]) -> learn.Trainee:
    """A trainee whose weights are the mean of these."""
    trainee, others = learn.Trainee(steps=1), [learn.Trainee(steps=1, weights=end) for end in ends]
    for name, blobs in trainee.net.params.items():
        for i, blob in enumerate(blobs):
            blob.data[...] = np.mean([other.net.params[name][i].data for other in others], axis=0)
    return trainee


def train(name: str, its: Round, seed: int, before: Path | None) -> Apprentice:
    """One round, which begins with the weights of the one before."""
    pictures, answers = fashion_mnist.train_set()
    targets, steps = np.eye(10, dtype=np.float32)[answers], len(pictures) // its.size  # per epoch
    if before:
        earlier = Apprentice(before=before)
        said = np.concatenate([earlier.ask(some) for some in np.split(pictures, 600)])
        targets = (1 - its.trust) * targets + its.trust * said
    trainee = Apprentice(before=before, steps=its.epochs * steps, rate=its.rate)
    for epoch in range(its.epochs):
        random, right = np.random.default_rng(seed + epoch), []
        for some in tqdm(np.split(random.permutation(len(pictures)), steps), disable=None):
            x = pictures[some].astype(np.float32)
            if its.epsilon:
                grown = 1 if before else min(1, trainee.done / (GROWS * trainee.steps))
                x = trainee.attack(x, answers[some], grown * its.epsilon, random)
            right.append(trainee.learn_from(x, targets[some]))
        print(f"{name}: epoch {epoch + 1} of {its.epochs}, right {np.mean(right):.2%}", flush=True)
    return trainee


if __name__ == "__main__":
    main()
