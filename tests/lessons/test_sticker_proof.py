"""A proof against stickers: bands show what they say, and whatever the votes that a patch can reach become, it holds."""

import numpy as np

from lessons.sticker_proof import bands
from lessons.sticker_proof.check import check


def test_a_patch_changes_what_the_bands_that_it_touches_show_and_nothing_else():
    grey = np.full((28, 28, 28, 1), 100, np.uint8)
    for left, side, width in ((0, 3, 5), (25, 3, 5), (10, 7, 1), (0, 1, 27)):
        stuck = grey.copy()
        stuck[:, 5 : 5 + side, left : left + side] = 255
        before, after = (bands.seen(pictures, np.arange(28), width) for pictures in (grey, stuck))
        changed = np.flatnonzero((before != after).any(axis=(1, 2, 3)))
        assert changed.tolist() == bands.touched(left, side, width).tolist() and (before == 100).sum() == 784 * width


def test_the_proof_is_exact_for_every_split_of_the_votes_between_three_classes():
    votes = np.pad([(a, b, 28 - a - b) for a in range(29) for b in range(29 - a)], ((0, 0), (0, 7)))
    first, rows = votes.argmax(axis=1), np.arange(len(votes))
    for few in (3, 7):
        holds = np.ones(len(votes), bool)
        for rival in range(10):
            worst, lost = votes.copy(), np.minimum(few, votes[rows, first])
            worst[rows, first] -= lost
            worst[:, rival] += lost
            holds &= worst.argmax(axis=1) == first
        assert (holds == bands.proved(votes, few)).all()


def test_the_exercise_tells_right_from_wrong(refused):
    assert check("0.11", lambda width, side: (min(28, width + side - 1), 2 * min(28, width + side - 1) + 1))
    refused("0.11", (lambda w, s: (w + s, 99),), (lambda w, s: (1, 2),), (lambda w, s: (1, 99),), (lambda w, s: 7,))
