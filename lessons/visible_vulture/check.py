"""Lesson 17, A vulture you can see: the check of its quiz."""

import numpy as np

from lessons.visible_vulture import QUIZ, WITH_NOISE, table
from tricknet.check import Hint, exercise
from tricknet.check import check as check
from tricknet.check.answers import SHUFFLES
from tricknet.counting import Rate, rate

tries: list[str] = []  # at the quiz, of which the first one counts


def names() -> list[str]:
    """The quiz's classes, in the order of its pictures."""
    return [row["target"] for row in table("paint") if row["way"] == "both"][:QUIZ]


def tally(letters: str) -> dict[bool, Rate]:
    """How many pictures a string of letters and dots names: of those painted without noise (False) and with (True)."""
    order = sorted(names(), key=str.lower)
    right = [letter == chr(ord("A") + order.index(name)) for letter, name in zip(letters, names(), strict=True)]
    with_noise = sum(right[number] for number in WITH_NOISE)
    return {False: rate(sum(right) - with_noise, QUIZ - len(WITH_NOISE)), True: rate(with_noise, len(WITH_NOISE))}


@exercise(
    "17.1",
    start="Write the letters of the names in the order of the pictures' numbers, with a dot where you have no idea: 16 "
    "characters in one string.",
)
def _(letters: str) -> str:
    if len(letters) != QUIZ or letters == QUIZ * ".":
        raise Hint(f"The answer should be a string of {QUIZ} letters and dots, with as many letters as you can.")
    tries.append(letters.upper())
    hits = tally(tries[0])
    found = f"you read {hits[True]} of the pictures painted with noise, and {hits[False]} of those painted without"
    if tries[-1] != tries[0]:
        raise Hint(f"Only the first try counts, because the check gives answers away. In yours, {found}.")
    orders = np.random.default_rng(0).permuted(np.tile(np.arange(QUIZ), (SHUFFLES, 1)), axis=1)
    lucky = int(((orders == np.arange(QUIZ))[:, list(WITH_NOISE)].sum(axis=1) >= hits[True].k).sum())
    chance = f"{lucky:,} of {SHUFFLES:,} random orders of the names do as well with noise"
    if lucky > 0.01 * SHUFFLES:
        raise Hint(f"In your first try, which counts, {found}. But {chance}, so this may be luck.")
    return f"{found}, and {chance}"
