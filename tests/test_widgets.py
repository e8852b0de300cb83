"""Sliders without a browser: do they draw what they say, pixel for pixel, and store a still picture, and a strip?"""

import base64

import numpy as np
import pytest
from PIL import Image

from tests.web.opening import decoded
from tricknet import images, plots, trick
from tricknet.island import ISLAND, STORE
from tricknet.widgets import scrub, sliders

WIDGET = "application/vnd.jupyter.widget-view+json"


def still(widget):
    """The still pictures in what a cell shows, each with its caption, and the alternative text."""
    data, metadata = widget._repr_mimebundle_()
    assert WIDGET in data and ISLAND not in data
    return plots.read_back(base64.b64decode(data["image/png"])), metadata["image/png"]["alt"]


def drawn(widget, *values):
    """What the browser is told when its sliders are there."""
    answer, buffers = widget.answer({"kind": "draw", "values": [*values]}, [])
    assert not buffers
    return answer


def starts(widget):
    """Each slider's range, step and value."""
    return {name: tuple(slider.values()) for name, slider in widget.state["sliders"]}


def shade(value, side=40):
    return np.full((side, side, 3), value, np.uint8)


def test_a_scrubber_carries_a_still_picture_of_where_it_starts():
    for start, shown, caption in [(-1, 255, "white"), (0, 0, "black")]:
        one = scrub([shade(0), shade(255)], ["black", "white"], start)
        ((picture, said),), alt = still(one)
        assert alt == said == caption == one.state["shown"]["caption"] and (picture == shown).all()
        assert (decoded(one.state["shown"]["picture"]) == shown).all()


def test_the_steps_of_a_trick(squeezenet):
    result = trick(squeezenet, images.load("panda"), "vulture", steps=6)
    steps = scrub(result.frames, squeezenet.predict(result.frames), name="step", still=[0, 3, 6])
    assert starts(steps) == {"step": (0, 6, 1, 6)}
    for n in (0, 3, 6):
        answer = drawn(steps, n)
        shown = decoded(answer["picture"])
        np.testing.assert_array_equal(shown, result.frames[n])
        prediction = squeezenet.predict(shown)
        assert answer["alt"] == str(prediction) and answer["caption"][0][0] == prediction.best.name
        assert [p for _, p in answer["caption"]] == pytest.approx([p for *_, p in prediction.top(5)], abs=1e-6)
    stills, alt = still(steps)
    assert alt == "; ".join(caption for _, caption in stills) and len(stills) == 3
    for shown, caption in stills:
        step, said = caption.split(": ")
        np.testing.assert_array_equal(shown, result.frames[int(step.removeprefix("step "))])
        assert said == str(squeezenet.predict(shown))


def test_sliders_start_at_the_defaults_and_move_by_their_step():
    def draw(value=3, share=0.5, other=7):
        return shade(value), f"{value} {share} {other}"

    moved = sliders(draw, value=(0, 9), share=(0, 1, 0.25))
    assert starts(moved) == {"value": (0, 9, 1, 3), "share": (0, 1, 0.25, 0.5)}
    assert drawn(moved, 4, 0.75)["caption"] == "4 0.75 7"
    assert drawn(moved, 99, 1)["caption"] == "9 1.0 7"  # as the range has it
    assert starts(sliders(lambda low: shade(low), low=(4, 9))) == {"low": (4, 9, 1, 4)}
    assert starts(sliders(lambda low: shade(round(low)), low=(0, 2.0)))["low"][2] == pytest.approx(0.02)


@pytest.mark.parametrize("noise", [False, True])
def test_a_page_gets_what_is_drawn_at_some_places_on_a_strip_that_is_exact_if_it_is_small(noise, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)

    def draw(value=3, share=0.5):
        return rng.integers(256, size=(400, 300, 3), dtype=np.uint8) if noise else shade(value), f"{value} {share}"

    monkeypatch.setenv(STORE, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    data, _ = sliders(draw, value=(0, 9), share=(0.0, 1.0, 0.25))._repr_mimebundle_()
    state = data[ISLAND]["state"]  # at most six places of each, where it begins among them
    assert state["sliders"][0] == ["value", {"places": [0, 3, 4, 5, 7, 9], "at": 1}]
    assert state["sliders"][1] == ["share", {"places": [0, 0.25, 0.5, 0.75, 1], "at": 2}]
    assert [caption for caption, _ in state["frames"]][4:8] == ["0 1.0", "3 0.0", "3 0.25", "3 0.5"]
    assert state["exact"] == (not noise)
    with Image.open(tmp_path / state["strip"]) as strip:
        left, top = (7 // state["rows"] * state["width"], 7 % state["rows"] * state["height"])
        frame = np.asarray(strip.convert("RGB"))[top:, left:][: state["height"], : state["width"]]
    assert noise or (frame == 3).all()
    assert [file.name for file in tmp_path.iterdir()] == [state["strip"]]
