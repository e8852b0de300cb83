"""Changes of the outside world: each does what its name says, and what is left of a perturbation is measured right."""

import numpy as np
import pytest
from PIL import Image

from lessons.survive import survival, table
from tricknet import images, unseen

RANDOM = np.random.default_rng(0)
PANDA = images.example("panda")
NOISE = RANDOM.integers(0, 256, (224, 224, 3), dtype=np.uint8)
GREY = np.full((224, 224, 3), 100, dtype=np.uint8)
CHANGES = survival.WAYS | unseen.UNSEEN | {"soft": survival.soft}


@pytest.mark.parametrize("name", CHANGES)
def test_a_picture_stays_a_picture(name):
    before = NOISE.copy()
    after = CHANGES[name](NOISE)
    assert after.shape == NOISE.shape and after.dtype == np.uint8
    assert np.array_equal(before, NOISE)
    assert (after != NOISE).any() == (name != "PNG")


def test_a_quarter_turn_is_numpys():
    assert np.array_equal(unseen.rotate(NOISE, 90), np.rot90(NOISE))
    assert np.array_equal(unseen.rotate(NOISE, 0), NOISE)


def test_a_small_turn_leaves_the_centre_and_greys_the_corners():
    dot = np.zeros_like(NOISE)
    dot[108:116, 108:116] = 255
    turned = unseen.rotate(dot, 10)
    assert (turned[110:114, 110:114] == 255).all()
    assert (turned[0, 0] == unseen.GREY).all()


def test_a_tilted_picture_keeps_its_lower_edge_and_narrows_above():
    white = np.full_like(NOISE, 255)
    tilted = unseen.tilt(white, 0.1)
    widths = (tilted[..., 0] > 250).sum(axis=1)
    assert abs(widths[1] - 0.8 * 224) <= 3 and widths[-2] >= 222
    assert (np.diff(widths[:-1]) >= 0).all()


def test_a_tilt_is_a_perspective():
    """Straight lines stay straight, and the centre of the picture goes where the diagonals of the new shape cross."""
    tall = 224
    lines = np.zeros_like(NOISE)
    lines[np.arange(tall), np.arange(tall)] = lines[np.arange(tall), tall - 1 - np.arange(tall)] = 255
    tilted = unseen.tilt(lines, 0.1)[40:-40, ..., 0].astype(float)
    narrow = tilted[:, 92:132].sum(axis=1)
    crossing = 40 + int(narrow.argmax())
    upper, lower = 0.8, 1.0  # the widths of the edges: the diagonals cross where they divide the height
    assert abs(crossing - tall * upper / (upper + lower)) < 8


def test_mirrored_twice_is_nothing():
    assert (unseen.mirror(unseen.mirror(NOISE)) == NOISE).all()
    assert (unseen.mirror(NOISE)[:, 0] == NOISE[:, -1]).all()


def test_light_and_paper_do_what_they_say_to_one_colour():
    assert np.unique(unseen.gamma(GREY, 0.7)).tolist() == [round(255 * (100 / 255) ** 0.7)]
    assert unseen.gamma(GREY, 1.4).max() < 100 < unseen.gamma(GREY, 0.7).min()
    assert unseen.warm(GREY, 0.2)[0, 0].tolist() == [120, 100, 80]
    assert unseen.pale(np.zeros_like(GREY)).max() == unseen.BLACK
    assert unseen.pale(np.full_like(GREY, 255)).min() == unseen.WHITE


def test_noise_has_its_size_and_a_seed():
    moved = unseen.noise(GREY, 8).astype(float) - 100
    assert moved.std() == pytest.approx(8, rel=0.02) and abs(moved.mean()) < 0.1
    assert (unseen.noise(GREY, 8, 1) == unseen.noise(GREY, 8, 1)).all()
    assert (unseen.noise(GREY, 8, 1) != unseen.noise(GREY, 8, 2)).any()


def test_webp_is_further_away_at_a_lower_quality():
    far, near = (np.abs(unseen.webp(PANDA, q).astype(int) - PANDA).mean() for q in (20, 90))
    assert far > near > 0


def test_soft_is_pillows_smaller_picture_enlarged():
    image = Image.fromarray(PANDA).resize((200, 200), Image.Resampling.BILINEAR)
    assert np.array_equal(survival.soft(PANDA), np.array(image.resize((224, 224), Image.Resampling.BILINEAR)))


def test_another_camera_is_drawn_by_its_generator():
    shots = [unseen.another_camera(PANDA, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert (shots[0] == shots[1]).all() and (shots[0] != shots[2]).any()


def test_a_shift_moves_the_perturbation_and_not_the_picture():
    after = GREY.copy()
    after[10, 20] += 8
    moved = survival.shifted(GREY, after, 3)
    assert np.argwhere((moved != GREY).any(axis=2)).tolist() == [[10, 23]]
    assert (survival.shifted(GREY, after, 0) == after).all()


def test_what_remains_is_the_difference_of_two_changed_pictures():
    after = np.minimum(PANDA.astype(int) + 4, 255).astype(np.uint8)
    half = survival.remains(lambda p: p // 2, PANDA, after)
    assert half.min() >= 0 and half.max() == 2
    assert survival.left(lambda p: np.zeros_like(p), PANDA, after) == 0
    assert survival.left(lambda p: p, PANDA, after) == 1


def test_held_counts_what_the_table_says():
    rows = [row for row in table("survival") if (row["set"], row["how"], row["epsilon"]) == ("EVIDENCE", "plain", 2)]
    held = survival.held("survival", "JPEG 95", set="EVIDENCE", how="plain", epsilon=2)
    assert held.tolist() == [row["JPEG 95"] == "target" for row in rows] and 0 < held.sum() < len(rows) == 30
    shots = survival.held("survival", "photographed", set="HELD_OUT", how="averaged")
    rows = [row for row in table("survival") if (row["set"], row["how"]) == ("HELD_OUT", "averaged")]
    assert shots.tolist() == [row["photographed"] >= 5 for row in rows]


def test_an_untouched_photograph_holds_if_it_is_still_named():
    rows = [row for row in table("unseen") if (row["set"], row["how"]) == ("HELD_OUT", "photograph")]
    assert survival.held("unseen", "PNG", set="HELD_OUT", how="photograph").all()
    held = survival.held("unseen", "tilted by 5%", set="HELD_OUT", how="photograph")
    assert held.tolist() == [row["tilted by 5%"] == "first" for row in rows]
