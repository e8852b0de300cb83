"""Is every figure a picture with words, and does a class keep its colour?"""

import io

import numpy as np
import pytest
from PIL import Image

from tricknet import images, plots, trick
from tricknet.plots import charts


@pytest.fixture(scope="module")
def panda_trick(squeezenet):
    return trick(squeezenet, images.example("panda"), "vulture", steps=4)


def test_every_figure_has_alternative_text(panda_trick, squeezenet):
    said = [panda_trick.said_before, panda_trick.said_after]
    gradient = squeezenet.gradient(panda_trick.before, "vulture")
    figures = [
        plots.show(panda_trick.before, "a panda"),
        plots.bars(said, ["before", "after"]),
        plots.show_gradient(gradient),
        plots.compare(panda_trick),
        panda_trick.plot(),
        panda_trick.animate(),
    ]
    for figure in figures:
        assert Image.open(io.BytesIO(figure.data)).width > 200
        assert len(figure.alt) > 5


def test_an_animation_has_its_frames(panda_trick, tmp_path):
    panda_trick.animate(tmp_path / "panda.gif")
    assert Image.open(tmp_path / "panda.gif").n_frames == 5


def test_signed_numbers_as_grey():
    shades = plots.signed(np.array([[-9.0, -1.0, 0.0, 1.0, 9.0]]), 1)
    assert shades.tolist() == [[0, 0, 127, 255, 255]]


def test_a_class_keeps_its_colour_and_shares_it_with_none():
    first, second = charts.colours_of([388, 23, 1]), charts.colours_of([5, 23, 7, 388, 6])
    assert first[23] == second[23] and first[388] == second[388]
    assert len(set(second.values())) == 5


def test_leading_classes_are_the_targets_and_the_peaks():
    history = np.zeros((3, 10))
    history[0, 4], history[1, 7], history[2, 2] = 1, 0.6, 0.9
    assert plots.leading(history, {9}, k=3) == [9, 4, 2, 7]
