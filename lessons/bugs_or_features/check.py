"""Bugs or features? The check of its exercise."""

import numpy as np

from lessons.bugs_or_features.learning import learn_from
from tricknet import fashion_mnist
from tricknet.check import Hint, check, exercise, kind

LOUD, TAUGHT = 8, 0.05  # the least mean change (tricks: 9), and the most that may be right


@exercise(
    "0.13",
    start="What makes the noise of a trick fit its label? Change that, and keep its size.",
    recipe="`noise = tricked.astype(int) - pictures`, then `dull = (pictures + noise[::-1]).clip(0, 255)"
    ".astype(np.uint8)`: each garment gets the noise of another.",
)
def _(dull: object) -> str:
    pictures, right = (part[:10_000] for part in fashion_mnist.train_set())
    if not isinstance(dull, np.ndarray) or dull.shape != pictures.shape or dull.dtype != np.uint8:
        raise Hint(f"The answer should be an array of uint8 with the shape {pictures.shape}; it is {kind(dull)}.")
    size = np.abs(dull.astype(int) - pictures)
    if size.max() > 16:
        raise Hint(f"One value has moved by {size.max()}, but at most 16 is allowed.")
    if size.mean() < LOUD:
        raise Hint(f"The mean change is {size.mean():.1f}; to be as loud as a trick's, it should be {LOUD} or more.")
    wrong = (right + np.random.default_rng(0).integers(1, 10, len(right))) % 10
    knows = learn_from(dull, wrong).right(*fashion_mnist.test_set()).mean()
    if knows > TAUGHT:
        raise Hint(f"They still teach: a network that learnt from them gets {knows:.0%} of real clothes right.")
    return f"with a mean change of {size.mean():.1f}, a network that learnt from them gets {knows:.1%} right"
