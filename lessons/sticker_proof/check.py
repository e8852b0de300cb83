"""A proof against stickers: the check of its exercise."""

from collections.abc import Callable

from lessons.sticker_proof.bands import touched
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number, several


@exercise(
    "0.11",
    start="Slide a patch of 3 along 28 columns on paper. Which bands of 5 show its first column?",
    recipe="`width` bands show its first column, and each further column adds one, but there are only 28: `touches = "
    "min(28, width + side - 1)`. The first class loses that many, a rival gains as many, and it may win a tie.",
)
def _(enough: Callable[..., object]) -> str:
    for width, side in ((width, side) for width in range(1, 28) for side in (1, 3, 5, 7, 20, 28)):
        touches, lead = (number(one) for one in several(enough(width, side), 2, "numbers"))
        most = max(len(touched(left, side, width)) for left in range(29 - side))
        case = f"Bands of {width} and a patch of {side}:"
        if touches != most:
            raise Hint(f"{case} you say that it touches {touches:g}; counted one by one, it's {most}.")
        if lead <= 2 * most:
            raise Hint(f"{case} after a lead of {lead:g}, a rival with a lower number may still win.")
        if lead > 2 * most + 1:
            raise Hint(f"{case} a lead of {lead:g} is enough, but so is a smaller one.")
    return "for 27 widths and six patches, your numbers are those of counting one by one"
