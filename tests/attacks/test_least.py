"""The least change: on a straight line the smallest is known; everywhere the result is whole numbers, and a hit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks.test_queries import Linear
from tricknet import Prediction, images
from tricknet.attacks.least import smallest


class Line(Linear):
    labels = "first", "second"

    def predict_and_gradient(self, picture, objectives):
        uphill = next(weight for weight, term in objectives.terms if 1 in term.target)
        return Prediction(self(picture[None])[0], self.labels), (uphill * self.weights).astype(np.float32)


@pytest.mark.parametrize("margin", [20, 200, 2000])  # pixel values: the smallest changes most values by 0 or 1
@pytest.mark.parametrize("less_like", [False, True])
def test_on_a_straight_line_it_finds_the_smallest(margin, less_like):
    """The distance to the boundary is the margin over the weights' L2 norm; what is nearest in whole numbers is t times
    the weights, rounded to the nearest, for the smallest t that crosses it."""
    random = np.random.default_rng(0).normal(size=(2, 32, 32, 3))
    direction, picture = random[0] / np.linalg.norm(random[0]), np.rint(128 + random[1]).astype(np.uint8)
    line = Line(((picture - 128.0) * direction).sum() + margin, direction)
    result = smallest(line, picture, 0 if less_like else 1, less_like=less_like)
    rounded = (np.rint(t * direction) for t in margin * np.geomspace(0.9, 10, 2000))
    nearest = next(np.linalg.norm(whole) for whole in rounded if (whole * direction).sum() > margin)
    assert result.fooled and margin <= result.length <= 1.02 * nearest and result.taken == "100"


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), target=st.integers(0, 999), steps=st.integers(1, 8), less_like=st.booleans())
def test_every_frame_is_whole_nearer_and_a_hit(squeezenet, seed, target, steps, less_like):
    picture = np.random.default_rng(seed).choice([0, 1, 128, 254, 255], (224, 224, 3)).astype(np.uint8)
    target = squeezenet.predict(picture).best.index if less_like else target
    result = smallest(squeezenet, picture, target, steps=steps, less_like=less_like)
    assert result.frames.dtype == np.uint8 and len(result.frames) == len(result.history) <= steps + 1
    np.testing.assert_array_equal(result.before, picture)
    sizes = [-np.linalg.norm(frame.astype(float) - picture) for frame in result.frames[1:]]
    assert sizes == sorted(sizes)
    assert all((said.best.index == target) != less_like for said in squeezenet.predict(result.frames)[1:])


def test_a_picture_that_is_there_already_or_too_far_away_stays_what_it_is(squeezenet):
    panda = images.load("panda")
    there = smallest(squeezenet, panda, squeezenet.predict(panda).best.index)
    assert len(there.frames) == 1 and there.fooled
    far = smallest(squeezenet, panda, "vulture", steps=1)
    assert not far.fooled and (far.after == panda).all()
