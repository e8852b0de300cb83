"""Are pictures drawn pixel for pixel, and do they come back out of the file? Has every figure its words?"""

import io
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from tricknet import images, plots, trick
from tricknet.attacks.trick import Trick
from tricknet.plots import charts, sheet


@pytest.fixture(scope="module")
def panda_trick(squeezenet):
    return trick(squeezenet, images.example("panda"), "vulture", steps=4)


def test_every_figure_has_alternative_text(panda_trick):
    predictions = [panda_trick.prediction_before, panda_trick.prediction_after]
    figures = [
        plots.show(panda_trick.before, "a panda"),
        plots.wall(panda_trick.frames, list("abcde"), columns=3),
        plots.answers(panda_trick.frames[[0, -1]], predictions, target="vulture"),
        plots.bars(predictions, ["before", "after"]),
        plots.compare(panda_trick),
        plots.blink(panda_trick),
        plots.plot_steps(panda_trick),
        plots.animate(panda_trick),
    ]
    for figure in figures:
        assert Image.open(io.BytesIO(figure.data)).width > 200
        assert len(figure.alt) > 5


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


def test_a_picture_is_shown_at_a_pixel_of_the_page_each():
    figure = plots.show(np.zeros((224, 224, 3), np.uint8), "black", enlarge=2)
    _, metadata = figure._repr_png_()
    assert metadata["width"] == Image.open(io.BytesIO(figure.data)).width >= 448
    assert metadata["unconfined"] is True  # or JupyterLab scales it down in a narrow window


def test_one_picture_a_list_and_a_batch_are_the_same():
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    colour = np.dstack([grey] * 3)
    for array in (grey, colour, [grey], [colour], colour[None]):
        ((picture, _),) = plots.read_back(plots.show(array))
        np.testing.assert_array_equal(picture, colour)


@pytest.mark.parametrize("damage", ["smooth", "jpeg", "crop"])
def test_what_is_no_longer_exact_is_not_read_back(damage):
    figure = plots.show(np.random.default_rng(0).integers(0, 256, (30, 30, 3), np.uint8), "noise", enlarge=3)
    image = Image.open(io.BytesIO(figure.data))
    info, buffer = sheet.PngInfo(), io.BytesIO()
    info.add_text(sheet.KEY, image.text[sheet.KEY])
    if damage == "smooth":
        image = image.resize((image.width + 1, image.height + 1), Image.Resampling.BICUBIC)
    elif damage == "jpeg":
        image.save(buffer, "JPEG", quality=95)
        image = Image.open(buffer)
    else:
        image = image.crop((0, 0, image.width, image.height // 2))
    image.save(again := io.BytesIO(), "PNG", pnginfo=info)
    with pytest.raises(ValueError, match="scaled, smoothed or cropped"):
        plots.read_back(again.getvalue())


def test_a_picture_of_unknown_origin_is_not_read_back(panda_trick):
    with pytest.raises(ValueError, match=r"with plots\.show"):
        plots.read_back(plots.plot_steps(panda_trick))


@pytest.mark.parametrize(
    "picture, options, sentence",
    [
        (np.zeros((9, 9, 3)), {}, r"whole numbers.*float64.*np\.rint"),
        (np.zeros((9, 9, 4), np.uint8), {}, r"height x width x 3.*\(9, 9, 4\)"),
        (np.zeros((0, 9, 3), np.uint8), {}, r"\(0, 9, 3\)"),
        (np.zeros((9, 9, 3), np.uint8), {"enlarge": 1.5}, "whole number.*1.5"),
        (np.zeros((9, 9, 3), np.uint8), {"enlarge": 0}, "1 or more"),
        (np.zeros((9, 9, 3), np.uint8), {"titles": ["a", "b"]}, "1 pictures and 2 titles"),
    ],
)
def test_what_cannot_be_drawn_exactly_is_one_sentence(picture, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        plots.show(picture, **options)


def test_only_png_is_written(panda_trick, tmp_path):
    figure = plots.compare(panda_trick)
    assert figure.save(tmp_path / "it.png").read_bytes() == figure.data
    with pytest.raises(ValueError, match=r"ends in \.png"):
        figure.save(tmp_path / "it.gif")


def test_before_plus_perturbation_is_after(panda_trick):
    (before, old), (added, legend), (after, new) = plots.read_back(plots.compare(panda_trick))
    np.testing.assert_array_equal(before, panda_trick.before)
    np.testing.assert_array_equal(after, panda_trick.after)
    largest = np.abs(panda_trick.perturbation).max()
    assert f"±{largest} out of 255" in legend
    np.testing.assert_allclose(added / 127.5 * largest - largest, panda_trick.perturbation, atol=largest / 127)
    for caption, prediction in ((old, panda_trick.prediction_before), (new, panda_trick.prediction_after)):
        assert caption == str(prediction)


def test_each_photograph_stands_beside_its_answer(panda_trick):
    photographs, predictions = panda_trick.frames[:3], [panda_trick.prediction_before] * 3
    back = plots.read_back(plots.answers(photographs, predictions, target="vulture", titles=["a", "b", "c"], k=2))
    for (picture, caption), photograph, title in zip(back, photographs, "abc", strict=True):
        np.testing.assert_array_equal(picture, photograph)
        assert caption == f"{title}: " + "\n".join(map(str, predictions[0].top(2)))


def test_an_animation_shows_each_frame_exactly(panda_trick, tmp_path):
    """Read back from the file, with what browsers do to play it: each frame is laid over the one before."""
    back = plots.read_back(path := plots.animate(panda_trick).save(tmp_path / "panda.png"))
    steps = [int(caption.split()[1]) for _, caption in back]
    assert steps[0] == 0 and len(steps) == Image.open(path).n_frames >= 3
    for step, (picture, _) in zip(steps, back, strict=True):
        np.testing.assert_array_equal(picture, panda_trick.frames[step])


def test_a_blink_beside_its_perturbation(panda_trick):
    """The panda blinks, and what was added stays. Grey is 127: no change."""
    figure = plots.blink(panda_trick, enlarge=2, perturbation=True)
    (before, old), (added, legend), (after, new), (again, _) = plots.read_back(figure)
    for caption, prediction in [(old, panda_trick.prediction_before), (new, panda_trick.prediction_after)]:
        assert caption == str(prediction)
    np.testing.assert_array_equal(after, panda_trick.after)
    np.testing.assert_array_equal(before, panda_trick.before)
    np.testing.assert_array_equal(again, added)
    np.testing.assert_array_equal(added > 127, panda_trick.perturbation > 0)
    assert "±2 out of 255" in legend and "perturbation" in figure.alt
    with Image.open(io.BytesIO(figure.data)) as image:
        assert image.n_frames == 2 and image.info["duration"] >= 500  # slow enough for everybody


def longest_names(panda_trick):
    """The same walk, between the classes with the shortest name and the longest ones."""
    names = panda_trick.model.labels
    by_length = sorted(range(len(names)), key=lambda c: len(names[c]))
    history = np.zeros_like(panda_trick.history)
    for step, c in enumerate([by_length[0], *by_length[: -len(history) : -1]]):
        history[step, c] = 1
    return replace(panda_trick, history=history)


@pytest.mark.parametrize("animation_of", [plots.animate, plots.blink, partial(plots.blink, perturbation=True)])
def test_names_that_need_two_lines_leave_the_picture_where_it_is(panda_trick, animation_of):
    animation = animation_of(trick := longest_names(panda_trick))
    captions = [caption for _, caption in plots.read_back(animation)]
    widths = [sheet.font(14).getlength(caption.split("\n")[-1]) for caption in captions]
    assert min(widths) < trick.before.shape[1] < max(widths)  # one line is enough for some, and not for others
    assert len({(boxes[0].left, boxes[0].top) for boxes in animation.boxes}) == 1
    np.testing.assert_array_equal(plots.read_back(animation)[0][0], trick.before)


def test_an_animation_of_one_frame_is_a_picture(panda_trick):
    still = replace(panda_trick, frames=panda_trick.frames[:1], history=panda_trick.history[:1], best_index=0)
    ((picture, _),) = plots.read_back(plots.animate(still))
    np.testing.assert_array_equal(picture, panda_trick.before)


def test_signed_numbers_as_grey():
    shades = plots.signed(np.array([[-9.0, -1.0, 0.0, 1.0, 9.0]]), 1)
    assert shades.tolist() == [[0, 0, 127, 255, 255]]


@given(st.text(), st.integers(1, 300))
def test_wrapping_loses_no_word(text, width):
    assert " ".join(sheet.wrap(text, width, sheet.font(14))).split() == text.replace("\n", " ").split()


# Charts


def test_a_class_keeps_its_colour_and_shares_it_with_none():
    first, second = charts.colours_of([388, 23, 1]), charts.colours_of([5, 23, 7, 388, 6])
    assert first[23] == second[23] and first[388] == second[388]
    assert len(set(second.values())) == 5


def test_leading_classes_are_the_targets_and_the_peaks():
    history = np.zeros((3, 10))
    history[0, 4], history[1, 7], history[2, 2] = 1, 0.6, 0.9
    assert plots.leading(history, {9}, k=3) == [9, 4, 2, 7]


def test_the_curves_end_soon_after_nothing_changes_any_more(squeezenet, panda_trick):
    history = np.zeros((101, 1000), np.float32)
    history[:10, 388], history[10:, 23] = 1, 1
    assert charts.settled(history, [388, 23]) == 15
    assert charts.settled(history[:1], [388]) == 0
    assert charts.settled(np.linspace(0, 1, 40)[:, None], [0]) == 39
    frames = np.broadcast_to(panda_trick.before, (101, 224, 224, 3))
    (ax,) = plots.plot_steps(Trick.of(frames, history, {23}, epsilon=2, model=squeezenet, gradients=100)).figure.axes
    assert [len(line.get_xdata()) for line in ax.get_lines()] == [16, 16]
    assert "to step 100" in ax.get_xlabel()
    assert {text.get_text().strip() for text in ax.texts} == {"vulture", "giant panda"}


@given(st.dictionaries(st.integers(), st.floats(0, 1), max_size=8))
def test_names_beside_curves_do_not_overlap(heights):
    moved = charts.spread(heights, 0.1)
    at = sorted(moved.values())
    assert moved.keys() == heights.keys() and all(np.diff(at) >= 0.1 - 1e-9) and max(at, default=0) <= 1
    if all(np.diff(sorted(heights.values())) >= 0.1):
        assert moved == pytest.approx(heights)
