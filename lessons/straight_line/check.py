"""Lesson 4, Breaking a straight line: the checks of its exercises."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lessons.straight_line.linear import Line, fool
from tricknet.arrays import Doubles
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind

__all__ = ["check"]

RACCOON = np.array([23, -3, 9, 2, -5])
NOT_RACCOON = np.array([20, 90, 31, 60, 122])
WARM = np.array([3.0, -1.0, -2.0])


def _numbers(answer: object, shape: tuple[int, ...], what: str) -> Doubles:
    """The answer as an array of finite numbers of this shape."""
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"{what} should be an array of numbers; it is {kind(answer)}.") from None
    if array.shape != shape:
        raise Hint(f"{what} should have the shape {shape}; it has {array.shape}.")
    if not np.isfinite(array).all():
        raise Hint(f"{what} holds numbers that are not finite.")
    return array


@exercise(
    "4.1",
    start="The score is 21 short of 0. How far does each pixel move it, if that pixel changes by 1? Give `check` the "
    "two pictures.",
    recipe="The first is `not_raccoon + [1, 0, 0, 0, 0]`; the second `not_raccoon + epsilon * np.sign(weights)`, with "
    "`epsilon = 21 / np.abs(weights).sum()`.",
)
def _(one_pixel: object, all_five: object) -> str:
    one, five = _numbers(one_pixel, (5,), "The first picture"), _numbers(all_five, (5,), "The second picture")
    change = one - NOT_RACCOON
    if np.count_nonzero(change) != 1:
        raise Hint(f"In the first picture only one pixel should change, but {np.count_nonzero(change)} do.")
    if RACCOON @ one <= 0:
        raise Hint(
            f"The first picture's score is {RACCOON @ one:g}, but it should be above 0. Which weight is the largest?"
        )
    if np.abs(change).max() != 1:
        raise Hint(f"The one pixel moves by {np.abs(change).max():g}. A different pixel needs less, in whole numbers.")
    if RACCOON @ five < -1e-9:
        raise Hint(f"The second picture's score is {RACCOON @ five:g}, but it should reach 0.")
    if (largest := np.abs(five - NOT_RACCOON).max()) > 0.51:
        raise Hint(
            f"In the second picture the largest change is {largest:.2f}. If all five help equally, less is enough."
        )
    return (
        f"a change of 1 to the first pixel lifts the score to {RACCOON @ one:g}, and with all five pixels the largest "
        f"change is {largest:.2f}, which is 21 / (23 + 3 + 9 + 2 + 5)"
    )


@exercise(
    "4.2",
    start="What do the 1024 weights for red have to add up to, if every plain red square is to keep its score?",
    recipe="Make noise of the shape (32, 32, 3), take away its mean per colour with "
    "`noise -= noise.mean(axis=(0, 1))`, and add it to `warm / 1024`.",
)
def _(fragile: object) -> str:
    weights = _numbers(fragile, (32, 32, 3), "The weights")
    sums = weights.sum(axis=(0, 1))
    if np.abs(sums - WARM).max() > 1e-3:
        said = ", ".join(f"{s:.3f}" for s in sums)
        raise Hint(f"Per colour the weights add up to {said}, but should add up to 3, −1, −2, like those of `warm`.")
    ratio = np.abs(weights).sum() / np.abs(WARM).sum()
    if ratio < 100:
        raise Hint(
            f"The scores are right, but the L1 norm is {ratio:.1f} times that of `warm`, not yet 100 times. What "
            "can you add to the weights that adds up to 0?"
        )
    return (
        f"it gives every plain square the score of `warm`, and its L1 norm is {ratio:,.0f} times as large, so that a "
        f"perturbation {ratio:,.0f} times smaller moves its score just as far"
    )


@exercise(
    "4.3",
    start="The lesson trains a line on its album and fools the volcano. Which two functions did that?",
    recipe="`line = linear.fit(faces, np.repeat([1, 0], 100), C=1)`, with the faces as uint8, and "
    "`epsilon, no_face = linear.fool(line, face, 1)` for a face that the line gets right.",
)
def _(line: object, face: object, no_face: object) -> str:
    if not isinstance(line, Line) or line.weights.shape != (2, 625):
        raise Hint("The first answer should be a `Line` with two classes and 25 × 25 = 625 values.")
    pictures, labels = _faces()
    share = float((line.answers(pictures) == labels).mean())
    if share < 0.9:
        raise Hint(f"The line is right on {share:.0%} of the 200 pictures. Is label 1 the face, and are values 0..255?")
    before, after = _grey(face, "The second answer"), _grey(no_face, "The third answer")
    if not (pictures[:100] == before).all(axis=(1, 2)).any():
        raise Hint("The second answer should be one of the 100 faces as they are, times 255, rounded.")
    if line.answers(before[None])[0] != 1:
        raise Hint("The line does not see a face here, even before the perturbation. Choose a different one.")
    if line.answers(after[None])[0] != 0:
        raise Hint("The line still takes the result for a face.")
    epsilon, least = int(np.abs(after.astype(int) - before).max()), fool(line, before, 1)[0]
    if epsilon > least:
        raise Hint(f"This takes an epsilon of {epsilon}, but a smaller one will do.")
    return f"the line no longer sees a face after an epsilon of {epsilon}, and no whole epsilon below that is enough"


def _faces() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The 100 faces and the 100 others, as the exercise wants them, and their labels."""
    import skimage.data

    faces = skimage.data.lfw_subset()  # type: ignore[no-untyped-call]
    return np.rint(faces * 255).astype(np.uint8), np.repeat([1, 0], 100)


def _grey(answer: Any, what: str) -> npt.NDArray[np.uint8]:
    if not isinstance(answer, np.ndarray) or answer.shape != (25, 25):
        raise Hint(f"{what} should be a picture of 25 × 25 values.")
    if answer.dtype != np.uint8:
        raise Hint(f"{what} holds {answer.dtype}, but should hold uint8: whole numbers from 0 to 255.")
    return answer
