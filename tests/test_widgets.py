"""Sliders without a browser: do they draw what they say, pixel for pixel, and carry a still picture?"""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tricknet import images, plots, trick
from tricknet.widgets import scrub, sliders

WIDGET = "application/vnd.jupyter.widget-view+json"


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)))


def still(widget):
    """The still pictures in what a cell shows, each with its caption, and the alternative text."""
    data, metadata = widget._repr_mimebundle_()
    assert WIDGET in data
    return plots.read_back(base64.b64decode(data["image/png"])), metadata["image/png"]["alt"]


def shade(value, side=40):
    return np.full((side, side, 3), value, np.uint8)


def test_a_scrubber_carries_a_still_picture_of_where_it_starts():
    for start, shown, caption in [(-1, 255, "white"), (0, 0, "black")]:
        ((picture, said),), alt = still(scrub([shade(0), shade(255)], ["black", "white"], start))
        assert alt == said == caption and (picture == shown).all()


def test_a_scrubber_needs_a_caption_for_each_picture():
    with pytest.raises(ValueError, match=r"\b2\b.*\b1\b"):
        scrub([shade(0), shade(1)], ["one"])
    with pytest.raises(ValueError, match=r"\b0\b"):
        scrub([], [])


def test_the_steps_of_a_trick(squeezenet):
    result = trick(squeezenet, images.load("panda"), "vulture", steps=6)
    steps = scrub(result.frames, squeezenet.predict(result.frames), name="step", still=[0, 3, 6])
    assert steps.values == {"step": 6}
    for n in (0, 3, 6):
        steps.controls["step"].value = n
        shown = pixels(steps.image.png)
        np.testing.assert_array_equal(shown, result.frames[n])
        prediction = squeezenet.predict(shown)
        assert str(prediction) == steps.image.alt and prediction.best.name in steps.caption.value
    stills, alt = still(steps)
    assert alt == "; ".join(caption for _, caption in stills) and len(stills) == 3
    for shown, caption in stills:
        step, said = caption.split(": ")
        np.testing.assert_array_equal(shown, result.frames[int(step.removeprefix("step "))])
        assert said == str(squeezenet.predict(shown))


def test_sliders_start_at_the_defaults_and_move_by_their_step():
    def draw(value=3, share=0.5, other=7):
        return shade(value), f"{value} {share} {other}"

    moved = sliders(draw, value=(0, 9), share=(0.0, 1.0, 0.25))
    assert moved.values == {"value": 3, "share": 0.5} and moved.controls["share"].step == 0.25
    drawn = moved.frames(most=16)  # four places of each, where it is among them
    assert drawn["places"] == {"value": [0, 3, 6, 9], "share": [0.0, 0.5, 0.75, 1.0]}
    assert [caption for _, caption, _ in drawn["frames"]][3:6] == ["0 1.0 7", "3 0.0 7", "3 0.5 7"]
    assert (pixels(base64.b64decode(drawn["frames"][5][0])) == 3).all()
    moved.controls["share"].value = 0.75
    assert "3 0.75 7" in moved.caption.value
    assert sliders(lambda low: shade(low), low=(4, 9)).values == {"low": 4}
    assert sliders(lambda low: shade(round(low)), low=(0, 2.0)).controls["low"].step == pytest.approx(0.02)


@pytest.mark.parametrize("numbers", [(1,), (3, 2)])
def test_a_range_that_is_none_gets_a_sentence(numbers):
    with pytest.raises(ValueError, match=rf"\bn\b.*\({numbers[0]},"):
        sliders(shade, n=numbers)


def test_an_error_while_moving_is_said_where_the_reader_looks():
    moved = sliders(lambda n: shade(100 // abs(n - 3)), n=(0, 5))
    moved.controls["n"].value = 3
    assert "ZeroDivisionError" in moved.caption.value and 'role="alert"' in moved.caption.value
    moved.controls["n"].value = 4
    assert "ZeroDivisionError" not in moved.caption.value
