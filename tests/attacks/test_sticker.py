"""Stickers: are they where they should be, is the way back exact, do they work, and are they printed at their size?"""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from tricknet import images
from tricknet.arrays import GREY
from tricknet.attacks import sticker
from tricknet.attacks.sticker import SIDE, Stuck, anywhere, disc, place
from tricknet.plots import paper

PANDA = images.load("panda")
RANDOM = np.random.default_rng(0)
SOME = images.HELD_OUT[::3]
PATTERN = RANDOM.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


def test_at_its_own_size_it_is_a_copy_and_over_the_edge_only_what_is_inside_is_seen():
    """104 pixels round (60, 152): rows 8 to 112 and columns 100 to 204. A quarter turn is NumPy's."""
    shown, inside = place(PANDA, PATTERN, (60, 152), SIDE), np.zeros((224, 224), bool)
    inside[8:112, 100:204] = disc()
    assert (shown[inside] == PATTERN[disc()]).all() and (shown[~inside] == PANDA[~inside]).all()
    turned, flat = place(PANDA, PATTERN, (60, 152), SIDE, angle=90), place(PANDA, np.rot90(PATTERN), (60, 152), SIDE)
    assert np.abs(turned.astype(int) - flat).max() <= 1
    whole = place(np.pad(PANDA, ((60, 0), (0, 0), (0, 0))), PATTERN, (60, 100), 80)
    assert (place(PANDA, PATTERN, (0, 100), 80) == whole[60:]).all()
    assert (place(PANDA, PATTERN, (-300, 900), 80) == PANDA).all()


@pytest.mark.parametrize("size", [52, 80, 130, 208])
def test_at_another_size_it_is_pillows_but_for_rounding(size):
    """And covers what a disc of its size covers."""
    corner, middle = (112 - size // 2, 110 - size // 2), ndimage.binary_erosion(disc(size), iterations=3)
    theirs = np.array(Image.fromarray(PATTERN).resize((size, size), Image.Resampling.BILINEAR)).astype(int)
    shown = place(PANDA, PATTERN, (112, 110), size)[corner[0] :, corner[1] :][:size, :size]
    assert np.abs(shown - theirs)[middle].max() <= 1
    covered = place(np.zeros_like(PANDA), np.full_like(PATTERN, 255), (112, 110), size + 0.5).mean() / 255
    assert covered == pytest.approx(np.pi * (size + 0.5) ** 2 / 4 / 224**2, rel=0.005)


def test_going_back_is_the_adjoint():
    """Of the sticker's part, which is linear: what it adds to a picture with a black sticker."""
    for _ in range(6):
        centre, size = RANDOM.uniform(0, 224, 2), RANDOM.uniform(50, 130)  # over the edge too
        stuck = Stuck(PANDA, SIDE, tuple(centre), size, angle=RANDOM.uniform(-20, 20), light=RANDOM.uniform(0.85, 1.15))
        x, g = RANDOM.random((SIDE, SIDE, 3)), RANDOM.random((224, 224, 3)).astype(np.float32)
        added = stuck(x) - stuck(np.zeros_like(x))
        assert (added * g).sum() == pytest.approx((x * stuck.back(g)).sum(), rel=1e-4)


def test_a_draw_lies_inside_the_picture_and_differs_from_the_next():
    white = np.full((224, 224, 3), 255, np.uint8)
    draw, random = anywhere([white]), np.random.default_rng(0)
    covered = np.stack([1 - draw(random)(np.zeros((SIDE, SIDE, 3)))[..., 0] / 255 for _ in range(40)])
    scales = np.sqrt(covered.sum(axis=(1, 2)) / disc().sum())
    assert scales.min() > 0.79 and scales.max() < 1.21 and np.ptp(scales) > 0.3
    for axis in (1, 2):  # nothing is cut off: it is as high as it is wide
        np.testing.assert_allclose((covered > 0.5).any(axis=axis).sum(axis=1), scales * SIDE, atol=3)
    assert (np.ptp([ndimage.center_of_mass(one) for one in covered], axis=0) > 70).all()


def test_a_few_steps_make_a_better_sticker(squeezenet):
    photographs = [images.load(name) for name in ("hammer", "koala", "cup")]
    toaster = sticker.make(squeezenet, "toaster", photographs=photographs, side=120, steps=12, batch=2)
    assert toaster.pixels.shape == (120, 120, 4) and ((toaster.pixels[..., 3] == 255) == disc(120)).all()
    both = np.full_like(toaster.pixels, GREY), toaster.pixels
    values = [squeezenet.value(place(PANDA, pixels, (112, 112), 120), "toaster") for pixels in both]
    assert values[1] > values[0] + 1 and toaster.label == "toaster"


@pytest.mark.parametrize("name", sticker.names())
def test_the_ready_ones_work_on_pictures_that_they_never_met(googlenet, name):
    """CREDITS.md says 30 of 30 each; ten of those, at another place, leave room for another processor."""
    random, it = np.random.default_rng(10), sticker.ready(name)
    assert it.pixels.shape == (SIDE, SIDE, 4) and ((it.pixels[..., 3] == 255) == disc()).all()
    draws = [(images.load(name), tuple(random.uniform(52, 172, 2)), random.uniform(-20, 20)) for name in SOME]
    pictures = [place(picture, it.pixels, centre, SIDE, angle=angle) for picture, centre, angle in draws]
    assert sum(answer.best.name == it.label for answer in googlenet.predict(np.stack(pictures))) >= 8


def test_the_sheet_has_the_sizes_that_it_says(tmp_path):
    """Read back by another program: A4, and each picture as wide and as tall as the words below it, in points."""
    pypdf = pytest.importorskip("pypdf")
    toaster = sticker.Sticker(np.dstack([PATTERN, np.where(disc(), 255, 0).astype(np.uint8)]), "toaster")
    with pytest.raises(ValueError, match=r"out\.png: a sheet to print has to be a \.pdf"):
        paper.save_sheet(toaster, tmp_path / "out.png")
    (page,) = (reader := pypdf.PdfReader(paper.save_sheet(toaster, tmp_path / "out.pdf"))).pages
    point, drawn = 72 / 2.54, []  # points in a centimetre
    assert [float(x) for x in page.mediabox] == pytest.approx([0, 0, 21 * point, 29.7 * point], abs=0.01)
    operations = pypdf.generic.ContentStream(page.get_contents(), reader).operations
    matrices = [operands for operands, operator in operations if operator == b"cm"]
    for (wide, b, c, tall, _, _), (*_, left, bottom) in zip(matrices[1:], matrices, strict=False):
        if (wide, tall) != (1, 1):
            assert wide == -tall and b == c == 0
            drawn.append([float(x) / point for x in (wide, left, bottom)])
    assert [size for size, _, _ in drawn] == pytest.approx([12, 8, 5, 3], abs=0.001)
    assert all(min(x, y) >= 0.5 and x + s <= 20.5 and y + s <= 29.2 for s, x, y in drawn)
    assert all(word in page.extract_text() for word in ("toaster", "12 cm", "8 cm", "5 cm", "3 cm"))
