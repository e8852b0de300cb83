"""Lesson 8, Does it survive?: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.attacks import transforms
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import ask, kind, number, perturbation, top
from tricknet.evidence import mcnemar, table


@exercise(
    "8.1",
    start="The lesson averaged its gradient over what a camera may do. What must be drawn anew each time here?",
    recipe="Write `def draw(random)` that draws `quality = int(random.integers(40, 96))` and returns "
    "`transforms.StraightThrough(lambda picture: transforms.jpeg(picture, quality))`. Then "
    "`walk(panda[None], averaged(model, ['vulture'], copies=3, draw=draw), epsilon=4, steps=30)[0]`.",
)
def _(answer: object) -> str:
    moved = perturbation(answer, images.load("panda"), limit=4)
    saved = ask(transforms.jpeg(moved.after, 50))
    if saved.top(1)[0][1] != "vulture":
        raise Hint(
            f"Saved as JPEG of quality 50 it is {top(saved)}. Are qualities as low as 50 among those that you draw?"
        )
    cropped = ask(transforms.crop(moved.after, 8))
    return (
        f"after a JPEG of quality 50 the network says {top(saved)}, and no value moved by more than {moved.largest} "
        f"out of 255; cropped by 8 pixels, which it was not made for, the same picture is {top(cropped)}"
    )


@exercise(
    "8.2",
    start="In `back`, ask of each value of the old picture where it went.",
    recipe="In `__call__`, `moved = np.zeros_like(picture)` and `moved[:, self.pixels:] = picture[:, :-self.pixels]`. "
    "In `back`, zeros again, and `moved[:, :-self.pixels] = gradient[:, self.pixels:]`.",
)
def _(shift: object) -> str:
    if not isinstance(shift, type):
        raise Hint(f"Give `check` the class itself, `Shift`, and not {kind(shift)}.")
    random = np.random.default_rng(0)
    x, g = random.random((2, 224, 224, 3))
    for pixels in (1, 20):
        transform = shift(pixels)
        moved, back = transform(x.copy()), transform.back(g.copy())
        if moved is None or back is None or np.shape(moved) != x.shape or np.shape(back) != x.shape:
            raise Hint("Both methods should return an array of the shape that they are given.")
        if not np.array_equal(moved[:, pixels:], x[:, :-pixels]) or np.any(moved[:, :pixels]):
            raise Hint(f"Shift({pixels}) should put column 0 into column {pixels}, and zeros to the left of it.")
        forwards, backwards = float((moved * g).sum()), float((x * back).sum())
        if not np.isclose(forwards, backwards, rtol=1e-6):
            raise Hint(
                f"For random x and g, <shift(x), g> is {forwards:.1f} and <x, back(g)> is {backwards:.1f}: they "
                "should be the same. The columns that fell off at the right had no effect, so what is their gradient?"
            )
    lost = np.abs(transform.back(transform(x)) - x).max(axis=(0, 2)) > 0
    return (
        f"<shift(x), g> = <x, back(g)> = {forwards:.1f}. It is not the inverse: going there and back, {lost.sum()} "
        f"columns are lost with Shift({pixels})"
    )


@exercise(
    "8.3",
    start="Which function of this lesson counts what survived, and which compares two lists on the same cases?",
    recipe="`plain = survived('crop8', 'plain', 8, 'HELD_OUT')`, the same for `'averaged'`, and "
    "`mcnemar(averaged, plain)`; the counts are the two sums.",
)
def _(answer: object) -> str:
    if not isinstance(answer, dict) or set(answer) != {"plain", "averaged", "p"}:
        raise Hint('The answer should be a dictionary: `{"plain": k, "averaged": k, "p": p}`.')
    rows = [row for row in table("survival") if row["set"] == "HELD_OUT" and row["epsilon"] == 8]
    found = {how: [row["crop8"] == "target" for row in rows if row["how"] == how] for how in ("plain", "averaged")}
    for how, hits in found.items():
        if number(answer[how]) != sum(hits):
            raise Hint(f"Not {answer[how]} of the {how} ones. Are they those of HELD_OUT, with epsilon 8 and `crop8`?")
    p = mcnemar(found["averaged"], found["plain"])
    if not np.isclose(number(answer["p"]), p, rtol=0.01):
        raise Hint("The counts are right, the p-value is not. Give `mcnemar` the two arrays, not the two counts.")
    few, many, n = sum(found["plain"]), sum(found["averaged"]), len(found["plain"])
    return f"{many} of {n} averaged pictures survive the crop and {few} of {n} plain ones, p = {p:.1g}"
