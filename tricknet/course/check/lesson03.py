"""Lesson 3, Tricks: the checks of its exercises."""

from tricknet import images
from tricknet.attacks.trick import Trick
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import ask, choice, network, perturbation, plural, several, top, trick_result

COMPARED = ("momentum", "sign", "gradient")  # the methods of exercise 3.2


@exercise(
    "3.1",
    start='Call `trick(model, panda, "vulture", epsilon=1, steps=…)` with 10, 30 and 100 steps, '
    "and give `check` the list of the three results.",
)
def _(results: object) -> str:
    tricks = sorted(_tricks(results, "results"), key=_steps)
    if len({_steps(t) for t in tricks}) < 3:
        raise Hint("The three results should differ in their number of steps: 10, 30 and 100.")
    chances = []
    for t in tricks:
        _starts_as(t, "giant panda")
        chances.append(ask(perturbation(t, limit=1).after)["vulture"])
    if max(chances) < 0.5:
        raise Hint(f"The network gives vulture at most {max(chances):.1%}. Is the target the vulture?")
    said = plural(f"{p:.1%} after {_steps(t)} steps" for t, p in zip(tricks, chances, strict=True))
    return f"the network says vulture with {said}, and no value of any picture moved by more than 1 out of 255"


@exercise(
    "3.2",
    start='Make a dictionary such as `{"sign": trick(…), "gradient": trick(…), "momentum": trick(…)}`, with '
    "`epsilon=1`. Measure the length of each change with `np.linalg.norm`, and give `check` the dictionary, "
    "the name of the method with the shortest change, and the name of the most effective one.",
)
def _(results: object, shortest: object, most_effective: object) -> str:
    if not isinstance(results, dict) or set(results) != set(COMPARED):
        raise Hint(f"The first answer should be a dictionary with a result for each of {plural(COMPARED)}.")
    tricks = dict(zip(results, _tricks(results, "results"), strict=True))
    if len({_steps(t) for t in tricks.values()}) > 1:
        raise Hint("To be comparable, the three need the same number of steps.")
    target = {t.target for t in tricks.values()}
    if len(target) > 1 or any((t.before != tricks["sign"].before).any() for t in tricks.values()):
        raise Hint("To be comparable, the three need the same picture and the same target.")
    length = {name: perturbation(t, limit=1).length for name, t in tricks.items()}
    chance = {name: float(ask(t.after).probabilities[sorted(t.target)].sum()) for name, t in tricks.items()}
    for given, wanted, what in (
        (choice(shortest, list(COMPARED), "The second answer"), min(length, key=length.__getitem__), "shortest"),
        (choice(most_effective, list(COMPARED), "The third answer"), max(chance, key=chance.__getitem__), "best"),
    ):
        if given != wanted and what == "shortest":
            raise Hint(f"The change by {given} is {length[given]:.0f} long, and another is shorter.")
        if given != wanted:
            raise Hint(f"With {given} the target reaches {chance[given]:.1%}, and with another it reaches more.")
    rows = plural(f"{n} makes a change of length {length[n]:.0f} and reaches {chance[n]:.1%}" for n in COMPARED)
    return f"on your three results {rows}"


@exercise(
    "3.3",
    start='Turn `images.example("vulture")` into a giant panda with `trick`, and give `check` the result.',
)
def _(result: object) -> str:
    vulture = images.example("vulture")
    moved = perturbation(result, None if isinstance(result, Trick) else vulture, limit=2)
    if "vulture" not in top(ask(moved.before)):
        raise Hint(f"The picture that you started from is {top(ask(moved.before))}: start from the vulture.")
    said = ask(moved.after)
    if network().labels.find("giant panda") != said.top(1)[0][0]:
        raise Hint(f"The network says {top(said)}. Is the target the giant panda?")
    return f"what was {top(ask(moved.before))} is now {top(said)}, by changes of at most {moved.largest} out of 255"


def _tricks(answer: object, what: str) -> list[Trick]:
    return [trick_result(t, "Each of the three") for t in several(answer, 3, what)]


def _steps(trick: Trick) -> int:
    return len(trick.frames) - 1


def _starts_as(trick: Trick, name: str) -> None:
    """Raise a Hint unless the picture before is of that class to the network."""
    said = ask(trick.before)
    if said.top(1)[0][1] != name:
        raise Hint(f"Start from the {name}: the picture that this one starts from is {top(said)}.")
