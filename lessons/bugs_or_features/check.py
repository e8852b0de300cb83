"""Bugs or features? The check of its exercise."""

import numpy as np

from lessons.bugs_or_features import learn_from, trick_towards
from tricknet import fashion_mnist, load
from tricknet.arrays import Floats, Numbers
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import picture


def _directions(noise: Numbers) -> Floats:
    flat: Floats = noise.reshape(len(noise), -1).astype(np.float32)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True).clip(1)
    return flat


@exercise(
    "0.13",
    start="What makes a trick's noise fit its label? Change that, and keep its size.",
    recipe="Give each garment the noise of another: `np.roll(tricked.astype(int) - pictures, 1, axis=0)`.",
)
def _(dull: object) -> str:
    every, answers = fashion_mnist.train_set()
    pictures, right = every[:10_000], answers[:10_000]
    noise = picture(dull, "The stack", shape=pictures.shape).astype(int) - pictures
    size = np.abs(noise)
    if size.max() > 16 or size.mean() < 5:
        raise Hint(f"The largest change is {size.max()} and the mean {size.mean():.1f}: at most 16, and at least 5.")
    wrong = (right + np.random.default_rng(0).integers(1, 10, len(right))) % 10
    tricks = trick_towards(load("FashionNet plain"), pictures, wrong).astype(int) - pictures
    alike = np.abs(_directions(noise[:200]) @ _directions(tricks).T).max(axis=1)  # cosines: coins' are near 0.3
    if np.median(alike) < 0.6:
        raise Hint("That noise isn't the tricks' own. Keep theirs, and change what it has to do with the label.")
    knows = learn_from(np.asarray(dull), wrong).right(*fashion_mnist.test_set()).mean()
    if knows > 0.05:
        raise Hint(f"They still teach: a network that learnt from them gets {knows:.0%} of real clothes right.")
    return f"with a mean change of {size.mean():.1f}, a network that learnt from them gets {knows:.1%} right"
