"""Training in Caffe: one backward pass gives the weights' gradient, for learning, and the picture's, for tricks."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet import files
from tricknet.arrays import Floats, Numbers, Pictures
from tricknet.fashion_mnist import Answers
from tricknet.networks import fashion
from tricknet.networks.classifier import Classifier
from tricknet.networks.weights import fill, weights_file
from tricknet.progress import bar

BATCH = 100  # pictures per step
RATE = 0.001  # Adam's, at the first step


class Pupil:
    """A FashionNet in training: random weights at first, which Adam (Kingma and Ba, 2014) changes step by step.

    seed: draws the first weights. steps: how many there will be. Adam's learning rate falls from RATE to zero over them
    in equal parts. weights: a .caffemodel to go on from, instead of random weights.

    Raises WeightsError if that file does not hold FashionNet's weights.
    """

    def __init__(self, *, seed: int = 0, steps: int, weights: str | Path | None = None):
        import caffe  # late, as in caffe_net.py

        with tempfile.TemporaryDirectory() as folder:
            network, solver = Path(folder) / "train.prototxt", Path(folder) / "solver.prototxt"
            network.write_text(fashion.plan(learns=True))
            solver.write_text(
                f'net: "{network}" type: "Adam" base_lr: {RATE} momentum: 0.9 momentum2: 0.999 '
                f'lr_policy: "poly" power: 1 max_iter: {steps} random_seed: {seed} snapshot_after_train: false'
            )
            self._solver: Any = caffe.get_solver(str(solver))
        self.net: Any = self._solver.net
        if weights:
            fill(self.net, weights)

    def gradient(self, pictures: Numbers, answers: Answers) -> Floats:
        """The gradient of each picture's loss with respect to its values: float32, n x 28 x 28 x 1. The weights stay as
        they are.

        The loss is minus the log-probability of the right class.
        """
        self._show(pictures, answers)
        self.net.forward()
        self.net.backward()
        slope: Floats = len(pictures) * self.net.blobs["data"].diff  # of each picture's own loss: Caffe takes the mean
        return slope.transpose(0, 2, 3, 1)

    def learn(self, pictures: Numbers, answers: Answers) -> tuple[float, float]:
        """One step of Adam: forward, backward, and all weights move. Returns the mean loss and the share of right
        answers, both before the step.
        """
        self._show(pictures, answers)
        self._solver.step(1)
        right = self.net.blobs["scores"].data.argmax(axis=1) == answers
        return float(self.net.blobs["loss"].data), float(right.mean())

    def right(self, pictures: Numbers, answers: Answers) -> npt.NDArray[np.bool_]:
        """Which pictures the network gets right: bool, one for each."""
        answered = []
        for start in range(0, len(pictures), BATCH):
            self._show(pictures[start : start + BATCH], answers[start : start + BATCH])
            self.net.forward()
            answered.append(self.net.blobs["scores"].data.argmax(axis=1))
        right: npt.NDArray[np.bool_] = np.concatenate(answered) == answers
        return right

    def save(self, path: str | Path) -> Path:
        """Write the weights as a .caffemodel, and return the path.

        Raises files.NotWrittenError as `files.write` does.
        """
        with weights_file(self.net) as weights:
            return files.write(path, weights.read_bytes())

    def classifier(self, name: str = "the pupil") -> Classifier:
        """The network as it is now, as a Classifier. Later steps do not change it."""
        with weights_file(self.net) as weights:
            return fashion.with_weights(weights, name)

    def _show(self, pictures: Numbers, answers: Answers) -> None:
        """Fill the two inputs."""
        data, label = self.net.blobs["data"], self.net.blobs["label"]
        if data.shape[0] != len(pictures):
            data.reshape(len(pictures), *data.shape[1:])
            label.reshape(len(pictures))
            self.net.reshape()
        data.data[...] = pictures.transpose(0, 3, 1, 2)
        label.data[...] = answers


type Attack = Callable[[Pupil, Numbers, Answers, np.random.Generator], Numbers]


def no_attack(pupil: Pupil, pictures: Numbers, answers: Answers, random: np.random.Generator) -> Numbers:
    """Plain training: the pictures as they are."""
    return pictures


@dataclass(frozen=True)
class Against:
    """An attack on the network as it is now: from a random place in the box, along the signs of the loss's gradient.

    One step is fast adversarial training (Wong, Rice and Kolter, 2020), and several steps are the method of Madry and
    others (2017).
    epsilon: in pixel values. step: the length of each, in epsilons (default: the authors' 1.25 for one step, and
    2.5 / steps).
    somewhere: begin at a random place? FGSM (Goodfellow and others, 2014) begins at the picture.
    """

    epsilon: float
    steps: int = 1
    step: float = 0
    somewhere: bool = True

    def __call__(self, pupil: Pupil, pictures: Numbers, answers: Answers, random: np.random.Generator) -> Numbers:
        """The pictures (float32), each moved so that the network's loss on it grows."""
        low, high = np.maximum(pictures - self.epsilon, 0), np.minimum(pictures + self.epsilon, 255)
        length = self.step or (1.25 if self.steps == 1 else 2.5 / self.steps)
        x = random.uniform(low, high).astype(np.float32) if self.somewhere else pictures
        for _ in range(self.steps):
            x = np.clip(x + length * self.epsilon * np.sign(pupil.gradient(x, answers)), low, high)
        return x


@dataclass(frozen=True)
class Moment:
    """The state of training after a step."""

    step: int
    loss: float  # the mean since the moment before, on what the network learnt from
    right: float  # the share of right answers, on the same
    tested: float  # the same on pictures that it does not learn from, not attacked


def train(
    pupil: Pupil,
    learnt_from: tuple[Pictures, Answers],
    tested_on: tuple[Pictures, Answers],
    *,
    steps: int,
    attack: Attack = no_attack,
    seed: int = 0,
    watch: Callable[[list[Moment]], object] | None = None,
    every: int = 50,
) -> list[Moment]:
    """Show the pupil batch after batch, each of them attacked first, and let it learn from what comes out.

    learnt_from, tested_on: pictures (uint8, n x 28 x 28 x 1) and their answers. seed: for the pictures' order and
    the attack's random starts. watch: called with all moments so far after `every` steps.
    Ctrl-C ends early: what was learnt is kept.
    """
    random, moments, lately = np.random.default_rng(seed), list[Moment](), list[tuple[float, float]]()
    pictures, answers = learnt_from
    with suppress(KeyboardInterrupt):
        for step, some in enumerate(bar(batches(len(pictures), steps, random), total=steps), 1):
            x = attack(pupil, pictures[some].astype(np.float32), answers[some], random)
            lately.append(pupil.learn(x, answers[some]))
            if step % every == 0 or step == steps:
                loss, right = np.mean(lately, axis=0)
                moments.append(Moment(step, float(loss), float(right), float(pupil.right(*tested_on).mean())))
                lately.clear()
                if watch:
                    watch(moments)
    return moments


def batches(n: int, steps: int, random: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    """The indices of the pictures of each step: all n in a random order, then all of them in another one, and so on."""
    order = random.permutation(n)
    for _ in range(steps):
        if len(order) < BATCH:
            order = np.concatenate([order, random.permutation(n)])
        yield order[:BATCH]
        order = order[BATCH:]
