"""Lesson 5: its switches, counted and frozen, and the checks of its exercises."""

import numpy as np
import pytest

from lessons.why_it_works.check import check
from lessons.why_it_works.switches import Switches, push
from tricknet import images
from tricknet.arrays import rounded
from tricknet.networks.objectives import Logit

PANDA = 388
PHOTO, TOUCAN = (images.load(name).astype(np.float32) for name in ("panda", "toucan"))


@pytest.fixture(scope="module")
def switches(googlenet):
    return Switches(googlenet, PHOTO)


def test_where_nothing_is_frozen_or_nothing_has_changed_it_is_the_network(googlenet, switches):
    expected = googlenet.activations(np.stack([TOUCAN, PHOTO]), googlenet.logits)
    for frozen in ([], switches.relus, switches.pools, [*switches.relus, *switches.pools]):
        assert switches.scores(PHOTO, frozen) == pytest.approx(expected[1], abs=1e-3)
    assert switches.scores(TOUCAN) == pytest.approx(expected[0], abs=1e-3)
    assert switches.scores(TOUCAN, ["no layer"]) == pytest.approx(expected[0], abs=1e-3)  # by maxima without zeros


def test_without_switches_and_normalisation_a_network_is_a_straight_line(squeezenet):
    switches = Switches(squeezenet, PHOTO)
    start, slopes = squeezenet.value(PHOTO, Logit(PANDA)), squeezenet.gradient(PHOTO, Logit(PANDA))
    promised = start + float((slopes * (TOUCAN - PHOTO)).sum(dtype=float))  # of another photograph, far away
    assert switches.scores(TOUCAN, [*switches.relus, *switches.pools])[PANDA] == pytest.approx(promised, rel=1e-4)
    for kind in (switches.relus, switches.pools):
        assert abs(switches.scores(TOUCAN, kind)[PANDA] - promised) > 1


def test_what_flips_is_what_the_activations_show(googlenet, switches):
    flipped = switches.flipped(TOUCAN)
    for layer, relu in (("conv1/7x7_s2", "conv1/relu_7x7"), ("inception_4c/3x3", "inception_4c/relu_3x3")):
        on = [googlenet.activations(picture, layer) > 0 for picture in (PHOTO, TOUCAN)]
        assert (flipped[relu] == (on[0] != on[1]).transpose(2, 0, 1)).all()
    assert not any(each.any() for each in switches.flipped(PHOTO).values())


def test_a_push_is_as_far_as_the_features_move_and_towards_the_class_whose_lead_grows(googlenet):
    moved, direction = push(googlenet, PHOTO, TOUCAN, PANDA)
    features = googlenet.activations(np.stack([PHOTO, TOUCAN]), "inception_5b/output").mean(axis=(1, 2))
    assert moved == pytest.approx(np.linalg.norm(features[1] - features[0]) / np.linalg.norm(features[0]), rel=1e-3)
    assert -1 <= direction < -0.1 < 0.1 < push(googlenet, TOUCAN, PHOTO, PANDA)[1] <= 1


def test_the_exercises_tell_right_from_wrong(switches, refused):
    checkerboard = np.where(np.indices((224, 224)).sum(axis=0) % 2, 1.0, -1.0)[..., None]
    half = np.where(np.arange(224) < 112, 1.0, -1.0)[None, :, None]
    for step in (1.0, -1.0, half, checkerboard):
        assert check("5.1", rounded(PHOTO + step))
    coins = np.random.default_rng(1).choice([-1, 1], PHOTO.shape)
    part = np.where(np.arange(224) < 20, 1.0, 0.0)[None, :, None]
    wrong = [PHOTO, PHOTO + coins, PHOTO + 2, PHOTO + part]
    refused("5.1", *((rounded(picture),) for picture in wrong), ("panda",))
    assert check("5.2", [name for name in switches.relus + switches.pools if name.startswith("inception_5b")])
    refused("5.2", (switches.pools,), ("inception_5b/pool",), (["inception_6/pool"],), (switches.relus[:7],))
