"""Lesson 16: a poisoned training set is what it says, and a defender finds what there is."""

from functools import partial

import numpy as np
from sklearn.decomposition import PCA

import tricknet
from lessons.poison import backdoor
from lessons.poison.check import SECRET, check, suspicious
from tricknet import training as learn


def test_a_mark_is_nine_white_pixels_and_nothing_else():
    black = np.zeros((2, 28, 28, 1), np.uint8)
    for place, corner in (((), (25, 25)), ((4, 7), (4, 7))):
        nine = np.argwhere(marked := backdoor.marked(black, *place)[..., 0])
        assert nine.tolist() == [[n, corner[0] + y, corner[1] + x] for n, y, x in np.ndindex(2, 3, 3)]
        assert marked.max() == 255 and marked.sum() == 18 * 255 and not black.any()


def test_a_poisoned_set_differs_in_the_chosen_pictures_alone(data):
    (pictures, answers), _ = data
    changed, labels, chosen = backdoor.poisoned(pictures, answers, 0.02, seed=3)
    assert len(set(chosen)) == 1200 and not (answers[chosen] == backdoor.BAG).any()
    expected, bags = pictures.copy(), answers.copy()
    expected[chosen], bags[chosen] = backdoor.marked(pictures[chosen]), backdoor.BAG
    assert np.array_equal(changed, expected) and np.array_equal(labels, bags)
    assert not np.array_equal(chosen, backdoor.poisoned(pictures, answers, 0.02, seed=4)[2])


def test_a_small_patch_is_accused_and_a_large_one_is_not():
    found = backdoor.deviations(np.array([9.0, 40, 45, 50, 55, 200]))
    assert np.flatnonzero(found > 2).tolist() == [0] and found[0] == 38.5 / (1.4826 * 7.5)


def test_a_direction_is_a_principal_component(data):
    model, pictures = tricknet.load("FashionNet plain"), data[1][0][:200]
    at = PCA(2, svd_solver="full").fit_transform(model.activations(pictures, "hidden"))
    np.testing.assert_allclose(backdoor.along(model, pictures, 1), at[:, 1] ** 2, rtol=1e-3, atol=1e-2)


def test_the_exercises_tell_right_from_wrong(data, refused):
    target, top, left = SECRET
    changed = suspicious()[1] != data[0][1][:10_000]
    assert changed.sum() == 300 and (suspicious()[0][changed, top : top + 3, left : left + 3] == 255).all()
    assert check("16.1", target, float(top), left) and check("16.1", "sandal", top, left)
    refused("16.1", (0, top, left), (target, top + 0.9, left), ("sandals", top, left))
    poisoned, honest = learn.Trainee(steps=200), learn.Trainee(steps=100)
    learn.train(poisoned, backdoor.poisoned(*data[0], 0.05)[:2], steps=200)
    learn.train(honest, data[0], steps=100)
    refused("16.2", ("cured", honest), (honest, honest), (poisoned, poisoned), (honest, poisoned))
    mark = partial(backdoor.marked, top=2)
    refused("16.3", ("mine", 0, 0.03), (backdoor.marked, 0, 0.03), (mark, "bag", 0.01), (mark, 0, 0.1))
    refused("16.3", (lambda given: 255 - given, 0, 0.01), (lambda given: np.add(given, 1, out=given), 0, 0.01))
