"""Training with Caffe's own solver. Lesson 15 writes the step out (lessons/better_network/pair.py)."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet import Classifier, files
from tricknet.arrays import Numbers, Pictures
from tricknet.fashion_mnist import Answers
from tricknet.networks import fashion, load
from tricknet.networks.weights import fill
from tricknet.progress import bar

BATCH = 100  # pictures per step
RATE = 0.001  # Adam's, at the first step


class Trainee:
    """A FashionNet in training: random weights at first, which Adam (Kingma and Ba, 2014) changes step by step.

    seed: draws the first weights. steps: how many there will be. Adam's learning rate falls from RATE to zero over them
    in equal parts. weights: a .caffemodel to go on from, instead of random weights.

    Raises WeightsError if that file does not hold FashionNet's weights.
    """

    def __init__(self, *, seed: int = 0, steps: int, weights: str | Path | None = None):
        import caffe  # late, as in caffe_net.py

        with tempfile.TemporaryDirectory() as folder:
            network, solver = Path(folder) / "train.prototxt", Path(folder) / "solver.prototxt"
            network.write_text(fashion.prototxt(learns=True))
            solver.write_text(
                f'net: "{network}" type: "Adam" base_lr: {RATE} momentum: 0.9 momentum2: 0.999 '
                f'lr_policy: "poly" power: 1 max_iter: {steps} random_seed: {seed} snapshot_after_train: false'
            )
            self._solver: Any = caffe.get_solver(str(solver))
        self.net: Any = self._solver.net
        if weights:
            fill(self.net, weights)

    @property
    def taken(self) -> int:
        """How many steps it has taken since it was made."""
        return int(self._solver.iter)

    def learn(self, pictures: Numbers, answers: Answers) -> float:
        """One step of Adam: forward, backward, and all weights move. Returns the mean loss before the step."""
        self._show(pictures, answers)
        self._solver.step(1)
        return float(self.net.blobs["loss"].data)

    def right(self, pictures: Numbers, answers: Answers) -> npt.NDArray[np.bool_]:
        """Which pictures the network gets right: bool, one for each."""
        answered = []
        for start in range(0, len(pictures), BATCH):
            self._show(pictures[start : start + BATCH], answers[start : start + BATCH])
            self.net.forward()
            answered.append(self.net.blobs["scores"].data.argmax(axis=1))
        return np.concatenate(answered) == answers

    def save(self, path: str | Path) -> Path:
        """Write the weights as a .caffemodel, and return the path.

        Raises files.NotWrittenError as `files.write` does.
        """
        memory = os.memfd_create("weights")  # Caffe ends the whole process if it cannot write to a disk
        with open(memory, "rb") as file:
            self.net.save(f"/proc/self/fd/{memory}")
            return files.write(path, file.read())

    def classifier(self, name: str = "the trainee") -> Classifier:
        """The network as it is now, as a Classifier. Later steps do not change it."""
        twin = load("FashionNet plain").copy(name)
        for layer, arrays in twin.parameters.items():
            for array, blob in zip(arrays, self.net.params[layer], strict=True):
                array[...] = blob.data
        return twin

    def _show(self, pictures: Numbers, answers: Answers) -> None:
        """Fill the two inputs."""
        data, label = self.net.blobs["data"], self.net.blobs["label"]
        if data.shape[0] != len(pictures):
            data.reshape(len(pictures), *data.shape[1:])
            label.reshape(len(pictures))
            self.net.reshape()
        data.data[...] = pictures.transpose(0, 3, 1, 2)
        label.data[...] = answers


def train(trainee: Trainee, learnt_from: tuple[Pictures, Answers], *, steps: int, seed: int = 0) -> None:
    """Let a network learn from batch after batch. Ctrl-C ends it early: what was learnt is kept.

    learnt_from: pictures (uint8, n x 28 x 28 x 1) and their answers. seed: for the pictures' order.
    """
    pictures, answers = learnt_from
    with suppress(KeyboardInterrupt):
        for some in bar(batches(len(pictures), steps, np.random.default_rng(seed)), total=steps):
            trainee.learn(pictures[some], answers[some])


def batches(n: int, steps: int, random: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    """The indices of the pictures of each step: all n in a random order, then all of them in another one, and so on."""
    order = random.permutation(n)
    for _ in range(steps):
        if len(order) < BATCH:
            order = np.concatenate([order, random.permutation(n)])
        yield order[:BATCH]
        order = order[BATCH:]
