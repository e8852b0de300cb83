"""Lesson 11: journeys and the atlas are what they should be by definition, and its controls are controls."""

import numpy as np
import pytest
from PIL import Image

from lessons.inside import experiment as benchmark
from lessons.inside import figures, inside, table
from lessons.inside.check import check
from lessons.lamp import lamp
from tricknet import images
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.trick import trick
from tricknet.networks.patching import put_back

PANDA = images.example("panda")


def test_a_journey_is_what_activations_gives(googlenet):
    passed = inside.journey(googlenet, PANDA)
    for short, layer in inside.STOPS.items():
        assert np.array_equal(passed[short], googlenet.activations(PANDA, layer))
    assert np.allclose(passed["picture"] + googlenet.mean, PANDA)


def test_growth_likeness_and_change():
    a, b = np.array([3.0, 4.0]), np.array([4.0, -3.0])
    assert inside.growth(a, 3 * a) == pytest.approx(2)
    assert inside.likeness(a, 7 * a) == pytest.approx(1)
    assert inside.likeness(a, b) == pytest.approx(0)
    before = np.array([[[3.0, 4.0], [0.0, 5.0]]])
    assert inside.changed(before, before + np.array([[[0, 0], [10, 0]]])).tolist() == [[0, 2]]


def test_a_shuffled_change_has_the_same_pixels_elsewhere():
    change = PANDA.astype(int) - 128
    other = shuffled(change, seed=1)
    assert (other != change).any()
    assert sorted(map(tuple, other.reshape(-1, 3))) == sorted(map(tuple, change.reshape(-1, 3)))


@pytest.mark.long
def test_each_picture_of_the_atlas_excites_its_channel_more_than_any_photograph_does(googlenet):
    atlas = inside.atlas()
    assert atlas.shape == (528, inside.TILE, inside.TILE, 3)
    photos = [np.asarray(Image.fromarray(images.load(name)).resize((80, 80))) for name in images.EVIDENCE]
    usual = googlenet.activations(np.stack(photos), inside.ATLAS).mean(axis=(1, 2)).max(axis=0)
    channels = np.arange(0, 528, 11)
    excited = googlenet.activations(atlas[channels], inside.ATLAS).mean(axis=(1, 2))
    own = excited[np.arange(len(channels)), channels]
    assert (own > usual[channels]).mean() > 0.95


def test_what_is_put_back_is_as_before_and_the_rest_as_after():
    before, after = np.zeros((2, 3, 4), np.float32), np.ones((2, 3, 4), np.float32)
    channels = put_back(after, before, channels=[1, 3])
    assert not channels[..., [1, 3]].any() and channels[..., [0, 2]].all()
    places = put_back(after, before, places=[0, 5])
    assert not places[0, 0].any() and not places[1, 2].any() and places.sum() == 16
    assert after.all()


def test_how_well_a_channel_tells_birds_is_its_share_of_pairs(googlenet):
    names = ["hen", "toucan", "banana", "castle"]
    peaks = [googlenet.activations(images.load(name), inside.ATLAS).max(axis=(0, 1)) for name in names]
    told = inside.tells(googlenet, names, inside.BIRDS)
    for channel in (0, 497):
        hen, toucan, banana, castle = (float(peak[channel]) for peak in peaks)
        pairs = [hen > banana, hen > castle, toucan > banana, toucan > castle]
        assert told[channel] == sum(pairs) / 4


def test_a_grid_draws_what_rose_most_as_large_as_it_rose():
    rise = np.zeros((14, 14, 3))
    rise[0, 0, 2], rise[13, 13, 1] = 4, 1
    atlas = np.stack([np.full((80, 80, 3), colour, np.uint8) for colour in ([255, 0, 0], [0, 255, 0], [0, 0, 255])])
    grid = figures.risen(rise, atlas, np.full_like(PANDA, 255), cell=20).astype(int)
    assert grid.shape == (280, 280, 3)
    blue, green = (((grid[..., c] > 200) & (grid.min(axis=2) < 50)).sum() for c in (2, 1))
    assert blue == 25 * 25 and green == 15 * 15  # cut off at the corner: 30 x 30 there; and half as wide here


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    vulture, teapot = trick(googlenet, PANDA, "vulture"), trick(googlenet, PANDA, "teapot", steps=2)
    refused(
        "11.1", (vulture, [497, 497]), (vulture, list(range(41))), (vulture, [528]), (vulture, [0.5]), (teapot, [1])
    )
    changed = added(PANDA, np.ones(PANDA.shape, int))
    activations = googlenet.activations(PANDA, inside.ATLAS)[3, 3]
    loudest, quiet = int(activations.argmax()), int(activations.argmin())
    refused("11.2", (changed, (3, 3, loudest)), (changed, (3, 3, quiet)), (changed, (3, 14, quiet)))
    order = np.argsort(-lamp.class_activation(googlenet, PANDA, "giant panda"), axis=None)
    assert check("11.3", np.isin(np.arange(49), order[:20]).reshape(7, 7))
    refused("11.3", (np.ones((7, 7)),), (np.zeros((7, 7)),))


def test_what_is_put_back_leads_from_the_trick_to_the_photograph():
    """With nothing put back it is what the trick made, and with everything the photograph, which is no vulture."""
    rows = table("patched")
    assert {row["photograph"] for row in rows} == {*images.EVIDENCE, *images.HELD_OUT} - inside.BIRDS
    for row in rows:
        put_in = row["what"] == "put in"
        assert (row["0"], row["100"]) == ((0, row["fooled"]) if put_in else (row["fooled"], 0)), row


@pytest.mark.long
def test_a_borrowed_trick_aims_where_the_pictures_own_trick_does(googlenet, monkeypatch):
    """What `layers` asks `trick` for, picture by picture: its own, and the one before it, into the same class."""
    asked = []

    def noted(model, picture, target):
        asked.append((picture.tobytes(), target))
        return trick(model, picture, target, steps=1)

    monkeypatch.setattr(benchmark, "trick", noted)
    monkeypatch.setitem(benchmark.SETS, "few", images.EVIDENCE[:3])
    benchmark.layers(googlenet, "few")
    photos = [images.load(name) for name in images.EVIDENCE[:3]]
    answers = [int(googlenet.predict(photo).probabilities.argmax()) for photo in photos]
    expected = [
        [(photos[i].tobytes(), answers[(i + 1) % 3]), (photos[i - 1].tobytes(), answers[(i + 1) % 3])] for i in range(3)
    ]
    assert asked == [one for both in expected for one in both]
