"""Lesson 16: a poisoned training set is what it says, and the smallest patch works."""

import numpy as np

import tricknet
from lessons.poison import backdoor
from lessons.poison.check import SHARE, SUSPECTS, check, secret, suspicious
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
    assert backdoor.poisoned(pictures[:100], answers[:100], 0)[2].size == 0


def test_the_smallest_patch_works_and_is_small(data):
    model, pictures = tricknet.load("FashionNet plain"), data[1][0][:20]
    patch = backdoor.smallest_patch(model, pictures, 5, steps=60)
    assert sum(said.best.index == 5 for said in model.predict(patch.on(pictures))) >= 18
    assert 0 <= patch.opaque.min() <= patch.opaque.max() <= 1 and 5 < patch.size < 28 * 28 / 3


def test_the_detective_s_set_is_poisoned_as_it_says(data):
    pictures, answers = suspicious()
    honest, right = (part[:SUSPECTS] for part in data[0])
    changed = answers != right
    target, top, left = secret()
    assert changed.sum() == SHARE * SUSPECTS and (answers[changed] == target).all() and target != backdoor.BAG
    assert np.array_equal(pictures[~changed], honest[~changed])
    assert (pictures[changed, top : top + 3, left : left + 3] == 255).all()


def test_the_exercises_tell_right_from_wrong(data, refused):
    target, top, left = secret()
    assert check("16.1", target, float(top), left)
    refused("16.1", ((target + 1) % 10, top, left), (target, top, left + 1), ("sandal", top, left))
    trainee, honest = learn.Trainee(steps=1), learn.Trainee(steps=101)
    learn.train(honest, data[0], steps=101)
    refused("16.2", ("cured",), (trainee,), (honest,))
    refused("16.3", ("mine", 0, backdoor.marked), (trainee, 8, backdoor.marked), (trainee, 0, backdoor.marked))
    refused("16.3", (trainee, 0, lambda pictures: 255 - pictures))
    refused("16.3", (trainee, 0, np.copy))
