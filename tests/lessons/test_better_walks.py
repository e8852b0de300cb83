"""Are lesson 14's walks equally long at every step, and is its judge the nearest neighbours' vote?"""

import numpy as np
import pytest
from scipy.spatial import KDTree

import tricknet
from lessons.better import walks


def norms(changes):
    return np.sqrt((changes.astype(float) ** 2).sum(axis=(-3, -2, -1)))


@pytest.mark.parametrize("kind", ["plain", "robust"])
def test_walks_are_equally_long_at_every_step_and_arrive(kind, data):
    pictures, model = data[1][0][:3], tricknet.FashionNet(kind)
    shown = walks.walk(model, pictures, ["bag", 3, "sandal"], steps=20)
    assert shown.shape == (21, 3, 28, 28, 1) and shown.dtype == np.uint8
    np.testing.assert_array_equal(shown[0], pictures)
    wanted = walks.LENGTH / 20 * np.arange(21)[:, None].repeat(3, axis=1)
    rounded = 14  # half a unit in each of 784 values, at most
    np.testing.assert_allclose(norms(shown - pictures.astype(int)), wanted, atol=rounded)
    assert [said.best.name for said in model.predict_all(shown[-1])] == ["bag", "dress", "sandal"]


def test_a_walk_ends_where_the_picture_has_no_room(data):
    """Black cannot change further than to white: it stays within 0..255 and raises nothing."""
    black = np.zeros((1, 28, 28, 1), np.uint8)
    shown = walks.walk(tricknet.FashionNet("plain"), black, ["bag"], length=100_000, steps=3)
    assert norms(shown[-1].astype(int)) <= 255 * 28


def test_the_judge_is_the_vote_of_the_nearest(data):
    (known, answers), (pictures, _) = data
    known, answers, pictures = known[:2000], answers[:2000], pictures[:40]
    _, near = KDTree(known.reshape(2000, -1).astype(float)).query(pictures.reshape(40, -1).astype(float), k=5)
    votes = [np.bincount(answers[some], minlength=10).argmax() for some in near]
    assert walks.Judge(known, answers)(pictures).tolist() == votes
    assert walks.Judge(known, answers, nearest=1)(known[:20]).tolist() == answers[:20].tolist()


def test_a_shuffled_change_has_the_same_values_in_other_places():
    random = np.random.default_rng(0)
    pictures = random.integers(60, 190, (4, 28, 28, 1), dtype=np.uint8)
    ends = (pictures + random.integers(-50, 50, pictures.shape)).astype(np.uint8)
    mixed = walks.shuffled(pictures, ends, np.random.default_rng(1))
    for before, after, control in zip(pictures.astype(int), ends, mixed, strict=True):
        np.testing.assert_array_equal(np.sort((after - before).ravel()), np.sort((control - before).ravel()))
        assert not np.array_equal(after, control)
