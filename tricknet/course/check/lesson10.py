"""Lesson 10, One sticker for everything: the checks of its exercises."""

import numpy as np

from tricknet import images
from tricknet.attacks.sticker import SIDE, Sticker, place, ready
from tricknet.course.check import Hint, exercise
from tricknet.course.check.measure import ask, kind, network, number
from tricknet.evidence import mcnemar, rate, table

TRIED = images.HELD_OUT[::3]
READY = ("toaster", "banana")
SMALLEST = 20  # pixels


@exercise(
    "10.1",
    start="The lesson shows the function that makes a sticker. Choose a class, and give what it makes to `check`.",
    recipe='`mine = sticker.make(model, "teapot", steps=40)`, then `check("10.1", mine)`.',
)
def _(made: object) -> str:
    if not isinstance(made, Sticker):
        raise Hint(f"The answer should be the Sticker that `sticker.make` returns; it is {kind(made)}.")
    if made.label in READY:
        raise Hint(f"There is a sticker for the {made.label} already. Choose another class.")
    places = np.random.default_rng(10).uniform(SIDE / 2, images.SIZE - SIDE / 2, (len(TRIED), 2))
    shown = [place(images.load(name), made.pixels, (y, x), SIDE) for name, (y, x) in zip(TRIED, places, strict=True)]
    seen = sum(said.top(1)[0][1] == made.label for said in network().predict_all(np.stack(shown)))
    if seen < len(TRIED) / 2:
        raise Hint(f"Only {seen} of {len(TRIED)} held-out photographs that wear it get its class. Try more steps.")
    return f"GoogLeNet sees the {made.label} in {rate(seen, len(TRIED))} held-out photographs that wear your sticker"


@exercise(
    "10.2",
    start="Does a larger sticker always do more? Try every size from 20 upwards.",
    recipe="The first size from `range(20, 225)` for which "
    "`model.predict(place(panda, toaster.pixels, (112, 112), size)).top(1)[0][1]` is `'toaster'`.",
)
def _(answer: object) -> str:
    size, toaster, panda = number(answer), ready("toaster"), images.load("panda")
    if size != int(size) or not SMALLEST <= size <= images.SIZE:
        raise Hint(f"The size should be a whole number of pixels from {SMALLEST} to {images.SIZE}; this is {size:g}.")

    def seen(pixels: int) -> bool:
        return ask(place(panda, toaster.pixels, (112, 112), pixels)).top(1)[0][1] == toaster.label

    if not seen(int(size)):
        raise Hint(f"With {size:g} pixels the panda is not a toaster yet. Try a larger sticker.")
    if smaller := [pixels for pixels in range(SMALLEST, int(size)) if seen(pixels)]:
        raise Hint(f"With {size:g} pixels it is a toaster, but with {smaller[0]} pixels it is one as well.")
    share = np.pi * size**2 / 4 / images.SIZE**2
    return f"with {size:g} pixels, {share:.1%} of the picture, the panda is a toaster, and no smaller size makes it one"


@exercise(
    "10.3",
    start="Which function of this lesson counts hits, and which compares two lists on the same cases?",
    recipe="`worn = hits('banana', 'sticker', 0.1)`, `real = hits('banana', 'object', 0.1)` and `mcnemar(worn, real)`; "
    "the counts are the two sums.",
)
def _(answer: object) -> str:
    if not isinstance(answer, dict) or set(answer) != {"sticker", "object", "p"}:
        raise Hint('The answer should be a dictionary: `{"sticker": k, "object": k, "p": p}`.')
    rows = [row for row in table("stickers") if (row["network"], row["sticker"]) == ("GoogLeNet", "banana")]
    found = {
        what: np.array([row["plain"] for row in rows if row["kind"] == what and row["share"] == 0.1], dtype=bool)
        for what in ("sticker", "object")
    }
    for what, seen in found.items():
        if number(answer[what]) != seen.sum():
            raise Hint(f"Not {answer[what]} for the {what}. Is it GoogLeNet, the banana, and 10% of the area?")
    p = mcnemar(found["sticker"], found["object"])
    if not np.isclose(number(answer["p"]), p, rtol=0.01):
        raise Hint("The counts are right, the p-value is not. Give `mcnemar` the two arrays, not the two counts.")
    few, many, n = found["object"].sum(), found["sticker"].sum(), len(found["object"])
    return f"the sticker makes a banana of {many} of {n} photographs and the real bananas of {few} of {n}, p = {p:.1g}"
