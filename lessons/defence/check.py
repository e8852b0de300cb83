"""Lesson 14, Is this defence real?: the checks of its exercises."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from lessons.defence.league import BUDGETS, league, unaware
from lessons.defence.soft_jpeg import BLOCK, SoftJpeg, bend, in_pixels, in_waves
from tricknet import images
from tricknet.arrays import Floats, Picture
from tricknet.attacks.gradients import gradient_through
from tricknet.attacks.transforms import StraightThrough, jpeg
from tricknet.check import Hint, check, exercise, kind
from tricknet.check.answers import ask, choice, network, perturbation

FINE = np.add.outer(range(BLOCK), range(BLOCK)) >= BLOCK  # of the 64 waves of a square, those that JPEG hardly keeps


@exercise(
    "14.1",
    start="A gradient worthy of the name does more harm than a random direction of the same size.",
    recipe="Take a step of 2 against the sign of the gradient, and five steps of 2 along the signs of random "
    "directions. `ask(pictures)[:, label]` says what is left of the right answer. The flag goes up if the gradient's "
    "step does not lower its logarithm at all, or not twice as far as the best random one.",
)
def _(flag: Callable[..., object]) -> str:
    for name in ("coffee", "panda", "pembroke"):  # of the panda, the network is nearly certain; of the pembroke, hardly
        picture = images.load(name)
        right = ask(picture).best.index
        useful, useless = _useful_and_useless(picture, right)
        for what, gradient in (useful | useless).items():
            if bool(flag(picture.copy(), gradient.copy(), right)) != (what in useless):
                way = "stay down" if what in useful else "go up"
                raise Hint(f"For a gradient {what}, the flag should {way} (the picture: {name}).")
    return f"on three pictures, the flag goes up for {len(useless)} useless gradients, and stays down for two others"


def _useful_and_useless(picture: Picture, right: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Gradients of a picture's right answer behind JPEG, by what they are."""
    there = StraightThrough(lambda shown: jpeg(shown, 50)), SoftJpeg(50, bend), StraightThrough(np.copy)
    straight, bent, bare = (gradient_through(network(), picture[None], [right], [way])[0] for way in there)
    return {"that goes straight through JPEG": straight, "through Shin and Song's bend": bent}, {
        "that is zero": 0 * straight,
        "of noise": np.random.default_rng(18).permuted(straight.ravel()).reshape(picture.shape),
        "with the wrong sign": -straight,
        "that is mirrored": straight[:, ::-1],
        "of waves too fine for JPEG": in_pixels(in_waves(bare)[0] * FINE)[..., None].repeat(3, axis=2),
    }


_HOLES = {"A": "adaptive attack", "B": "threat model", "C": "larger epsilon"}
_WHY = {
    "A": "What did the attacker of A know about the filter?",
    "B": "Attacked how, by how much, by whom? B does not say.",
    "C": "A budget of 64 out of 255 should ruin any picture. What does it mean that C's accuracy does not fall?",
}


@exercise(
    "14.2",
    start="What would an attacker ask each of the three? There is one hole per letter.",
    recipe='`{"A": …, "B": …, "C": …}` with "adaptive attack", "threat model" and "larger epsilon", each once. A\'s '
    "attacker did not know the filter, B says nothing about its attacker, and C does equally well at every epsilon.",
)
def _(answer: dict[str, object]) -> str:
    if set(answer) != set(_HOLES):
        raise Hint('The answer should be a dictionary with the keys "A", "B" and "C".')
    for name, hole in _HOLES.items():
        if choice(answer[name], sorted(_HOLES.values()), name) != hole:
            raise Hint(_WHY[name])
    return (
        "A attacked a network without the filter and defended another; B does not say what the attacker may do; and an "
        "accuracy that stays the same however large the budget shows that the attack is broken, so C has measured "
        "nothing"
    )


HIDDEN = ("baseball", "bee", "chameleon", "cliff_dwelling", "coral_reef")
ENOUGH = 3  # of them


@exercise(
    "14.3",
    start="Eight shades is a staircase: which way round JPEG's did this lesson take? Noise draws random numbers in "
    "front of that staircase. And the watchman looks twice, so your picture has to fool both looks.",
    recipe="Give the `walk` of `league.unaware` another gradient. Eight shades: `gradient_through(model, x, [label], "
    "[StraightThrough(league.shades)])`, with a minus. Noise: `averaged(model, [-Class(label)], copies=4, draw=…)`; "
    "its draw returns `InTurn((Noise(random, league.SIGMA), StraightThrough(league.shades)))`. The watchman: choose "
    "the second answer, `model.predict(picture).top(2)[1].index`, and climb towards it along the sum of two gradients, "
    "one through nothing and one straight through JPEG.",
)
def _(attacks: dict[str, object]) -> str:
    teams = league(network())
    if not set(attacks) <= set(teams):
        raise Hint(f"The answer should be a dictionary with the keys {', '.join(map(repr, teams))}, or some of them.")
    board, unbroken = [], list(attacks)
    for name, attack in attacks.items():
        if not callable(attack):
            raise Hint(f"For {name} there should be a function `attack(picture, label)`; yours is {kind(attack)}.")
        both = _attacked(attack, BUDGETS[name]), _unaware(BUDGETS[name])
        yours, theirs = (sum(teams[name](*one) for one in attacked) for attacked in both)
        board.append(f"{name} {yours} of {len(HIDDEN)} (an attack that never heard of it: {theirs})")
        if yours >= ENOUGH and yours > theirs:
            unbroken.remove(name)
    if unbroken:
        raise Hint(f"The score so far: {', '.join(board) or 'none'}. Not broken yet: {', '.join(unbroken)}.")
    if left := [name for name in teams if name not in attacks]:
        raise Hint(f"So far, so good: {', '.join(board) or 'none'}. Still to come: {', '.join(left)}.")
    return f"all three are broken: {', '.join(board)}"


def _attacked(attack: Callable[[Picture, int], object], epsilon: float) -> list[tuple[Picture, int]]:
    """The hidden pictures, attacked, each with its label. Raises Hint outside the box."""
    ended = []
    for photograph in map(images.load, HIDDEN):
        label = ask(photograph).best.index
        ended.append((perturbation(attack(photograph.copy(), label), photograph, limit=epsilon).after, label))
    return ended


@cache
def _unaware(epsilon: float) -> list[tuple[Picture, int]]:
    return _attacked(partial(unaware, network(), epsilon), epsilon)
