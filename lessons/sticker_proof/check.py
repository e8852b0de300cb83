"""A proof against stickers: the check of its exercise."""

from collections.abc import Callable

from lessons.sticker_proof.bands import touched
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number, several


@exercise(
    "0.11",
    start="Slide a patch of 3 along 28 columns on paper. Which bands of 5 show its first column?",
    recipe="`width` bands show its first column, and each further column adds one. The first class loses that many "
    "votes, a rival gains as many, and it may win a tie.",
)
def _(enough: Callable[..., object]) -> str:
    for width, side in ((n, m) for n in range(1, 14) for m in range(1, 15 - n)):
        touches, lead = (number(one) for one in several(enough(width, side), 2, "numbers"))
        case, most = f"Bands of {width} and a patch of {side}:", len(touched(0, side, width))
        if touches != most:
            raise Hint(f"{case} you say that it touches {touches:g}; counted one by one, it's {most}.")
        if lead != 2 * most + 1:
            words = "can no rival win" if lead <= 2 * most else "is that the smallest whole number"
            raise Hint(f"{case} with a lead of {lead:g}, {words}? Count the votes that a rival can gain.")
    return "for every case that 28 votes can prove, your numbers are those of counting one by one"
