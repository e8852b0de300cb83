"""Lesson 11's library: journeys, maps, shuffled weights and the atlas, against what they should be by definition."""

import numpy as np
import pytest
from PIL import Image

from tricknet import FashionNet, images
from tricknet.attacks.trick import trick
from tricknet.course.check import check
from tricknet.networks.objectives import Logit
from tricknet.plots import inside as figures
from tricknet.topics import inside


@pytest.fixture(scope="module")
def panda():
    return images.example("panda")


def test_a_journey_is_what_activations_gives(googlenet, panda):
    passed = inside.journey(googlenet, panda)
    for short, layer in inside.STOPS.items():
        assert np.array_equal(passed[short], googlenet.activations(panda, layer))
    assert np.allclose(passed["picture"] + googlenet.mean, panda)


def test_growth_and_likeness():
    a, b = np.array([3.0, 4.0]), np.array([4.0, -3.0])
    assert inside.growth(a, 3 * a) == pytest.approx(2)
    assert inside.likeness(a, 7 * a) == pytest.approx(1)
    assert inside.likeness(a, b) == pytest.approx(0)


def test_a_shuffled_change_has_the_same_pixels_elsewhere(panda):
    change = panda.astype(int) - 128
    other = inside.shuffled(change, seed=1)
    assert (other != change).any()
    assert sorted(map(tuple, other.reshape(-1, 3))) == sorted(map(tuple, change.reshape(-1, 3)))


def test_added_stays_within_what_a_file_holds():
    assert inside.added(np.array([[[1, 254, 7]]], np.uint8), np.array([[[-2, 2, 2]]])).tolist() == [[[0, 255, 9]]]


def test_the_class_activations_and_the_bias_add_up_to_the_score(googlenet, panda):
    label = googlenet.labels.find("giant panda")
    shares = inside.class_activation(googlenet, panda, label)
    bias = float(googlenet.net.params[googlenet.logits][1].data[label])
    assert shares.shape == (7, 7)
    assert shares.sum() + bias == pytest.approx(googlenet.value(panda, Logit(label)), abs=1e-3)


@pytest.mark.long
def test_occlusion_is_the_fall_of_the_score(googlenet, panda):
    falls = inside.occlusion(googlenet, panda, "giant panda")
    assert falls.shape == (7, 7)
    covered = panda.copy()
    covered[48:112, 16:80] = googlenet.mean  # around the middle of row 2, column 1: (80, 48)
    fall = googlenet.value(panda, Logit("giant panda")) - googlenet.value(covered, Logit("giant panda"))
    assert falls[2, 1] == pytest.approx(fall, abs=1e-3)


def test_without_noise_smoothgrad_is_the_gradient(googlenet, panda):
    smooth = inside.smooth_gradient(googlenet, panda, "vulture", noise=0, copies=2)
    assert np.allclose(smooth, googlenet.gradient(panda, Logit("vulture")), atol=1e-7)


def test_squares_are_means_of_sizes():
    array = np.zeros((64, 64, 3))
    array[0, 0] = [-1, 2, -3]
    assert inside.squares(array).tolist() == [[6 / 1024, 0], [0, 0]]


def test_hidden_squares_have_the_mean_colour(googlenet, panda):
    mask = np.zeros((7, 7), bool)
    mask[0, 1] = True
    picture = inside.hidden(googlenet, panda, mask)
    assert (picture[:32, 32:64] == googlenet.mean).all()
    picture[:32, 32:64] = panda[:32, 32:64]
    assert np.array_equal(picture, panda)


def test_shuffled_weights_are_the_same_weights_from_a_layer_upwards(googlenet):
    before = {name: blobs[0].data.copy() for name, blobs in googlenet.net.params.items()}
    stranger = inside.with_shuffled_weights(googlenet, "inception_5b")
    names = list(before)
    start = next(i for i, name in enumerate(names) if name.startswith("inception_5b"))
    for i, name in enumerate(names):
        theirs = stranger.net.params[name][0].data
        assert np.array_equal(np.sort(theirs, axis=None), np.sort(before[name], axis=None))
        assert np.array_equal(theirs, before[name]) == (i < start)
        assert np.array_equal(googlenet.net.params[name][0].data, before[name])


def test_shuffled_weights_answer_in_the_same_classes():
    stranger = inside.with_shuffled_weights(FashionNet())
    said = stranger.predict(np.full((28, 28, 1), 99, np.uint8)).top(10)
    assert {name for _, name, _ in said} == set(stranger.labels) and stranger.labels[9] == "ankle boot"


@pytest.mark.long
def test_each_picture_of_the_atlas_excites_its_channel_more_than_any_photograph_does(googlenet):
    atlas = inside.atlas()
    channels = list(atlas)
    assert len(set(channels)) == len(channels) and set(channels) <= set(range(528))
    photos = [np.asarray(Image.fromarray(images.load(name)).resize((80, 80))) for name in images.EVIDENCE]
    usual = googlenet.all_activations(np.stack(photos), inside.ATLAS).mean(axis=(1, 2)).max(axis=0)
    drawn = np.stack([atlas[c] for c in channels[::10]])
    excited = googlenet.all_activations(drawn, inside.ATLAS).mean(axis=(1, 2))
    own = excited[np.arange(len(drawn)), channels[::10]]
    assert (own > usual[channels[::10]]).mean() > 0.95


def test_the_atlas_is_small():
    assert inside.ATLAS_SHEET.stat().st_size < 3_000_000


def test_a_map_of_squares_colours_only_what_is_above_zero():
    picture = np.full((224, 224, 3), 100, np.uint8)
    values = np.zeros((7, 7))
    values[0, 0], values[6, 6] = 5, -5
    plot = figures.under(picture, {"one": values, "two": values}, "two maps")
    shown = np.asarray(plot.figure.axes[0].images[0].get_array())
    orange = (shown != shown[100, 100]).any(axis=2)
    assert plot.alt == "two maps" and orange[:32, :32].all() and orange.sum() == 32 * 32


def test_the_figure_of_layers_says_their_shapes():
    assert "4d 14 × 14 × 528, scores 1000" in figures.layers({"4d": (14, 14, 528), "scores": (1000,)}).alt


def test_curves_and_dots_carry_their_intervals():
    curves = figures.through({"a": [1, 2], "b": [2, 4]}, ["x", "y"], "size", "alt", bands={"a": ([0, 1], [2, 3])})
    assert [list(line.get_ydata()) for line in curves.figure.axes[0].lines] == [[1, 2], [2, 4]]
    assert len(curves.figure.axes[0].collections) == 1
    interval, dot = figures.dots({"map": (0.5, 0.4, 0.6)}, "share", "alt").figure.axes[0].lines
    assert list(interval.get_xdata()) == [0.4, 0.6] and list(dot.get_xdata()) == [0.5]


@pytest.mark.long
def test_lesson_11s_checks_refuse_what_is_not_done(googlenet, panda):
    made = trick(googlenet, images.example("coffee"), "teapot", steps=10)
    assert "Is it the first?" in repr(check("11.1", made, "scores")) and not check("11.1", made, "conv1")
    assert "another photograph" in repr(check("11.1", trick(googlenet, panda, "vulture", steps=1), "3a"))
    changed = inside.added(panda, np.ones(panda.shape, int))
    loudest = int(googlenet.activations(panda, inside.ATLAS)[3, 3].argmax())
    quiet = int(googlenet.activations(panda, inside.ATLAS)[3, 3].argmin())
    assert "number 1 at that position already" in repr(check("11.2", changed, (3, 3, loudest)))
    assert "is stronger there" in repr(check("11.2", changed, (3, 3, quiet)))
    assert "counted from 0" in repr(check("11.2", changed, (3, 14, quiet)))
    assert "20 at most" in repr(check("11.3", np.ones((7, 7))))
    assert "still says giant panda" in repr(check("11.3", np.zeros((7, 7))))
    order = np.argsort(-inside.class_activation(googlenet, panda, "giant panda"), axis=None)
    assert check("11.3", np.isin(np.arange(49), order[:20]).reshape(7, 7))
