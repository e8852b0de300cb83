"""Does a trick keep its promises (the box, whole numbers, one pass a step), and does it do what the lessons say?"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricknet import images, trick
from tricknet.attacks.paint import towards
from tricknet.attacks.result import shuffled
from tricknet.attacks.steps import METHODS, Ascent, Method, constant, linear
from tricknet.attacks.trick import best
from tricknet.networks.objectives import Class, Logit, Margin, Probability


@given(
    seed=st.integers(0, 2**32 - 1),
    epsilon=st.floats(1, 300) | st.sampled_from([np.float64(2), np.inf]),
    steps=st.integers(1, 6),
    method=st.sampled_from(sorted(METHODS)),
)
def test_never_leaves_the_box_nor_moves_without_a_slope(seed, epsilon, steps, method):
    """Without a limit, infinity times no slope would be no number, and black."""
    random = np.random.default_rng(seed)
    picture = random.choice([0, 1, 128, 254, 255], (5, 4, 3)).astype(np.uint8)
    ascent = Ascent(picture, epsilon=epsilon, steps=steps, method=method)
    slopes = random.normal(size=(steps, *picture.shape)).astype(np.float32)
    slopes[:, 0], slopes[: seed % 2], slopes.flags.writeable = 0, 0, False
    for taken, slope in enumerate(slopes):
        ascent.further(picture, slope, taken)
        assert np.abs(ascent.pictures.astype(int) - picture).max() <= epsilon and ascent.pictures.dtype == np.uint8
        assert (ascent.pictures[0 if slope.any() else ...] == picture[0 if slope.any() else ...]).all()


@pytest.mark.parametrize(("method", "objective"), list(zip(METHODS, (Class, Probability, Logit, Margin), strict=True)))
def test_every_method_and_objective_climbs(googlenet, method, objective):
    result = trick(googlenet, images.load("cat"), "tabby", epsilon=1, steps=8, method=method, objective=objective)
    values = [googlenet.value(picture, objective("tabby")) for picture in result.frames[[0, -1]]]
    assert values[1] > values[0] + 0.2


@pytest.mark.parametrize("less_like", [False, True])
def test_the_best_picture_is_kept_and_not_the_last(squeezenet, tmp_path, less_like):
    """Steps as long as the box is wide never settle: they jump from wall to wall, and the target comes and goes."""
    restless = Method(METHODS["sign"].direction, reach=2, size=constant)
    target = "giant panda" if less_like else "vulture"
    result = trick(squeezenet, images.load("panda"), target, steps=8, method=restless, less_like=less_like)
    p = result.history[:, squeezenet.labels.find(target)]
    assert p[-1] != p.min() if less_like else p[-1] != p.max()
    assert result.best_index == (p.argmin() if less_like else p.argmax())
    assert result.before.base is None and result.after.base is None  # to keep one is not to keep all frames
    np.testing.assert_array_equal(images.load(result.save(tmp_path / "best.png")), result.after)


def test_of_equally_good_pictures_the_last_is_kept():
    history = np.array([[0.5, 0.5, 0], [0.1, 0, 0.9], [0.6, 0, 0.4], [0.1, 0.9, 0]], np.float32)
    assert [best(history, target) for target in ({0}, {1}, {2}, {0, 1})] == [2, 3, 1, 3]
    assert [best(history, target, less_like=True) for target in ({0}, {1}, {2}, {0, 1})] == [3, 2, 3, 1]


def test_the_calm_method_by_hand():
    """It loses a quarter of its memory at each step, and its steps shrink from twice epsilon along half a cosine."""
    calm, velocity = METHODS["calm"], np.zeros((1, 2, 2, 3), np.float32)
    for gradient, remembered in ((8, 1), (-24, -0.25), (8, 0.8125)):  # only its ratio to its own mean counts
        direction, velocity = calm.direction(np.full_like(velocity, gradient), velocity, 0)
        assert (direction == np.sign(remembered)).all() and (velocity == np.float32(remembered)).all()
    assert calm.reach == 2 and [calm.size(done) for done in (0, 1 / 3, 0.5, 1)] == pytest.approx([1, 0.75, 0.5, 0])


def test_an_unknown_method_gets_the_names_of_the_known_ones():
    with pytest.raises(ValueError, match="momentum"):
        Ascent(np.zeros((4, 4, 3), np.uint8), epsilon=1, steps=1, method="pgd")


@pytest.mark.parametrize(
    ("method", "places"),
    [
        (Method(METHODS["sign"].direction, reach=0.25, size=constant), [102, 104, 106, 108]),
        (Method(METHODS["sign"].direction, reach=0.5, size=linear), [104, 107, 108, 108]),
        *((replace(METHODS[name], reach=0.5), [104, 107, 108, 108]) for name in ("momentum", "gradient")),
        (replace(METHODS["sign"], reach=7 / 8, size=lambda done: float(done == 0)), [107, 107, 107, 107]),
    ],
)
def test_any_schedule_can_be_asked_for(method, places):
    """Steps up a constant slope from 100, in a box of 8: where they should be, by hand."""
    start = np.full((1, 2, 2, 3), 100, np.uint8)
    ascent, seen = Ascent(start, epsilon=8, steps=4, method=method), []
    for taken in range(4):
        seen.append(int(ascent.further(start, np.ones(start.shape, np.float32), taken).max()))
    assert seen == places


def test_steps_of_paint_follow_the_gradient_as_far_as_the_length_and_the_box():
    start, slope = np.full((8, 8, 3), 100, np.float32), np.random.default_rng(0).normal(size=(8, 8, 3)).astype("f")
    x = start
    for taken in range(1, 20):
        x = towards(x, slope, start, stride=5, length=50)
        np.testing.assert_allclose(x - start, min(5 * taken, 50) * slope / np.linalg.norm(slope), atol=1e-3)
    far = towards(start, slope, start, stride=1e5, length=1e5)
    assert far.min() == 0 and far.max() == 255


def test_a_shuffled_perturbation_has_the_same_pixels_elsewhere():
    change = images.load("panda").astype(int) - 128
    other = shuffled(change, seed=1)
    assert (other != change).any()
    assert sorted(map(tuple, other.reshape(-1, 3))) == sorted(map(tuple, change.reshape(-1, 3)))
