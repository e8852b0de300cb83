"""Lesson 9: its controls are controls, and its exercises tell right from wrong."""

import io

import nbformat
import numpy as np
import pytest
from PIL import Image

from lessons.sticker.drag import Dragged
from lessons.sticker.stickers import blank, log_odds_at, rivals, worn
from tools import browser
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.sticker import SIDE, Sticker, disc
from tricknet.images import load_all
from tricknet.networks.objectives import Logit


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(refused):
    nothing = np.dstack([blank(), np.where(disc(), 255, 0).astype(np.uint8)])
    refused("9.1", ("teapot",), (sticker.ready("toaster"),), (Sticker(nothing, "teapot"),))
    refused("9.2", (80, 0), (0, 0))
    refused("9.2", (16.5, 16))
    refused("9.3", ("toaster",), ("zebra",))


def test_rivals_differ_in_the_disc_alone():
    photographs = load_all(images.HELD_OUT[:2])
    discs = rivals("banana")
    assert set(discs) == {"sticker", "shuffled", "note", "object"} and "object" not in rivals("toaster")
    own, other = (discs[kind][disc()] for kind in ("sticker", "shuffled"))
    assert sorted(map(tuple, own)) == sorted(map(tuple, other)) and (own != other).any()
    worn_by = {kind: worn(photographs, what, 0.15) for kind, what in discs.items()}
    changed = {kind: (pictures != photographs).any(axis=-1) for kind, pictures in worn_by.items()}
    somewhere = np.logical_or.reduce(list(changed.values()))
    assert somewhere.mean() == pytest.approx(0.15, abs=0.01)
    assert all((somewhere & ~where).sum() < 0.02 * somewhere.sum() for where in changed.values())


PANDA = images.load("panda")


def test_log_odds_are_those_at_their_places(squeezenet):
    """The network's scores say the same: a class's own, less that of all the others together."""
    places, own = (60, 160), squeezenet.predict(PANDA).best.index
    found = log_odds_at(squeezenet, PANDA, blank(), own, places=places, size=75)
    score = Logit(own) - Logit(set(range(1000)) - {own})
    for i, j in np.ndindex(2, 2):
        covered = sticker.place(PANDA, blank(), (places[i], places[j]), 75)
        assert found[i, j] == pytest.approx(squeezenet.value(covered, score), abs=1e-3)


PICTURES = {"panda": PANDA, "coffee": images.load("coffee")}
TOASTER, BANANA = sticker.ready("toaster"), sticker.ready("banana")
DRAG = """
import tricknet
from tricknet import images
from tricknet.attacks import sticker
from lessons.sticker.drag import Dragged

Dragged(tricknet.load("SqueezeNet"), {"panda": images.load("panda")}, sticker.ready("toaster"))
"""


def test_what_is_said_is_about_what_is_shown(squeezenet):
    dragged = Dragged(squeezenet, PICTURES, TOASTER, BANANA, at=(150, 90))
    for at, picture, one, size in (
        ([150, 90], "panda", TOASTER, 104),
        ([40, 30], "coffee", TOASTER, 104),
        ([40, 30], "coffee", BANANA, 60),
    ):
        dragged.picture.value, dragged.sticker.value, dragged.size.value = picture, one.label, size
        dragged.movable.set_state({"at": at})  # as the browser does it
        expected = one.on(PICTURES[picture], tuple(at), size)
        np.testing.assert_array_equal(Image.open(io.BytesIO(dragged.movable.value)), expected)
        _, name, p = squeezenet.predict(expected).best
        assert f"{name} {p:.1%}" in dragged.movable.words
        assert name in dragged.answer.value and f"{p:.2%}" in dragged.answer.value


@pytest.mark.browser
@pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}")
def test_it_follows_the_mouse_a_finger_and_the_arrow_keys(tmp_path):
    with browser.jupyter(tmp_path) as address, browser.browser() as chromium:
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(DRAG)], metadata=kernel)
        nbformat.write(notebook, tmp_path / "drag.ipynb")
        page = chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=True).new_page()
        board = browser.open_cell(page, address, "drag.ipynb", "Dragged(").locator(".movable")
        board.scroll_into_view_if_needed()
        box = board.bounding_box()

        def settled(row, column):
            """Wait until the sticker is there, on the page as it was."""
            expected = TOASTER.on(PICTURES["panda"], (row, column), SIDE)
            for _ in range(300):
                if np.array_equal(Image.open(io.BytesIO(browser.bytes_of(board.locator("img")))), expected):
                    break
                page.wait_for_timeout(100)
            else:
                raise AssertionError(f"The sticker is not at {row}, {column}.")
            assert board.bounding_box() == box

        # Held off its centre, it does not jump. Beyond the edge, its centre stays on the picture. Let go, it stays.
        settled(112, 112)
        page.mouse.move(box["x"] + 122, box["y"] + 102)
        page.mouse.down()
        page.mouse.move(box["x"] + 60, box["y"] + 170, steps=20)
        settled(180, 50)
        page.mouse.move(box["x"] - 80, box["y"] + 90, steps=5)
        page.mouse.up()
        page.mouse.move(box["x"] + 200, box["y"] + 200)
        settled(100, 0)
        for key in ["ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowUp"]:
            page.keyboard.press(key)
        settled(107, 4)
        fingers = page.context.new_cdp_session(page)
        for kind, points in (("touchStart", [(107, 4)]), ("touchMove", [(90, 40)]), ("touchEnd", [])):
            touched = [{"x": box["x"] + x, "y": box["y"] + y} for y, x in points]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
        settled(90, 40)
