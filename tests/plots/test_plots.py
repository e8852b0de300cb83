"""Are pictures drawn pixel for pixel, and do they come back out of the file? Are charts and drawings true?"""

import base64
import io
import re
from html import unescape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from tests.facts import numbers
from tricknet import images, plots, trick
from tricknet.plots import charts, intervals, network, sheet


@pytest.fixture(scope="module")
def panda_trick(squeezenet):
    return trick(squeezenet, images.load("panda"), "vulture", steps=4)


# Pictures

pictures = st.lists(arrays.arrays(np.uint8, st.tuples(*[st.integers(1, 9)] * 2, st.just(3))), min_size=1, max_size=7)


@given(pictures, st.integers(1, 4), st.one_of(st.none(), st.integers(1, 4)), st.data())
@settings(max_examples=50)
def test_pictures_come_back_pixel_for_pixel(originals, enlarge, columns, data):
    titles = data.draw(st.one_of(st.just([]), st.lists(st.text(), min_size=len(originals), max_size=len(originals))))
    back = plots.read_back(plots.show(originals, titles, enlarge=enlarge, columns=columns))
    assert [title for _, title in back] == (titles or [""] * len(originals))
    for (picture, _), original in zip(back, originals, strict=True):
        np.testing.assert_array_equal(picture, original)


def test_what_is_no_longer_exact_is_not_read_back_and_a_page_shows_each_pixel():
    figure = plots.show(np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8), "noise", enlarge=2)
    image, info = Image.open(io.BytesIO(figure.data)), sheet.PngInfo()
    _, metadata = figure._repr_png_()
    assert metadata["width"] == image.width >= 448
    assert metadata["unconfined"] is True  # or JupyterLab scales it down in a narrow window
    info.add_text(sheet.KEY, image.text[sheet.KEY])
    image.save(exact := io.BytesIO(), "PNG", pnginfo=info)
    assert plots.read_back(exact.getvalue())
    smoothed = image.resize((image.width + 1, image.height + 1), Image.Resampling.BICUBIC)
    smoothed.save(again := io.BytesIO(), "PNG", pnginfo=info)
    with pytest.raises(ValueError):
        plots.read_back(again.getvalue())


INEXACT = [
    (np.zeros((9, 9, 3)), {}, r"float64.*np\.rint"),
    (np.zeros((9, 9, 4), np.uint8), {}, r"\(9, 9, 4\)"),
    (np.zeros((9, 9, 3), np.uint8), {"enlarge": 1.5}, r"enlarge.*1\.5"),
    (np.zeros((9, 9, 3), np.uint8), {"titles": ["a", "b"]}, r"\b1\b.*\b2\b"),
]


@pytest.mark.parametrize(("picture", "options", "facts"), INEXACT)
def test_what_cannot_be_drawn_exactly_is_one_sentence(picture, options, facts):
    with pytest.raises(ValueError, match=facts):
        plots.show(picture, **options)


def test_a_photograph_is_not_overwritten_by_a_png_of_its_name(tmp_path):
    (photograph := tmp_path / "panda.jpg").write_bytes(b"a JPEG")
    with pytest.raises(ValueError, match=r"panda\.jpg.* \.png"):
        plots.show(np.zeros((9, 9, 3), np.uint8)).save(photograph)
    assert photograph.read_bytes() == b"a JPEG"


def test_a_blink_beside_its_perturbation(panda_trick):
    """The panda blinks slowly enough for everybody, and what was added stays. Grey is 127: no change."""
    figure = plots.blink(panda_trick, enlarge=2)
    (before, old), (added, legend), (after, new), (again, _) = plots.read_back(figure)
    np.testing.assert_array_equal(after, panda_trick.after)
    np.testing.assert_array_equal(before, panda_trick.before)
    np.testing.assert_array_equal(again, added)
    largest = np.abs(panda_trick.perturbation).max()
    np.testing.assert_allclose(added / 127.5 * largest - largest, panda_trick.perturbation, atol=largest / 127)
    said = str(panda_trick.prediction_before), str(panda_trick.prediction_after)
    assert (old, new) == said and f"±{largest} " in legend
    with Image.open(io.BytesIO(plots.blink(panda_trick, alone=True).data)) as image:
        assert image.n_frames == 2 and image.info["duration"] >= 500


@given(st.text(), st.integers(1, 300))
def test_wrapping_loses_no_word(text, width):
    assert " ".join(sheet.wrap(text, width, sheet.font(14))).split() == text.replace("\n", " ").split()


# Charts


@given(st.dictionaries(st.integers(), st.floats(0, 1), max_size=8))
def test_names_beside_curves_do_not_overlap(heights):
    moved = charts.spread(heights, 0.1)
    at = sorted(moved.values())
    assert moved.keys() == heights.keys() and all(np.diff(at) >= 0.1 - 1e-9) and max(at, default=0) <= 1
    if all(np.diff(sorted(heights.values())) >= 0.1):
        assert moved == pytest.approx(heights)


def test_a_chart_s_png_carries_its_words_as_text_and_the_same_pixels():
    """Also words of several lines, or with a stroke around them. One with a photograph in it carries none."""
    few = {"real": [2, 3], "trick": [0, 1]}
    rows = {"ninety & more\nof them": {"real": [1, 2, 6], "trick": [-4, -1, -1]}, "few": few}
    means = intervals.means(rows, "a label below", "a title\nof two", colours=["green", "black"])
    words = {"ninety & more of them", "few", "a label below", "a title", "of two", "real: 3.0", "trick: −2.0", "−4"}
    _, (low, high), middle, *_ = (line.get_xdata() for line in means.figure.axes[0].lines)
    assert low < middle[0] == 3 < high
    with Image.open(io.BytesIO(base64.b64decode(means._repr_mimebundle_()[0]["image/png"]))) as image:
        assert np.array_equal(image, Image.open(io.BytesIO(means.data)))
        assert words <= set(re.findall(r"<text[^>]*>([^<]*)", unescape(image.text["svg"])))
    means.figure.axes[0].imshow(np.eye(3))
    assert charts.with_drawing(large := bytes(10**6), means.figure) == large


def written(plot):
    """The last number of what is written at each place."""
    found = {text.get_position(): numbers(text.get_text()) for text in plot.figure.axes[0].texts}
    return {place: all_of_it[-1] for place, all_of_it in found.items() if all_of_it}


@pytest.mark.parametrize("first", [0, 20, 27, 29, 35, 42, 124, 254])
def test_the_drawn_slope_is_the_one_that_a_nudge_finds(first):
    """The last number as drawn, before and after the first one rises by 1. (At 28 and 40.75 there are corners.)"""
    before, after = (written(network.backpropagation(n)) for n in (first, first + 1))
    (x, y), end = network.INPUTS[0], network.END
    assert after[end] - before[end] == pytest.approx(before[x, y - 0.5], abs=1e-9)
