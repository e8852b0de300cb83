"""Lesson 3's figures: are the pictures the exact ones, and do the words say what the curves do?"""

import numpy as np
import pytest

from lessons.tricks import figures as alike
from tricknet import images, make_less_like, plots


@pytest.fixture(scope="module")
def cats(googlenet):
    cat = images.example("cat")
    return [make_less_like(googlenet, cat, name, steps=3) for name in ("tiger cat", "tabby")]


def test_a_row_begins_with_the_untouched_picture(cats, googlenet):
    back = plots.read_back(alike.row(cats))
    assert len(back) == 3
    for (picture, caption), expected in zip(back, [cats[0].before, *(cat.after for cat in cats)], strict=True):
        np.testing.assert_array_equal(picture, expected)
        assert caption == str(googlenet.predict(expected))


def test_a_walk_names_the_highest_peaks(googlenet):
    history = np.zeros((9, 1000), np.float32)
    history[:, 388] = [1, 1, 0.6, 0.3, 0, 0, 0, 0, 0]
    history[:, 23] = 1 - history[:, 388]
    history[3, [23, 151]] = 0.5, 0.2  # for one step, a Chihuahua
    history[4, 152] = 0.01  # hardly a Japanese spaniel
    alt = alike.walk(history, googlenet.labels).alt
    assert alt.startswith("Probabilities over 8 steps.") and "Chihuahua 20.0% at step 3" in alt
    assert "giant panda 100.0% at step 0" in alt and "spaniel" not in alt
    assert "Chihuahua" not in alike.walk(history, googlenet.labels, k=2).alt


def test_faces_and_changes_are_pieces_pixel_for_pixel():
    panda = images.example("panda")
    for (piece, caption), expected in zip(
        plots.read_back(alike.faces([panda, panda // 2], [0, 8])),
        [(panda, "untouched"), (panda // 2, "epsilon 8")],
        strict=True,
    ):
        np.testing.assert_array_equal(piece, expected[0][alike.FACE])
        assert caption == expected[1]
    change = np.full(panda.shape, 8)
    change[alike.DETAIL][0, 0] = 0, -8, -99
    ((piece, caption),) = plots.read_back(alike.magnified({"ours": change}))
    assert caption == "ours" and piece[0, 0].tolist() == [127, 0, 0] and (piece[1:] == 255).all()
