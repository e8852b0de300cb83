"""Lesson 17, A vulture you can see: the check of its quiz."""

import numpy as np

from lessons.visible_vulture import WITH_NOISE, table
from tricknet.check import Hint, exercise
from tricknet.check import check as check
from tricknet.check.answers import SHUFFLES

NAMES = [row["target"] for row in table("paint") if row["way"] == "both"][:16]  # in the order of the pictures
PLACES, NOISY = np.array([sorted(NAMES, key=str.lower).index(name) for name in NAMES]), np.isin(range(16), WITH_NOISE)
tries: list[str] = []


@exercise("17.1", start="Write 16 characters: a letter for each picture, in their order, or a dot for no idea.")
def _(letters: str) -> str:
    given = sorted((letters := letters.upper()).replace(".", ""))
    if len(letters) != 16 or not given or sorted(set(given) & set("ABCDEFGHIJKLMNOP")) != given:
        raise Hint("The answer should be 16 letters from A to P, none of them twice, and dots. This one doesn't count.")
    tries.append(letters)
    guesses, random, halves = np.array([ord(letter) - ord("A") for letter in tries[0]]), np.random.default_rng(0), []
    for half in (NOISY, ~NOISY):
        orders = np.vstack([PLACES[half], random.permuted(np.tile(PLACES[half], (SHUFFLES, 1)), axis=1)])
        halves.append((orders == guesses[half]).sum(axis=1))  # the right letters of the true order, and of random ones
    counts = np.array([sum(halves), *halves])
    (k, noisy, clear), (lucky, *luck) = counts[:, 0], (counts[:, 1:] >= counts[:, :1]).sum(axis=1)
    words = f"you read {k} of 16, where {lucky:,} of {SHUFFLES:,} random orders do as well: {noisy} of 8 with noise "
    words += f"({luck[0]:,} of the orders{', so that may be luck' * int(luck[0] > 0.01 * SHUFFLES)}), "
    words += f"and {clear} of 8 without ({luck[1]:,} of the orders)"
    if tries[-1] != tries[0] or lucky > 0.01 * SHUFFLES:
        raise Hint(f"Only your first try counts, and passes if at most 1% of the orders do as well. In it, {words}.")
    return words
