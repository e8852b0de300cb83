"""Bugs or features? The check of its exercise."""

import numpy as np

from lessons.bugs_or_features import learn_from
from tricknet import fashion_mnist
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import picture


@exercise(
    "0.13",
    start="What makes a trick's noise fit its label? Change that, and keep its size.",
    recipe="Give each garment the noise of another: `np.roll(tricked.astype(int) - pictures, 1, axis=0)`.",
)
def _(dull: object) -> str:
    pictures, right = (part[:10_000] for part in fashion_mnist.train_set())
    size = np.abs(picture(dull, shape=pictures.shape).astype(int) - pictures)
    if size.max() > 16 or size.mean() < 8:
        raise Hint(f"The largest change is {size.max()} and the mean {size.mean():.1f}: at most 16, and at least 8.")
    wrong = (right + np.random.default_rng(0).integers(1, 10, len(right))) % 10
    knows = learn_from(np.asarray(dull), wrong).right(*fashion_mnist.test_set()).mean()
    if knows > 0.05:
        raise Hint(f"They still teach: a network that learnt from them gets {knows:.0%} of real clothes right.")
    return f"with a mean change of {size.mean():.1f}, a network that learnt from them gets {knows:.1%} right"
