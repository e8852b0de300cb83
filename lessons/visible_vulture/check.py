"""Lesson 17, A vulture you can see: the check of its quiz."""

import numpy as np

from lessons.visible_vulture import WITH_NOISE, table
from tricknet.check import Hint, exercise
from tricknet.check import check as check
from tricknet.check.answers import SHUFFLES

NAMES = [row["target"] for row in table("paint") if row["way"] == "both"][:16]  # in the order of the pictures
tries: list[str] = []


@exercise("17.1", start="Write 16 characters: a letter for each picture, in their order, or a dot for no idea.")
def _(letters: str) -> str:
    if len(letters) != 16 or letters == 16 * ".":
        raise Hint("The answer should be a string of 16 letters and dots, with as many letters as you can.")
    tries.append(letters.upper())
    places = np.array([sorted(NAMES, key=str.lower).index(name) for name in NAMES])
    right, noisy = np.array([ord(letter) - ord("A") for letter in tries[0]]) == places, np.isin(range(16), WITH_NOISE)
    orders = np.random.default_rng(0).permuted(np.tile(places, (SHUFFLES, 1)), axis=1)
    k, found = right[noisy].sum(), f"you read {right[~noisy].sum()} of 8 painted without noise, and "
    lucky = int(((orders == places)[:, noisy].sum(axis=1) >= k).sum())
    found += f"{k} of 8 with noise, where {lucky:,} of {SHUFFLES:,} random orders do as well"
    if tries[-1] != tries[0]:
        raise Hint(f"Only the first try counts, because the check gives answers away. In yours, {found}.")
    if lucky > 0.01 * SHUFFLES:
        raise Hint(f"In your first try, which counts, {found}. That may be luck.")
    return found
