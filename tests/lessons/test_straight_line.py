"""Lesson 4: plain search finds what linear programs find, its drawings say so, its exercises tell right from wrong."""

import re

import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from sklearn.linear_model import LogisticRegression

from lessons.straight_line import figures as straight_line
from lessons.straight_line.check import check
from lessons.straight_line.linear import Line, cross_validate, cut, downsample, fit, fool, harden, shaky
from tricknet import images

seeds = st.integers(0, 2**32 - 1)


def random_line(seed, classes=3, values=6):
    rng = np.random.default_rng(seed)
    return rng, Line(rng.normal(size=(classes, values)), rng.normal(size=classes))


@given(seeds, st.integers(2, 4))
@settings(max_examples=30)
def test_the_smallest_epsilon_is_that_of_a_linear_program(seed, classes):
    rng, line = random_line(seed, classes)
    picture = rng.uniform(0, 255, (1, 6))
    label = line.answers(picture)
    (epsilon,), (rival,) = line.smallest_epsilon(picture, label)

    def least(k):  # minimise e over changes c with -e <= c_i <= e and score k - score label >= 0
        d = line.weights[k] - line.weights[label[0]]
        gap = line.scores(picture)[0, label[0]] - line.scores(picture)[0, k]
        box = np.hstack([np.vstack([np.eye(6), -np.eye(6)]), -np.ones((12, 1))])
        a, b = np.vstack([box, [*-d, 0]]), np.array([0] * 12 + [-gap])
        return linprog([0] * 6 + [1], a, b, bounds=[(None, None)] * 6 + [(0, None)]).fun

    found = {k: least(k) for k in range(classes) if k != label[0]}
    assert epsilon == pytest.approx(min(found.values()), rel=1e-6, abs=1e-9)
    assert rival == min(found, key=found.__getitem__)


def test_a_picture_that_is_wrong_already_needs_nothing():
    _, line = random_line(0)
    pictures = np.zeros((1, 6))
    wrong = (line.answers(pictures) + 1) % 3
    assert line.smallest_epsilon(pictures, wrong)[0] < 0


def test_the_tilt_is_an_angle_that_can_be_seen():
    pictures, labels = np.array([[0.0, 0], [2, 0]]), np.array([0, 1])
    for degrees in (0, 30, 80):
        across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        assert Line(np.array([-across, across]), np.zeros(2)).tilt(pictures, labels) == pytest.approx(degrees)


@pytest.mark.parametrize("classes", [2, 3])
def test_fit_is_scikit_learns_own_without_the_change_of_coordinates(classes):
    rng = np.random.default_rng(0)
    labels = np.repeat(range(classes), 15)
    pictures = np.clip(rng.normal(100 + 20 * labels[:, None, None], 40, (len(labels), 8, 8)), 0, 255)
    line = fit(pictures, labels, C=0.1)
    own = LogisticRegression(C=0.1, max_iter=5000, tol=1e-6).fit(pictures.reshape(-1, 64) / 255, labels)
    gaps = line.scores(pictures) - line.scores(pictures)[:, :1]
    there = own.decision_function(pictures.reshape(-1, 64) / 255)
    there = there - there[:, :1] if classes > 2 else np.stack([0 * there, there], axis=1)
    np.testing.assert_allclose(gaps, there, atol=2e-3)


@given(seeds)
@settings(max_examples=20)
def test_no_picture_within_a_smaller_whole_epsilon_fools(seed):
    rng, line = random_line(seed, values=3)
    picture = rng.integers(0, 256, 3).astype(np.uint8)
    label = int(line.answers(picture[None])[0])
    line = Line(line.weights, line.bias - 20 * (np.arange(3) != label))  # a margin, or else 1 is enough for all
    try:
        epsilon, moved = fool(line, picture, label)
    except ValueError:
        epsilon, moved = 4, None  # nothing fools: then nothing small does
    if moved is not None:
        assert line.answers(moved[None])[0] != label
        assert np.abs(moved.astype(int) - picture).max() <= epsilon
    reach = np.arange(-min(epsilon - 1, 3), min(epsilon - 1, 3) + 1)
    near = picture + np.stack(np.meshgrid(reach, reach, reach), axis=-1).reshape(-1, 3)
    assert (line.answers(near[((near >= 0) & (near <= 255)).all(axis=1)]) == label).all()


def corners(picture, epsilon):
    """The loss of a straight line is convex, so the worst picture of a box is one of its corners."""
    signs = np.stack(np.meshgrid(*[[-1, 1]] * picture.size), axis=-1).reshape(-1, picture.size)
    return picture.ravel() + epsilon * signs


def loss(line, pictures, label):
    """Cross-entropy, as in any book."""
    scores = line.scores(pictures)
    return np.log(np.exp(scores - scores[:, [label]]).sum(axis=1))


@pytest.fixture
def two_clouds():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    return rng.normal(110 + 25 * labels[:, None] * [1, 0.4, 0.05], 20, (40, 3)), labels


def test_a_line_trained_on_its_tricks_is_the_best_on_the_worst_corners(two_clouds):
    pictures, labels = two_clouds

    def cost(found):  # by brute force, for weights on values divided by 255, which the penalty is for
        line = Line(np.outer([-0.5, 0.5], found[:3] / 255), np.array([-0.5, 0.5]) * found[3])
        worst = [loss(line, corners(x, 8), k).max() for x, k in zip(pictures, labels, strict=True)]
        return sum(worst) + found[:3] @ found[:3] / 2

    line = harden(pictures, labels, C=1, epsilon=8)
    found = np.array([*(line.weights[1] - line.weights[0]) * 255, line.bias[1] - line.bias[0]])
    options = {"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-9}
    best = minimize(cost, np.zeros(4), method="Nelder-Mead", options=options)
    assert cost(found) == pytest.approx(best.fun, rel=1e-5)
    np.testing.assert_allclose(found, best.x, atol=0.02)


def test_without_tricks_it_is_trained_as_usual(two_clouds):
    there, line = fit(*two_clouds, C=1), harden(*two_clouds, C=1, epsilon=0)
    np.testing.assert_allclose(255 * line.weights, 255 * there.weights, atol=2e-3)
    assert line.bias == pytest.approx(there.bias, abs=2e-3)


def test_a_line_trained_on_its_tricks_wants_two_classes(two_clouds):
    with pytest.raises(ValueError, match="should be 0 and 1"):
        harden(two_clouds[0], two_clouds[1] + 1, C=1, epsilon=8)


def test_squares_are_cut_where_they_lie_and_shrunk_to_their_average():
    photograph = np.random.default_rng(0).integers(0, 256, (70, 100, 3)).astype(np.uint8)
    squares, origin = cut([photograph, photograph[:40, :40]])
    assert squares.shape == (7, 32, 32, 3) and origin.tolist() == [0] * 6 + [1]
    np.testing.assert_array_equal(squares[4], photograph[32:64, 32:64])
    np.testing.assert_allclose(downsample(squares, 2)[4, 1, 0], photograph[48:64, 32:48].mean(axis=(0, 1)))


def test_shaky_views_are_small_and_the_same_each_time():
    photographs = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3)).astype(np.uint8)
    views = shaky(photographs, 3)
    assert views.shape == (6, 32, 32, 3) and views.dtype == np.uint8 and len(np.unique(views, axis=0)) == 6
    np.testing.assert_array_equal(views, shaky(photographs, 3))


def test_each_picture_is_measured_by_a_line_that_has_not_seen_it(two_clouds):
    pictures, labels = two_clouds
    folds = [(np.arange(1, 40, 2), np.arange(0, 40, 2)), (np.arange(0, 40, 2), np.arange(1, 40, 2))]
    found, epsilons = cross_validate(pictures, labels, 1, folds), np.empty(40)
    for train, test in folds:
        epsilons[test] = fit(pictures[train], labels[train], C=1).smallest_epsilon(pictures[test], labels[test])[0]
    assert (found.right.k, found.right.n) == ((epsilons > 0).sum(), 40)
    assert found.low <= found.epsilon == np.median(epsilons[epsilons > 0]) <= found.high


def test_plain_black_is_a_rocket_and_plain_red_is_coffee():
    """As lesson 4 says, and not on account of its one draw of views: two other draws say so too."""
    names = ["panda", "grace_hopper", "coffee", "rocket", "sorrel", "convertible", "volcano", "german_shepherd"]
    views, who = shaky(map(images.load, names), 60), np.repeat(np.arange(8), 60)
    colours = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [255, 128, 0], [0, 0, 255]])
    squares = np.broadcast_to(colours[:, None, None], (6, 32, 32, 3))
    said = ["rocket", "sorrel", "coffee", "german_shepherd", "coffee", "rocket"]
    for part in (slice(0, None, 2), slice(1, None, 2)):
        album = fit(views[part], who[part], C=0.003)  # a third of the lesson's views, so the same strength
        assert [names[k] for k in album.answers(squares)] == said


@pytest.mark.parametrize("degrees", [0, 30, 60, 75])
def test_the_leaning_line_has_the_epsilon_and_the_tilt_that_the_drawing_says(degrees):
    across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    line, centres = Line(np.array([-across, across]), np.zeros(2)), np.array([[-60.0, 0], [60, 0]])
    drawn = straight_line.lean(degrees)
    words = re.findall(r"tilt of (\d+)° gets (\d+) of 82 right, and its epsilon is (\d+)", drawn.alt)
    assert int(words[1][0]) == pytest.approx(line.tilt(centres, np.array([0, 1])), abs=0.5)
    for found in line.smallest_epsilon(centres, np.array([0, 1]))[0]:
        assert int(words[1][2]) == pytest.approx(found, abs=0.5)


def test_only_a_line_that_leans_gets_the_strays_right():
    right = [int(re.findall(r"gets (\d+) of 82", straight_line.lean(d).alt)[1]) for d in (0, 45, 60)]
    assert right == [80, 82, 82]


def test_the_curves_of_hardened_lines_count_what_is_still_right():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    pictures = rng.normal(110 + 60 * labels[:, None], 20, (40, 4))
    lines = {name: harden(pictures, labels, C=1, epsilon=e) for name, e in {"usual": 0, "hard": 10}.items()}
    epsilons = {name: line.smallest_epsilon(pictures, labels)[0] for name, line in lines.items()}
    drawn = straight_line.hardened(lines, epsilons, side=2)
    curves = {line.get_label(): line.get_ydata() for line in drawn.figure.axes[-1].get_lines()}
    for name, line in lines.items():
        signs = np.sign(line.weights[1 - labels] - line.weights[labels])
        moved = line.answers(pictures + 15 * signs) == labels
        assert curves[name][15] == pytest.approx(moved.mean())


NOT_RACCOON = np.array([20, 90, 31, 60, 122])
SIGNS = np.array([1, -1, 1, 1, -1])
FIRST, THIRD = np.eye(5, dtype=int)[[0, 2]]


def test_exercise_1_one_pixel_or_all_five(refused):
    one, five = NOT_RACCOON + FIRST, NOT_RACCOON + 0.5 * SIGNS
    assert check("4.1", one, five) and check("4.1", list(one), list(five))
    refused("4.1", (NOT_RACCOON + SIGNS, five), (NOT_RACCOON + 3 * THIRD, five), (one[:4], five), (one * np.nan, five))
    refused("4.1", (one, NOT_RACCOON + 0.4 * SIGNS), (one, NOT_RACCOON + SIGNS))
    refused("4.1", (NOT_RACCOON, five), (NOT_RACCOON + THIRD, five))


def test_exercise_2_use_the_room(refused):
    warm = np.broadcast_to(np.array([3.0, -1.0, -2.0]) / 1024, (32, 32, 3))
    board = np.where(np.indices((32, 32)).sum(axis=0) % 2, 1.0, -1.0)[..., None]  # a chessboard adds up to zero
    assert check("4.2", warm + board)
    refused("4.2", (warm,), (100 * warm,), (warm[0],))


@pytest.fixture(scope="module")
def faces():
    pictures, labels = np.rint(skimage.data.lfw_subset() * 255).astype(np.uint8), np.repeat([1, 0], 100)
    return pictures, fit(pictures, labels, C=1)


def test_exercise_3_is_it_a_face(faces, refused):
    pictures, line = faces
    face = pictures[0]
    epsilon, no_face = fool(line, face, 1)
    assert f"{epsilon}" in check("4.3", line, face, no_face).text and check("4.3", line, face, no_face)
    signs = np.sign(line.weights[0] - line.weights[1]).reshape(25, 25)
    further = np.clip(face + (epsilon + 3) * signs, 0, 255).astype(np.uint8)
    swapped = Line(line.weights[::-1], line.bias[::-1])
    refused("4.3", (line, face, further), (line, face, face), (line, face, no_face / 1.0), (line, no_face, face))
    refused("4.3", (line, pictures[150], face), (swapped, face, no_face), (line.weights, face, no_face))
