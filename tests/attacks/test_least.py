"""The least change: on a straight line the smallest is known; everywhere the result is whole numbers, and a hit."""

import caffe
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tricknet import Classifier, images
from tricknet.attacks.least import smallest

SIDE = 32
SCORES = f"""
layer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ dim: [1, 3, {SIDE}, {SIDE}] }} }} }}
layer {{ name: "scores" type: "InnerProduct" bottom: "data" top: "scores" propagate_down: true
        param {{ lr_mult: 0 }} param {{ lr_mult: 1 }} inner_product_param {{ num_output: 1000 }} }}
layer {{ name: "prob" type: "Softmax" bottom: "scores" top: "prob" loss_weight: 1 }}
"""


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """A linear network that knows two classes, and the weights of their difference, as a picture."""
    file = tmp_path_factory.mktemp("line") / "net.prototxt"
    file.write_text(SCORES)
    net = caffe.Net(str(file), caffe.TEST)
    weights, (scores, constants) = np.random.default_rng(0).normal(size=(3, SIDE, SIDE)), net.params["scores"]
    scores.data[...], constants.data[...] = 0, -1e4
    scores.data[0], constants.data[:2] = weights.ravel() / 50, 0
    net.save(str(file.with_suffix(".caffemodel")))
    model = Classifier(file, file.with_suffix(".caffemodel"), "scores", mean=(0, 0, 0), name="a line")
    return model, weights[::-1].transpose(1, 2, 0)  # red first


@pytest.mark.parametrize("margin", [20, 200, 2000])  # pixel values: the smallest changes most values by 0 or 1
@pytest.mark.parametrize("less_like", [False, True])
def test_on_a_straight_line_it_finds_the_smallest(line, margin, less_like):
    """The distance to the boundary is the margin over the weights' L2 norm; what is nearest in whole numbers is t times
    the weights, rounded to the nearest, for the smallest t that crosses it."""
    model, weights = line
    direction = weights / np.linalg.norm(weights)
    picture = np.rint(128 + np.random.default_rng(1).normal(size=weights.shape)).astype(np.uint8)
    model.parameters["scores"][1][0] = (margin - (picture * direction).sum()) * np.linalg.norm(weights) / 50
    assert model.predict(picture).best.index == 0

    result = smallest(model, picture, 0 if less_like else 1, less_like=less_like)
    rounded = (np.rint(-t * direction) for t in margin * np.geomspace(0.9, 10, 2000))
    nearest = next(np.linalg.norm(whole) for whole in rounded if (whole * direction).sum() < -margin)
    assert result.fooled and margin <= result.length <= 1.02 * nearest
    assert " in 100 steps;" in repr(result)


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
