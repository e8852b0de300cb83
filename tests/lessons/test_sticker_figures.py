"""Lesson 10: its exercises judge what they are given, and its figures say in words what they draw."""

import numpy as np
import pytest

from lessons.sticker.check import check
from lessons.sticker.figures import along, changes, crowd, sliding
from lessons.sticker.stickers import note, rivals, worn
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.sticker import GREY, SIDE, Sticker, disc
from tricknet.evidence import rate
from tricknet.plots.paper import smooth


def plain_disc(label):
    """A grey sticker, which is nothing to anybody."""
    grey = np.full((SIDE, SIDE, 3), GREY, np.uint8)
    return Sticker(np.dstack([grey, np.where(disc(), 255, 0).astype(np.uint8)]), label)


@pytest.mark.long
@pytest.mark.parametrize(
    ("exercise", "answers", "hint"),
    [
        ("10.1", ["teapot"], "it is a str"),
        ("10.1", [sticker.ready("toaster")], "Choose another class"),
        ("10.1", [plain_disc("teapot")], "only 0 of 10"),
        ("10.2", [80, 0], "whole numbers from 0 to 72"),
        ("10.2", [16.5, 16], "whole numbers from 0 to 72"),
        ("10.2", [0, 0], "still says toaster"),
        ("10.3", ["toaster"], "a name from `images.EVIDENCE`"),
        ("10.3", ["zebra"], "wins on only 1 of 10"),
    ],
)
def test_a_wrong_answer_gets_a_hint(googlenet, exercise, answers, hint):
    assert hint in repr(check(exercise, *answers))


def test_rivals_differ_in_the_disc_alone():
    photographs = np.stack([images.load(name) for name in images.HELD_OUT[:2]])
    discs = rivals("banana")
    assert set(discs) == {"sticker", "shuffled", "note", "object"} and "object" not in rivals("toaster")
    made, other = (discs[kind][disc()] for kind in ("sticker", "shuffled"))
    assert sorted(map(tuple, made)) == sorted(map(tuple, other)) and (made != other).any()
    shown = {kind: worn(photographs, what, 0.15) for kind, what in discs.items()}
    changed = {kind: (pictures != photographs).any(axis=-1) for kind, pictures in shown.items()}
    somewhere = np.logical_or.reduce(list(changed.values()))
    assert somewhere.mean() == pytest.approx(0.15, abs=0.01)
    assert all((somewhere & ~where).sum() < 0.02 * somewhere.sum() for where in changed.values())


def test_a_note_is_black_on_white_and_inside_its_disc():
    for word in ("toaster", "banana"):
        dark = note(word) < 255
        assert 0.03 < dark.mean() < 0.2 and not dark[~disc(len(dark))].any()


def test_a_smooth_sticker_is_the_sticker_on_white():
    toaster = sticker.ready("toaster")
    large = smooth(toaster, 2 * SIDE)
    assert (large[0, 0] == 255).all()
    means = large.reshape(SIDE, 2, SIDE, 2, 3).mean(axis=(1, 3))
    assert np.corrcoef(means[disc()].ravel(), toaster.pixels[disc()][:, :3].ravel())[0, 1] > 0.95


def test_a_curve_says_its_counts():
    curves = {"sticker": {0.05: rate(1, 30), 0.1: rate(26, 30)}}
    plot = along({"": curves}, "size", "share", "Two points.", percent=True)
    assert plot.alt == "Two points. sticker: 1 of 30 at 0.05, 26 of 30 at 0.1."
    two = along({"A": curves, "B": curves}, "size", "share", "Two charts.")
    assert "A, sticker: 1 of 30" in two.alt and [ax.get_title() for ax in two.figure.axes] == ["A", "B"]
    (ax,) = plot.figure.axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5%", "10%"]
    assert ax.lines[0].get_ydata() == pytest.approx([1 / 30, 26 / 30])
    more = along(
        {"A": curves}, "size", "share", "Dots.", besides=("two more", {"A": {0.1: [rate(2, 30), rate(9, 30)]}})
    )
    assert more.alt.endswith("; A, two more: 2, 9 of 30 at 0.1.")
    *_, dots = more.figure.axes[0].lines
    assert list(dots.get_xdata()) == [1, 1] and dots.get_ydata() == pytest.approx([2 / 30, 9 / 30])


def test_a_row_of_changes_says_its_counts():
    plot = changes({"turned": {"toaster": rate(29, 30), "shuffled": rate(0, 30)}}, "share", "One row.")
    assert plot.alt == "One row. turned: toaster 29 of 30, shuffled 0 of 30."
    assert "29, 0 of 30" in [text.get_text() for text in plot.figure.axes[0].texts]


def test_a_crowd_shows_everyone():
    sheet = crowd([images.load("panda"), images.load("coffee")], ["giant panda", "espresso"], "Two:")
    assert sheet.alt == "Two: giant panda, espresso."
    assert [box.caption for box in sheet.boxes[0]] == ["giant panda", "espresso"]


def test_the_map_lies_where_the_places_are():
    """The dot of a place is round that place, its area grows with the probability, and the first row is at the top."""
    places, found = np.array([56, 168]), np.array([[0.1, 0.2], [0.3, 0.9]])
    plot = sliding(images.example("panda"), found, places, 60, "A map.")
    dots = {
        patch.center: patch.radius for patch in plot.figure.axes[0].patches if patch.get_facecolor()[:3] != (1, 1, 1)
    }
    areas = {centre: radius**2 for centre, radius in dots.items() if centre in {(x, y) for x in places for y in places}}
    assert areas == {
        (x, y): pytest.approx((0.48 * 112) ** 2 * found[row, column])
        for row, y in enumerate(places)
        for column, x in enumerate(places)
    }
