"""Lesson 12: which channels tell birds, and what is left of a class without them."""

import numpy as np
import pytest
from PIL import Image

from lessons.inside import layer_4d
from lessons.inside.check import check
from lessons.inside.layer_4d import put_back
from tricknet import images
from tricknet.attacks.trick import trick

PANDA = images.load("panda")
NAMES = ["hen", "toucan", "banana", "castle", "goldfish", "zebra"]


@pytest.fixture(scope="module")
def excited(googlenet):
    return layer_4d.peaks(googlenet, NAMES)


@pytest.mark.long
def test_each_picture_of_the_atlas_excites_its_channel_more_than_any_photograph_does(googlenet):
    atlas, channels = layer_4d.load_drawings(), np.arange(0, 528, 11)
    assert atlas.shape == (528, layer_4d.TILE, layer_4d.TILE, 3)
    photos = np.stack([Image.fromarray(images.load(name)).resize((80, 80)) for name in images.EVIDENCE])
    usual, own = (googlenet.activations(x, layer_4d.LAYER).mean(axis=(1, 2)) for x in (photos, atlas[channels]))
    assert (own[:, channels].diagonal() > usual[:, channels].max(axis=0)).mean() > 0.95


def test_a_bird_channel_is_larger_in_the_bird_in_over_80_percent_of_all_pairs(googlenet, excited):
    assert excited["hen"][497] == googlenet.activations(images.load("hen"), layer_4d.LAYER)[..., 497].max()
    pairs = [excited[bird] > excited[other] for bird in NAMES[:2] for other in NAMES[2:]]
    assert {*layer_4d.bird_channels(excited)} == {*np.flatnonzero(np.mean(pairs, axis=0) > 0.8)}


def test_channels_are_as_in_the_source_and_so_are_as_many_that_differ_as_much(googlenet, excited):
    channels = layer_4d.bird_channels(excited)
    now, source = googlenet.activations([images.load("hen"), PANDA], layer_4d.LAYER)
    answers = layer_4d.without(googlenet, now, [source], channels)
    patched = np.where(np.isin(np.arange(528), channels), source, now)
    expected = googlenet.predict_from(layer_4d.LAYER, patched).probabilities
    np.testing.assert_allclose(answers["birds"][0].probabilities, expected, atol=1e-6)

    others, lengths = layer_4d.as_loud(now - source, channels), np.linalg.norm(now - source, axis=(0, 1))
    assert len({*others, *channels}) == 2 * len(channels)
    free = np.setdiff1d(np.arange(528), channels)
    loud, chance = (abs(lengths[those].mean() - lengths[channels].mean()) for those in (others, free))
    assert loud < chance / 4


@pytest.mark.long
def test_the_exercise_asks_for_the_real_vultures_lead_and_for_a_control(googlenet, refused):
    lead, result = googlenet.predict(images.load("vulture")).log_odds(23), trick(googlenet, PANDA, "vulture")
    fair = min(result.frames, key=lambda one: abs(googlenet.predict(one).log_odds(23) - lead))
    before, now = googlenet.activations([PANDA, fair], layer_4d.LAYER)
    alone = [put_back(now, before, channels=[k]) for k in range(528)]
    order = np.argsort([one.log_odds(23) for one in googlenet.predict_from(layer_4d.LAYER, alone)])
    few, control = order[:10].tolist(), layer_4d.as_loud(now - before, order[:10]).tolist()
    assert check("12.1", fair, few, control)

    lucky, hardly = [497, 365], trick(googlenet, PANDA, "vulture", steps=5)
    refused("12.1", (hardly, lucky, layer_4d.as_loud(now - before, np.array(lucky))))
    refused("12.1", (result, few, control))
    quiet = np.argsort(np.linalg.norm(now - before, axis=(0, 1)))[:10]
    short = min(result.frames, key=lambda one: abs(googlenet.predict(one).log_odds(23) - lead + 0.9))
    refused("12.1", (fair, few, few), (short, few, control), (fair, few, quiet), (fair, control, few))
    for no_channels in (np.arange(528) < 10, [0.5], ["497"], [-1], [528], [7] * 10, order[:11].tolist()):
        refused("12.1", (fair, no_channels, control))
