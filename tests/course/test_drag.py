"""A sticker in a lesson, without a browser: is it where it was dragged, and is the answer about that picture?"""

import base64

import numpy as np
import pytest
from lab_page import decoded, words

from lessons.sticker.drag import drag
from tricknet import images, plots
from tricknet.attacks import sticker
from tricknet.course.lab import view

PICTURES = {"panda": images.example("panda"), "coffee": images.example("coffee")}
TOASTER, BANANA = sticker.ready("toaster"), sticker.ready("banana")


@pytest.fixture
def dragged(squeezenet):
    """The small network: it is the same on both."""
    return drag(squeezenet, PICTURES, TOASTER, BANANA, at=(150, 90))


def test_what_is_said_is_about_what_is_shown(dragged, squeezenet):
    for at, picture, made, size in (
        ([150, 90], "panda", TOASTER, 104),
        ([40, 30], "coffee", TOASTER, 104),
        ([40, 30], "coffee", BANANA, 60),
    ):
        dragged.picture.value, dragged.sticker.value, dragged.size.value = picture, made.label, size
        dragged.movable.set_state({"at": at})  # as the browser does it
        shown = made.on(PICTURES[picture], tuple(at), size)
        np.testing.assert_array_equal(decoded(dragged.movable.value), shown)
        said = squeezenet.predict(shown)
        assert view.top(said) in words(dragged.caption) and view.top(said) in dragged.movable.words
        assert words(dragged.bars) == " ".join(f"{name} {p:.1%}" for _, name, p in said.top(5))


def test_it_carries_a_still_picture_of_where_it_starts(dragged):
    data, _ = dragged._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data and "Run this cell" in data["text/plain"]
    ((picture, _),) = plots.read_back(base64.b64decode(data["image/png"]))
    np.testing.assert_array_equal(picture, TOASTER.on(PICTURES["panda"], (150, 90), 104))
