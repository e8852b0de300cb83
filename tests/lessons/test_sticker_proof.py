"""A proof against stickers: a patch touches the bands that show it, and whatever those become, the proof holds."""

import numpy as np

from lessons.sticker_proof import bands
from lessons.sticker_proof.check import check


def test_a_patch_changes_what_the_bands_that_it_touches_show_and_nothing_else():
    for left, side, width in ((0, 3, 5), (25, 3, 5), (10, 7, 1), (0, 1, 27)):
        stuck = (grey := np.full((28, 28, 28, 1), 100, np.uint8)).copy()
        stuck[:, 5 : 5 + side, left : left + side] = 255
        before, after = (bands.seen(pictures, range(28), width) for pictures in (grey, stuck))
        assert (before == 100).sum() == 28 * 28 * width
        assert [*np.unique(np.nonzero(before != after)[0])] == [*bands.touched(left, side, width)]
    assert [*np.flatnonzero(~bands.blank(np.where(bands.inside(27, 2), grey[:1], 0)))] == [0, *range(23, 28)]


def test_the_proof_is_exact_for_every_split_of_the_votes_between_three_classes():
    votes = np.pad([(a, b, 28 - a - b) for a in range(29) for b in range(29 - a)], ((0, 0), (0, 7)))
    for few in (3, 7):
        taken, first = np.minimum(few, votes.max(axis=1, keepdims=True)), votes.argmax(axis=1)
        worst = votes - taken * np.eye(10, dtype=int)[first]  # and a rival gets all that the first class loses
        holds = [(worst + taken * rival).argmax(axis=1) == first for rival in np.eye(10, dtype=int)]
        assert (np.all(holds, axis=0) == bands.proved(votes, few)).all()


def test_the_exercise_tells_right_from_wrong(refused):
    assert check("0.11", lambda width, side: (n := min(28, width + side - 1), 2 * n + 1 if n < 14 else None))
    wrong = (lambda n: (n + 1, 2 * n + 1), lambda n: (n, 2 * n), lambda n: (n, 2 * n + 0.5), lambda n: (n, 99), int)
    refused("0.11", *((lambda width, side, one=one: one(width + side - 1),) for one in wrong))
