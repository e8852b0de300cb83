"""Lesson 8's figures: what they show is what they were given."""

import numpy as np

from lessons.survive import figures as survival
from tricknet import images, plots
from tricknet.evidence import rate
from tricknet.networks.classifier import Prediction

PANDA = images.example("panda")


def test_a_grain_is_the_mean_colour_of_its_part():
    added = np.zeros(PANDA.shape)
    added[survival.LEG] = [3, 0, 3]
    grain = survival.grain(added, 2)
    assert grain.shape == (88, 88) and np.unique(grain).tolist() == [255]
    assert np.unique(survival.grain(-added, 2)).tolist() == [0]
    assert np.unique(survival.grain(added, 2, survival.EYE)).tolist() == [119]


def test_frames_say_which_hold(googlenet):
    said = [Prediction(np.eye(1000, dtype=np.float32)[c], googlenet.labels) for c in (23, 388)]
    sheet = survival.framed({"one": PANDA, "two": PANDA}, said, target="vulture", columns=2, notes=["1 of 2", "3 of 4"])
    (whole, first), (broken, second) = plots.read_back(sheet)
    assert first == "one\nvulture\n1 of 2" and second == "two\ngiant panda\n3 of 4"
    assert len(np.unique(whole[0], axis=0)) == 1 and len(np.unique(broken[0], axis=0)) == 2
    assert "one, vulture, 1 of 2; two, giant panda, 3 of 4" in sheet.alt


def test_a_saved_picture_is_exact_beside_its_curve(googlenet):
    said = googlenet.predict(PANDA)
    sheet = survival.saved(PANDA, said, np.zeros(PANDA.shape), quality=80, curve={70: 0.0, 80: 0.5, 90: 1.0})
    (picture, caption), (grain, _) = plots.read_back(sheet)
    assert (picture == PANDA).all() and "giant panda 100.0%" in caption
    assert grain.shape[:2] == (88, 88)


def test_counts_are_said_in_words_too():
    kinds = dict(zip(survival.KINDS, (rate(3, 3), rate(1, 3), rate(2, 3)), strict=True))
    plot = survival.counts({"left": {"turned": kinds}, "right": {"turned": kinds}}, xlabel="share", alt="Three kinds.")
    assert "left, turned: the photograph itself 3 of 3, plain tricks 1 of 3, sturdy tricks 2 of 3" in plot.alt
    left, right = plot.figure.axes
    _, *lines = left.lines  # the first joins the marks; then each mark follows its interval
    assert [line.get_xdata()[0] for line in lines[1::2]] == [1, 1 / 3, 2 / 3]
    assert [tuple(line.get_xdata()) for line in lines[::2]] == [(rate.low, rate.high) for rate in kinds.values()]
    assert [text.get_text() for text in left.get_yticklabels()] == ["turned"]
    assert right.get_title() == "right"
