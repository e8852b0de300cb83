"""Lesson 4, Breaking a straight line: the checks of its exercises."""

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Doubles
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import numbers, picture

RACCOON = np.array([23, -3, 9, 2, -5])
NOT_RACCOON = np.array([20, 90, 31, 60, 122])
WARM = np.array([3.0, -1.0, -2.0])


@exercise(
    "4.1",
    start="The score is 21 short of 0. How far does each pixel move it, if that pixel changes by 1?",
    recipe="The first is `not_raccoon + [1, 0, 0, 0, 0]`; the second `not_raccoon + epsilon * np.sign(weights)`, with "
    "`epsilon = 21 / np.abs(weights).sum()`.",
)
def _(one_pixel: object, all_five: object) -> str:
    one, five = numbers(one_pixel, (5,), "The first picture"), numbers(all_five, (5,), "The second picture")
    change = one - NOT_RACCOON
    if np.count_nonzero(change) != 1:
        raise Hint(f"In the first picture only one pixel should change, but {np.count_nonzero(change)} do.")
    if change[0] == 0:
        raise Hint(f"This takes the score to {RACCOON @ one:g}. A different pixel needs less. Which weighs the most?")
    if change[0] != 1:
        raise Hint(f"Right pixel, but {change[0]:+g} takes the score to {RACCOON @ one:g}. Which whole number will do?")
    if RACCOON @ five < -1e-9:
        away = np.count_nonzero(RACCOON * (five - NOT_RACCOON) < 0)
        raise Hint(f"The second score is {RACCOON @ five:g}, not 0, and {away} of the five pixels move the wrong way.")
    if (largest := np.abs(five - NOT_RACCOON).max()) > 0.501:
        raise Hint(f"The second picture's largest change is {largest:.2f}. If all five move equally far, less will do.")
    return f"one pixel lifts the score to {RACCOON @ one:g}, and all five need 21 / (23 + 3 + 9 + 2 + 5) = 0.5"


@exercise(
    "4.2",
    start="What do the 1024 weights for red have to add up to, if every plain red square is to keep its score?",
    recipe="Make noise of the shape (32, 32, 3), take away its mean per colour with "
    "`noise -= noise.mean(axis=(0, 1))`, and add it to `warm / 1024`.",
)
def _(fragile: object) -> str:
    weights = numbers(fragile, (32, 32, 3), "The weights")
    sums = weights.sum(axis=(0, 1))
    if np.abs(sums - WARM).max() > 1e-3:
        raise Hint(f"Per colour the weights add up to {sums.round(3)}; they should add up to 3, −1 and −2.")
    ratio = np.abs(weights).sum() / np.abs(WARM).sum()
    if ratio < 100:
        raise Hint(f"The scores fit, but the L1 norm is only {ratio:.1f} times `warm`'s. What could you add unseen?")
    return f"plain squares get the scores of `warm`, but a push {ratio:,.0f} times as small moves your twin just as far"


@exercise(
    "4.3",
    start="Train as the lesson's first visible cell does, but with C=1. The volcano's cell moves along signs. "
    "With two classes scikit-learn gives a single row of weights, and a score above 0 means class 1.",
    recipe="`learnt = LogisticRegression(C=1, max_iter=1000).fit(faces.reshape(200, -1) / 255, np.repeat([1, 0], 100))`"
    " and `face_weights, constant = learnt.coef_[0] / 255, learnt.intercept_[0]`. Then, for a face with a score above "
    "0, try epsilons of 1, 2, 3, … in "
    "`(face - epsilon * np.sign(face_weights).reshape(25, 25)).clip(0, 255).astype(np.uint8)`.",
)
def _(weights: object, constant: object, face: object, no_face: object) -> str:
    template, bias = numbers(weights, (625,), "The weights"), numbers(np.ravel([constant]), (1,), "The constant")[0]
    import skimage.data

    faces: Doubles = skimage.data.lfw_subset()  # type: ignore[no-untyped-call]
    pictures = np.rint(faces * 255).astype(np.uint8)  # the 100 faces, and then the 100 others
    share = float(((pictures.reshape(200, -1) @ template + bias > 0) == np.repeat([True, False], 100)).mean())
    if share < 0.9:
        raise Hint(f"These weights are right on {share:.0%}. Did you take C=1, divide coef_ by 255 and call faces 1?")
    before, after = picture(face, "The face", (25, 25)), picture(no_face, "The result", (25, 25))
    if not (pictures[:100] == before).all(axis=(1, 2)).any():
        raise Hint("The face should be one of the 100 faces as they are, times 255, rounded.")
    if template @ before.ravel() + bias <= 0:
        raise Hint("The classifier sees no face here, even before the perturbation. Choose a different one.")
    if template @ after.ravel() + bias > 0:
        raise Hint("The classifier still takes the result for a face.")
    epsilon, signs = int(np.abs(after.astype(int) - before).max()), np.sign(template).reshape(25, 25)
    if template @ (before - (epsilon - 1) * signs).clip(0, 255).ravel() + bias <= 0:
        raise Hint(f"This takes an epsilon of {epsilon}, but a smaller one will do.")
    return f"the classifier no longer sees a face at an epsilon of {epsilon}, and no whole epsilon below that is enough"
