"""Lesson 8: what is left of a perturbation is measured right, and its rows can be measured again."""

import numpy as np
import pytest

from lessons.survive import experiment, figures, survival, table
from lessons.survive.survival import WAYS
from tricknet import images, plots, unseen
from tricknet.attacks import gradients
from tricknet.attacks.steps import walk
from tricknet.networks.classifier import Prediction

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


def test_a_tilt_is_a_perspective():
    """The upper edge is shorter, straight lines stay straight, and diagonals cross where those of the new shape do."""
    white = unseen.tilt(np.full_like(NOISE, 255), 0.1)
    widths = (white[..., 0] > 250).sum(axis=1)
    np.testing.assert_allclose(widths[1:-1], np.linspace(0.8, 1, 222) * 224, atol=3)
    tall = 224
    lines = np.zeros_like(NOISE)
    lines[np.arange(tall), np.arange(tall)] = lines[np.arange(tall), tall - 1 - np.arange(tall)] = 255
    narrow = unseen.tilt(lines, 0.1)[40:-40, 92:132, 0].astype(float).sum(axis=1)
    assert abs(40 + int(narrow.argmax()) - tall * 0.8 / (0.8 + 1)) < 8  # they divide the height as the edges' widths do


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
    moved = unseen.camera_noise(GREY, 8).astype(float) - 100
    assert moved.std() == pytest.approx(8, rel=0.02) and abs(moved.mean()) < 0.1
    assert (unseen.camera_noise(GREY, 8, 1) == unseen.camera_noise(GREY, 8, 1)).all()
    assert (unseen.camera_noise(GREY, 8, 1) != unseen.camera_noise(GREY, 8, 2)).any()


def test_another_camera_is_drawn_by_its_generator():
    shots = [unseen.another_camera(PANDA, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert (shots[0] == shots[1]).all() and (shots[0] != shots[2]).any()


def test_a_shift_moves_the_perturbation_and_not_the_picture():
    after = GREY.copy()
    after[10, 20] += 8
    moved = survival.shifted(GREY, after, 3)
    assert np.argwhere((moved != GREY).any(axis=2)).tolist() == [[10, 23]]
    assert (survival.shifted(GREY, after, 0) == after).all()


def test_what_is_left_of_a_perturbation_is_its_share_in_its_place():
    after = np.minimum(PANDA.astype(int) + 4, 255).astype(np.uint8)
    for change, share in ((lambda p: p, 1), (lambda p: p / 2, 0.5), (np.zeros_like, 0)):
        assert survival.left(change, PANDA, after) == pytest.approx(share)
    assert survival.remains(lambda p: p // 2, PANDA, after).max() == 2


@pytest.mark.parametrize(
    "name, change, how, answers",
    [
        ("survival", "JPEG 95", "plain", ["target"]),
        ("survival", "photographed", "averaged", range(5, 9)),
        ("unseen", "tilted by 5%", "photograph", ["first"]),
    ],
)
def test_held_counts_what_the_table_says(name, change, how, answers):
    rows = [row for row in table(name) if (row["set"], row["how"]) == ("HELD_OUT", how)]
    held = survival.held(name, change, set="HELD_OUT", how=how)
    assert held.tolist() == [row[change] in answers for row in rows] and held.sum() > 0


@pytest.mark.long
def test_what_survives_can_be_measured_again(googlenet):
    """The first rerun of the table, made anew. Other processors may round otherwise, so a few answers may differ."""
    (row,) = (row for row in table("reruns") if (row["epsilon"], row["seed"]) == (8, 0))
    gradient_of = gradients.averaged(googlenet, ["vulture"], copies=experiment.COPIES, seed=0)
    (picture,) = walk(PANDA[None], gradient_of, epsilon=8, steps=experiment.STEPS)
    seen = experiment.seen(googlenet, picture, googlenet.labels.find("vulture"), googlenet.labels.find("giant panda"))
    assert abs(seen["photographed"] - row["photographed"]) <= 2
    assert sum(seen[name] != row[name] for name in WAYS) <= 2


def differences(googlenet, how, pictures):
    """How many cells of each of the first pictures of HELD_OUT differ, after changes that no attack was trained on."""
    rows = [row for row in table("unseen") if (row["set"], row["how"]) == ("HELD_OUT", how)]
    for row, case, picture in zip(rows, experiment.cases(googlenet, "HELD_OUT"), pictures, strict=False):
        assert (googlenet.labels[case.target], case.name) == (row["target"], row["picture"])
        cells = experiment.judged(googlenet, case, picture)
        assert list(cells) == list(row)[4:]
        yield sum(cells[name] != row[name] for name in cells if not name.startswith("left"))


# Where rounding differs, a walk along signs ends elsewhere. Two measurements of the table, most likely on two kinds of
# processor, differed in 3.7 of a trick's 34 cells on average, with a standard deviation of 2.7. So the mean of five may
# differ by three standard errors more.
MOST = 3.7 + 3 * 2.7 / 5**0.5


@pytest.mark.long
def test_the_unseen_changes_can_be_measured_again(googlenet):
    some = experiment.cases(googlenet, "HELD_OUT")[: experiment.BATCH]
    pictures = experiment.at_equal_cost(googlenet, some, seed=0)
    assert max(differences(googlenet, "photograph", pictures.pop("photograph"))) <= 1
    for how, tricks in pictures.items():
        assert np.mean(list(differences(googlenet, how, tricks))) <= MOST


def test_a_grain_is_the_mean_colour_of_its_part():
    added = np.zeros(PANDA.shape)
    added[figures.LEG] = [3, 0, 3]
    grain = figures.grain(added, 2)
    assert grain.shape == (88, 88) and np.unique(grain).tolist() == [255]
    assert np.unique(figures.grain(-added, 2)).tolist() == [0]
    assert np.unique(figures.grain(added, 2, figures.EYE)).tolist() == [119]


def test_frames_say_which_hold(googlenet):
    predictions = [Prediction(np.eye(1000, dtype=np.float32)[c], googlenet.labels) for c in (23, 388)]
    sheet = figures.framed(
        {"one": PANDA, "two": PANDA}, predictions, target="vulture", columns=2, notes=["1 of 2", "3 of 4"]
    )
    (whole, first), (broken, second) = plots.read_back(sheet)
    assert "vulture" in first and "1 of 2" in first and "giant panda" in second and "3 of 4" in second
    assert len(np.unique(whole[0], axis=0)) == 1 and len(np.unique(broken[0], axis=0)) == 2
