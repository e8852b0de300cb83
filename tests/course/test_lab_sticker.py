"""The lab's third mode without a browser: is the sticker where it was dragged, and is the answer about that picture?"""

import base64

import numpy as np
import pytest
from lab_page import decoded, words

from tricknet import images
from tricknet.attacks import sticker
from tricknet.course.lab import Lab, view
from tricknet.course.lab.panel import STICK, TRICK


@pytest.fixture
def page(squeezenet, folder):
    """A lab with a sticker on the panda, on the small network: it is the same on both."""
    page = Lab(squeezenet)
    page.panel.mode.value = STICK
    return page


@pytest.fixture
def panel(page):
    return page.panel


def drag(page, row, column, held=False):
    """As the browser does it."""
    page.panel.sticker.movable.set_state({"at": [row, column], "held": held})


def covered(page):
    """Which pixels the sticker has changed."""
    return (decoded(page.panel.sticker.movable.value) != page.picture).any(axis=2)


@pytest.mark.parametrize("row, column, size", [(60, 150, 104), (112, 112, 40), (0, 0, 104), (224, 100, 150)])
def test_the_sticker_is_where_it_was_dragged_and_nowhere_else(page, panel, row, column, size):
    panel.sticker.size.value = size
    drag(page, row, column)
    pixels = np.arange(224) + 0.5
    from_centre = np.hypot(pixels[:, None] - row, pixels - column)
    changed = covered(page)
    assert not changed[from_centre > size / 2 + 2].any()
    assert changed[from_centre < size / 2 - 2].mean() > 0.9  # a pixel of the sticker may equal the panda's by chance
    assert panel.sticker.movable.size == size and panel.sticker.movable.at == [row, column]


def test_what_is_said_is_about_what_is_shown(page, panel, squeezenet):
    for at in ([30, 40], [150, 90]):
        drag(page, *at)
        said = squeezenet.predict(decoded(panel.sticker.movable.value))
        assert words(panel.sticker.caption) == f"with the sticker {view.top(said)}"
        assert view.top(said) in panel.sticker.movable.words
        assert words(panel.screen.bars) == " ".join(f"{name} {p:.1%}" for _, name, p in said.top(5))
        np.testing.assert_array_equal(page.stuck, decoded(panel.sticker.movable.value))


def test_it_is_offered_once_it_has_been_let_go(page, panel, folder):
    first = panel.keep.link.value
    drag(page, 50, 50, held=True)
    assert panel.keep.link.value == first and covered(page)[50, 50]
    panel.sticker.movable.set_state({"held": False})
    data = panel.keep.link.value.split("base64,")[1].split('"')[0]
    np.testing.assert_array_equal(decoded(base64.b64decode(data)), page.stuck)

    panel.keep.save.click()
    (saved,) = folder.glob("panda-with-*.png")
    np.testing.assert_array_equal(images.load(saved), page.stuck)
    panel.keep.again.click()
    assert words(panel.keep.kept).endswith("Every pixel is as it was.")
    drag(page, 150, 150)  # another picture, which has not been saved
    assert words(panel.keep.kept) == ""
    panel.keep.again.click()
    assert "the PNG to download" in words(panel.keep.kept)


def test_another_sticker_or_picture_keeps_the_place(page, panel):
    drag(page, 70, 60)
    for _, name in panel.sticker.which.options:
        panel.sticker.which.value = name
        np.testing.assert_array_equal(
            page.stuck, sticker.ready(name).on(page.picture, (70, 60), panel.sticker.size.value)
        )
    panel.shelf.source.value = "cat"
    assert panel.sticker.movable.at == [70, 60] and covered(page)[70, 60] and not covered(page)[200, 200]
    panel.mode.value = TRICK
    assert page.stuck is None and panel.keep.layout.display == "none"
    panel.sticker.movable.set_state({"at": [9, 9]})  # a late message of a page that was slow
    assert page.stuck is None


def test_without_a_picture_it_says_so(squeezenet, folder):
    for file in folder.iterdir():
        file.write_bytes(b"not a picture")
    page = Lab(squeezenet)
    panel = page.panel
    panel.mode.value = STICK
    drag(page, 9, 9)
    assert "Choose a picture first" in words(panel.message)
