"""Lesson 13, Is this defence real?: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.arrays import Floats
from tricknet.attacks.transforms import StraightThrough
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import ask, choice, kind, network, perturbation
from tricknet.topics.defences import NOTHING, Defended, always, four_defences


@exercise(
    "13.1",
    start="Write a transform whose `__call__` adds noise and whose `back` returns the gradient as it is, and a `draw` "
    "that gives a new one each time. Pass it to `averaged`, and `walk` along that with `epsilon=4`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=4)
    random = np.random.default_rng(13)  # noise that the learner has not seen
    looks = moved.after + random.normal(0, 10, (20, *moved.after.shape))
    seen = [said.top(1)[0][1] for said in network().predict(looks.clip(0, 255).astype(np.float32))]
    if seen.count("vulture") < 15:
        raise Hint(
            f"Through fresh noise, {seen.count('vulture')} of 20 looks see a vulture and {seen.count('giant panda')} a "
            "giant panda. Is new noise drawn at every step, and several times for each?"
        )
    return (
        f"{seen.count('vulture')} of 20 looks through fresh noise see a vulture, and no value moved by more than "
        f"{moved.largest} out of 255"
    )


class _Shattered(StraightThrough):
    """Nothing happens, and comes back with a gradient that is nothing but noise."""

    def back(self, gradient: Floats) -> Floats:
        return np.random.default_rng(2).normal(size=gradient.shape).astype(np.float32)


@exercise(
    "13.2",
    start="Take a step of 2 along the sign of `defended.gradient(picture, defended.loss(label))`, downhill, and a few "
    "steps of 2 in random directions. What does `defended.ask` say about the right answer after each?",
)
def _(flag: object) -> str:
    if not callable(flag):
        raise Hint(f"The answer should be the function `flag` itself; it is {kind(flag)}.")
    coffee = images.load("coffee")
    right = ask(coffee).top(1)[0][0]
    four = four_defences(network())
    shattered = Defended(network(), always(_Shattered(NOTHING.transform)))
    for what, defended, wanted in (
        ("the blur", four["blur"][0], False),
        ("the informed attack on JPEG", four["JPEG"][1], False),
        ("the informed attack on the sharp softmax", four["sharp softmax"][1], False),
        ("the authors' attack on JPEG", four["JPEG"][0], True),
        ("the authors' attack on the sharp softmax", four["sharp softmax"][0], True),
        ("a gradient that is nothing but noise", shattered, True),
    ):
        if bool(flag(defended, coffee, right)) != wanted:
            raise Hint(f"For {what} the flag should {'go up' if wanted else 'stay down'}.")
    return "it goes up for two gradients of zero and one of noise, and stays down for three that lead somewhere"


_HOLES = {"A": "adaptive attack", "B": "threat model", "C": "larger epsilon"}
_WHY = {
    "A": "What did the attacker of A know about the filter?",
    "B": "Attacked how, by how much, by whom? B does not say.",
    "C": "A budget of 64 out of 255 should ruin any picture. What does it mean that C's accuracy does not fall?",
}


@exercise("13.3", start='Give a dictionary such as `{"A": "threat model", "B": …, "C": …}`.')
def _(answer: object) -> str:
    if not isinstance(answer, dict) or set(answer) != set(_HOLES):
        raise Hint('The answer should be a dictionary with the keys "A", "B" and "C".')
    for name, hole in _HOLES.items():
        if choice(answer[name], sorted(_HOLES.values()), name) != hole:
            raise Hint(_WHY[name])
    return (
        "A attacked a network without the filter and defended another; B does not say what the attacker may do; and an "
        "accuracy that stays the same however large the budget shows that the attack is broken, so C has measured "
        "nothing"
    )
