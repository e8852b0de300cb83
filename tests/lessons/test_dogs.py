"""Lesson 6: the checks of its exercises, and its map."""

from functools import partial

import numpy as np
import pytest

from lessons.dogs.space import Space, directions
from tricknet import images, make_less_like, trick

DOG = images.load("german_shepherd")
CREATURES = ("giant panda", "lesser panda", "gorilla", "colobus", "ostrich", "vulture", "kite", "bald eagle")


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    panda, mosque, castle = map(images.load, ("panda", "mosque", "castle"))
    mistakes = (DOG, "dhole", 1, 3), (DOG, "muzzle", 2, 3), (DOG, "muzzle", 1, 11), (panda, "muzzle", 1, 1)
    refused("6.1", *((trick(googlenet, p, target, epsilon=e, steps=n),) for p, target, e, n in mistakes))

    towards = partial(trick, googlenet, target="vulture")
    failed, worked = towards(mosque, epsilon=1, steps=10), towards(mosque)
    easy, of_the_dog = (towards(picture, epsilon=1, steps=10) for picture in (panda, DOG))
    away = make_less_like(googlenet, mosque, "vulture", steps=2)
    refused("6.2", (easy, easy), (worked, worked), (failed, failed), (towards(castle, epsilon=1, steps=1), worked))
    refused("6.2", (of_the_dog, of_the_dog), (away, away))


@pytest.fixture(scope="module")
def atlas(googlenet):
    return Space.of(googlenet, CREATURES)


def test_the_map_is_the_classical_scaling_of_the_cosines(googlenet, atlas):
    """Torgerson's way: the distances squared, centred twice, and the two largest eigenvalues."""
    arrows = directions(googlenet)[atlas.classes].astype(float)
    squares = 2 - 2 * arrows @ arrows.T
    centre = np.eye(8) - 1 / 8
    values, vectors = np.linalg.eigh(-centre @ squares @ centre / 2)
    wanted = vectors[:, [-1, -2]] * np.sqrt(values[[-1, -2]])
    np.testing.assert_allclose(np.abs(atlas.places), np.abs(wanted), atol=1e-4)
    assert atlas.kept == pytest.approx(values[-2:].sum() / values.sum(), abs=1e-4)
    assert atlas.places[0, 0] < 0 < atlas.places[4, 1]  # the panda in the west, the ostrich in the north


def test_a_picture_is_where_its_logits_put_it(googlenet, atlas):
    """Gower's way (1968) to add a point to a scaling, from its distances. The cosines follow from the logits."""
    panda = images.load("panda")
    weights, bias = (array.astype(float)[atlas.classes] for array in googlenet.parameters[googlenet.logits])
    logits = googlenet.activations(panda, googlenet.logits).ravel()[atlas.classes]
    length = np.linalg.norm(googlenet.activations(panda, "pool5/7x7_s1"))
    cosines = (logits - bias) / (np.linalg.norm(weights, axis=1) * length)
    arrows = directions(googlenet)[atlas.classes].astype(float)
    from_the_middle = ((arrows - arrows.mean(axis=0)) ** 2).sum(axis=1)
    expected = (from_the_middle - (2 - 2 * cosines)) @ atlas.places / (2 * (atlas.places**2).sum(axis=0))
    np.testing.assert_allclose(atlas.of_pictures([panda])[0], expected, atol=1e-4)
