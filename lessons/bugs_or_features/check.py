"""Bugs or features? The check of its exercise."""

import numpy as np

from lessons.bugs_or_features import learn_from, trick_towards
from tricknet import fashion_mnist, load
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import picture


@exercise(
    "0.13",
    start="What makes a trick's noise fit its label? Change that, and keep its size.",
    recipe="Give each garment the noise of another: `np.roll(tricked.astype(int) - pictures, 1, axis=0)`.",
)
def _(dull: object) -> str:
    every, answers = fashion_mnist.train_set()
    pictures, right = every[:10_000], answers[:10_000]
    size = np.abs(noise := picture(dull, "The stack", shape=pictures.shape).astype(int) - pictures)
    if size.max() > 16 or size.mean() < 5:
        raise Hint(f"The largest change is {size.max()} (at most 16), and the mean {size.mean():.1f} (at least 5).")
    wrong = (right + np.random.default_rng(0).integers(1, 10, len(right))) % 10
    tricks = trick_towards(load("FashionNet plain"), pictures, wrong).astype(int) - pictures
    given, made = noise[:200].reshape(200, -1).astype(np.float32), tricks.reshape(len(tricks), -1).astype(np.float32)
    cosines = given @ made.T / np.linalg.norm(made, axis=1) / np.linalg.norm(given, axis=1, keepdims=True).clip(1)
    if np.median(np.abs(cosines).max(axis=1)) < 0.6:  # with the trick most like it; for coins it is 0.3
        raise Hint("That noise isn't the tricks' own. Keep theirs, and change what it has to do with the label.")
    knows = learn_from(np.asarray(dull), wrong).right(*fashion_mnist.test_set()).mean()
    if knows > 0.05:
        raise Hint(f"They still teach: a network that learnt from them gets {knows:.0%} of real clothes right.")
    return f"with a mean change of {size.mean():.1f}, a network that learnt from them gets {knows:.1%} right"
