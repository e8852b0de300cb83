"""Lesson 15's matched pair: networks that differ in one line, trained by a step that can be read."""

from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from tqdm.auto import tqdm

from lessons.better_network import drawings
from tricknet import Classifier, fashion_mnist
from tricknet import training as learn
from tricknet.arrays import Floats, Numbers, Pictures, rounded
from tricknet.attacks.steps import Ascent, climb
from tricknet.fashion_mnist import Answers
from tricknet.networks.classifier import first_answers
from tricknet.networks.layers import PIXEL
from tricknet.networks.objectives import Goal, Margin

type Bools = npt.NDArray[np.bool_]

BATCH = 50  # pictures in a batch
SCALES = [1 / PIXEL**2] + 7 * [1]  # of the first layer's weights, which multiply pixel values, and of all others


def fresh(seed: int) -> learn.Trainee:
    """A network with random weights, ready for batches of BATCH."""
    trainee = learn.Trainee(seed=seed, steps=1)
    trainee.net.blobs["data"].reshape(BATCH, 1, 28, 28)
    trainee.net.blobs["label"].reshape(BATCH)
    return trainee


def step(net: Any, x: Numbers, y: Answers, rate: float) -> Numbers:
    """One backward pass, two gradients. The weights go down theirs; the picture's is returned."""
    net.blobs["data"].data[...], net.blobs["label"].data[...] = x, y
    net.clear_param_diffs()  # Caffe would add the new slopes to the old
    net.forward()
    net.backward()
    for weights, scale in zip(chain(*net.params.values()), SCALES, strict=True):
        weights.data[...] -= scale * rate * weights.diff
    return net.blobs["data"].diff


def train_by_hand(
    epsilon: float, batches: int = 1200, seed: int = 1, *, practice: str = "on tricks"
) -> tuple[learn.Trainee, int]:
    """A network that looks at each batch three times, while its pictures move within epsilon: up
    the loss, as coins say, or each up another's loss. Also returns how many batches it has seen.
    Stop it when you like: what it has learnt is kept.
    """
    pictures, answers = fashion_mnist.train_set()
    network, seen, random = fresh(seed), 0, np.random.default_rng(seed)
    order = random.permutation(len(pictures))
    with suppress(KeyboardInterrupt):
        for some in tqdm(np.resize(order, (batches, BATCH))):
            rate = 0.1 * (1 - seen / batches)
            start = x = pictures[some].transpose(0, 3, 1, 2).astype(np.float32)
            coins = random.choice([-1, 1], x.shape)
            for _ in range(3):
                tricks = np.sign(step(network.net, x, answers[some], rate))
                moves = {"on tricks": tricks, "on noise": coins, "on others' tricks": tricks[::-1]}
                x = x + epsilon / 2 * moves[practice]
                x = x.clip(start - epsilon, start + epsilon).clip(0, 255)
            seen += 1
    return network, seen


def which_survive(model: Classifier, pictures: Pictures, answers: Answers, *, epsilon: float) -> Bools:
    """Which pictures survive: those of which the answer is right before the attack and after each of its 20 steps.

    The attack follows the signs of the margin's gradient within epsilon. Where there is none, a picture does not
    survive: see `fooled`. pictures: uint8, n x 28 x 28 x 1.
    """
    return ~fooled(model, pictures, answers, epsilon=epsilon, begin=pictures, steps=20)


def fooled(
    model: Classifier, pictures: Pictures, answers: Answers, *, epsilon: float, begin: Numbers, steps: int = 50
) -> Bools:
    """Which pictures it gets wrong at any moment of an attack that begins at `begin`. To be on the safe side, a picture
    without a gradient at any moment counts too: there the attack is blind.
    """
    away: list[Goal] = [-Margin(int(answer)) for answer in answers]

    def look(now: Pictures) -> tuple[Bools, Floats]:
        predictions, gradients = drawings.answers_and_slopes(model, now, away)
        wrong = np.not_equal([prediction.best.index for prediction in predictions], answers)
        return wrong | ~gradients.any(axis=(1, 2, 3)), gradients

    def missed(now: Pictures) -> Bools:
        return np.not_equal(first_answers(model, now), answers)

    ascent = Ascent(pictures, epsilon=epsilon, steps=steps, method="sign", begin=begin)
    moments = climb(ascent.pictures, look, ascent.further, steps=steps, last=missed)
    return np.any([wrong for _, wrong in moments], axis=0)


def rotated(model: Classifier, pictures: Pictures, answers: Answers, *, angle: float) -> Bools:
    """Which pictures are fooled when they are turned, by `angle` degrees or by less?"""
    wrong = np.zeros(len(pictures), bool)
    for turn in np.arange(-angle, angle + 1, 2):
        turned = ndimage.rotate(pictures, turn, axes=(1, 2), reshape=False, order=1, output=float)
        wrong |= np.not_equal(first_answers(model, rounded(turned)), answers)
    return wrong
