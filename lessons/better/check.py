"""Lesson 14, A better network: the checks of its exercises."""

from functools import cache

import numpy as np
from scipy import ndimage

from tricknet import fashion_mnist
from tricknet.attacks.trick import Trick
from tricknet.check import Hint, check, exercise
from tricknet.check.measure import kind, number
from tricknet.networks.classifier import Classifier
from tricknet.networks.fashion import FashionNet
from tricknet.training import Against, Pupil

__all__ = ["check"]

SNEAKER, BUDGET = 278, 48  # the lesson's sneaker among the test pictures, and the largest epsilon
EPSILON, SHARE, PICTURES = 16, 0.5, 200


@cache
def robust() -> Classifier:
    """The network that the checks ask, loaded once."""
    return FashionNet("robust")


@exercise(
    "14.1",
    start=f"Which epsilons are enough? At most {BUDGET} is allowed. What do more steps and other methods do? Give the "
    "result of `trick` to `check`.",
    recipe='`trick(robust, sneaker, "bag", epsilon=epsilon, steps=60)` for `epsilon` in `range(16, 49, 4)`, until the '
    "network says bag.",
)
def _(answer: object) -> str:
    if not isinstance(answer, Trick):
        raise Hint(f"The answer should be the result of `trick`; it is {kind(answer)}.")
    if answer.before.shape != (28, 28, 1) or not np.array_equal(answer.before, fashion_mnist.test_set()[0][SNEAKER]):
        raise Hint("The trick should start from `sneaker`, the one at the beginning of the lesson.")
    largest, prediction = int(np.abs(answer.perturbation).max()), robust().predict(answer.after)
    if prediction.best.name != "bag":
        raise Hint(
            f"The robust network says {prediction.best.name} (bag: {prediction['bag']:.1%}). Try a larger epsilon."
        )
    if largest > BUDGET:
        raise Hint(f"One value moved by {largest} out of 255, and at most {BUDGET} is allowed. Try a smaller epsilon.")
    return (
        f"the robust network says bag ({prediction['bag']:.1%}), and no value moved by more than {largest} out of 255"
    )


@exercise(
    "14.2",
    start="The lesson's second pupil had 100 steps, against an epsilon of 25. What do more steps do? And less epsilon? "
    "Give the pupil to `check`.",
    recipe="`pupil = learn.Pupil(steps=300)`, then `learn.train(pupil, (pictures, answers), (test[-500:], "
    "right[-500:]), steps=300, attack=learn.Against(20))`.",
)
def _(answer: object) -> str:
    if not isinstance(answer, Pupil):
        raise Hint(f"The answer should be a `learn.Pupil` that has been trained; it is {kind(answer)}.")
    every, all_answers = fashion_mnist.test_set()
    pictures, answers = every[:PICTURES], all_answers[:PICTURES]
    clean = answer.right(pictures, answers).mean()
    random = np.random.default_rng(14)
    moved = Against(EPSILON, 20)(answer, pictures.astype(np.float32), answers, random)
    share = answer.right(moved, answers).mean()
    if share < SHARE:
        raise Hint(
            f"Of {PICTURES} test pictures, {clean:.0%} are right when they are not attacked, and {share:.0%} under 20 "
            f"steps with epsilon {EPSILON}; the aim is {SHARE:.0%}. Was it attacked in training too, with that epsilon?"
        )
    return (
        f"{share:.0%} of {PICTURES} test pictures stand against 20 steps with epsilon {EPSILON}, and {clean:.0%} are "
        "right when they are not attacked"
    )


@exercise(
    "14.3",
    start="Which clothes look like something else when they lean? Give `check` the picture's number, and the degrees: "
    "at most 20, either way.",
    recipe="For each number, `turned = ndimage.rotate(test[number], 20, reshape=False, order=1)` (of SciPy), until "
    "`robust` is right about `test[number]` and wrong about `turned`.",
)
def _(index: object, degrees: object) -> str:
    at, turn = int(number(index, "The picture's number")), number(degrees, "The degrees")
    pictures, answers = fashion_mnist.test_set()
    if not 0 <= at < len(pictures):
        raise Hint(f"The test pictures are numbered 0 to {len(pictures) - 1}.")
    if abs(turn) > 20:
        raise Hint(f"{turn:g} degrees is too far: use an angle from -20 to 20.")
    picture, name = pictures[at], robust().labels[answers[at]]
    if robust().predict(picture).best.index != answers[at]:
        raise Hint(f"The robust network gets picture {at} ({name}) wrong even before it is turned. Choose another.")
    _, answer, p = robust().predict(ndimage.rotate(picture, turn, reshape=False, order=1)).best
    if answer == name:
        raise Hint(
            f'Turned by {turn:g} degrees, picture {at} is still "{answer}" ({p:.1%}). Try other angles and pictures.'
        )
    return f'turned by {turn:g} degrees, picture {at} ("{name}") is "{answer}" ({p:.1%}) to the robust network'
