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
    start="The gradient of one look is that of one noise. How did lesson 8 make a picture for many looks?",
    recipe="Write `class Noise: …` with `__init__(self, random)`, a `__call__` that returns "
    "`(picture + self.random.normal(0, 10, picture.shape)).clip(0, 255).astype(np.float32)`, and a `back` that returns "
    "the gradient as it is. Then "
    "`walk(panda[None], averaged(model, ['vulture'], copies=4, draw=Noise), epsilon=4, steps=20)[0]`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=4)
    random = np.random.default_rng(13)  # noise that the learner has not seen
    looks = moved.after + random.normal(0, 10, (20, *moved.after.shape))
    seen = [said.top(1)[0][1] for said in network().predict_all(looks.clip(0, 255).astype(np.float32))]
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
    start="A gradient that is worth its name does more harm than a random direction of the same size.",
    recipe="Take a step of 2 against the sign of `defended.gradient(picture, defended.loss(label))`, and five steps of "
    "2 along the signs of random directions. `defended.ask(pictures)[:, label]` says what is left of the right answer. "
    "The flag goes up if the gradient's step does not lower its logarithm twice as far as the best random one.",
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


@exercise(
    "13.3",
    start="What would an attacker ask each of the three? There is one hole per letter.",
    recipe='`{"A": …, "B": …, "C": …}` with "adaptive attack", "threat model" and "larger epsilon", each once. '
    "A's attacker did not know the filter, B says nothing of the attacker, and C is as good against any epsilon.",
)
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
