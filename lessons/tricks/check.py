"""Lesson 3, Tricks: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, choice, perturbation, plural, top

COLOURS, EASIEST = ("red", "green", "blue"), "green"  # with steps of 0.5, of 1 and of 2, thirty of them, epsilon 4
WIDEST, NARROWEST = 28, 4  # pixels: the frame of exercise 3.2 that is allowed, and that has been done


@exercise(
    "3.1",
    start="Look at line 3 of the loop: it moves all three colours. What could you multiply the step by, so that two of "
    "them don't move? (The last of a picture's three dimensions is red, green, blue.)",
    recipe="Put `epsilon = 4` before the loop and `x = x + 0.5 * np.sign(gradient) * [1, 0, 0]` in line 3: only red "
    "moves. At the end of the loop, `shown` is the picture. Do the same with `[0, 1, 0]` and `[0, 0, 1]`.",
)
def _(one_colour: dict[str, object], easiest: object) -> str:
    if set(one_colour) != set(COLOURS):
        raise Hint(f"The first answer should be a dictionary with a picture for each of {plural(COLOURS)}.")
    chance, moved_by = {}, {}
    for colour, answer in one_colour.items():
        change = perturbation(answer, images.load("panda"), limit=4)
        moved = change.perturbation.any(axis=(0, 1))
        if others := [c for c, at_all in zip(COLOURS, moved, strict=True) if at_all and c != colour]:
            raise Hint(f"In the picture for {colour}, {plural(others)} moved too. What keeps the others still?")
        chance[colour], moved_by[colour] = ask(change.after)["vulture"], change.length
    if max(chance.values()) < 0.5:
        raise Hint(f"The best of the three is a vulture with only {max(chance.values()):.1%}. What do larger steps do?")
    if 2 * moved_by[least := min(COLOURS, key=moved_by.__getitem__)] < max(moved_by.values()):
        raise Hint(f"So far {least} has moved much less than the others. Give each colour the same epsilon and steps.")
    best = max(chance, key=chance.__getitem__)
    if best != EASIEST:
        raise Hint(f"Here {best} gets furthest, but not if all three take the same steps. Give each the same.")
    if (given := choice(easiest, COLOURS, "The second answer")) != best:
        raise Hint(f"With {given} the vulture reaches {chance[given]:.4%}, but another colour gets further.")
    words = plural(f"{chance[colour]:.1%} with {colour}" for colour in COLOURS)
    return f"the vulture reaches {words}, and in each picture the other two colours are the photograph's"


@exercise(
    "3.2",
    start="As in 3.1, multiply the step by something that keeps values still. This time it should be 1 near the edges "
    "and 0 everywhere else. Begin with a wide frame.",
    recipe="`frame = np.ones((224, 224, 1))`, then `frame[16:-16, 16:-16] = 0`, is 1 in a frame of 16 pixels. Put "
    "`epsilon = 32` before the loop, and `x = x + 4 * np.sign(gradient) * frame` into it. `shown` is the picture.",
)
def _(framed: object) -> str:
    change = perturbation(framed, images.load("panda"), limit=32)
    rows, columns = np.nonzero(moved := change.perturbation.any(axis=2))
    width = int(np.minimum(np.minimum(rows, columns), images.SIZE - 1 - np.maximum(rows, columns)).max()) + 1
    if width > WIDEST:
        raise Hint(f"You have changed a pixel that is {width} pixels from the edge, but at most {WIDEST} are allowed.")
    if min(edge.mean() for edge in (moved[0], moved[-1], moved[:, 0], moved[:, -1])) < 0.5:
        raise Hint("A frame goes all the way round: along one of the four edges, most pixels are the photograph's.")
    prediction = ask(change.after)
    if prediction.best.name != "vulture":
        raise Hint(
            f"With a frame of width {width} the network says {top(prediction)}, and gives the vulture "
            f"{prediction['vulture']:.1%}. What do more steps, momentum or a wider frame do?"
        )
    narrower = f", but {NARROWEST} has been done" * (width > NARROWEST)
    return f"the network says {top(prediction)}, and your frame is {width} pixels wide{narrower}"
