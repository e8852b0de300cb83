"""Lesson 11's library: journeys, maps, shuffled weights and the atlas, against what they should be by definition."""

import numpy as np
import pytest
from PIL import Image

from lessons.inside import figures, inside
from lessons.inside.check import check
from lessons.lamp import figures as lamp_figures
from lessons.lamp import lamp
from tricknet import FashionNet, images
from tricknet.attacks.trick import trick
from tricknet.networks.objectives import Logit
from tricknet.networks.patching import put_back


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
    shares = lamp.class_activation(googlenet, panda, label)
    bias = float(googlenet.net.params[googlenet.logits][1].data[label])
    assert shares.shape == (7, 7)
    assert shares.sum() + bias == pytest.approx(googlenet.value(panda, Logit(label)), abs=1e-3)


@pytest.mark.long
def test_occlusion_is_the_fall_of_the_score(googlenet, panda):
    falls = lamp.occlusion(googlenet, panda, "giant panda")
    assert falls.shape == (7, 7)
    covered = panda.copy()
    covered[48:112, 16:80] = googlenet.mean  # around the middle of row 2, column 1: (80, 48)
    fall = googlenet.value(panda, Logit("giant panda")) - googlenet.value(covered, Logit("giant panda"))
    assert falls[2, 1] == pytest.approx(fall, abs=1e-3)


def test_without_noise_smoothgrad_is_the_gradient(googlenet, panda):
    smooth = lamp.smooth_gradient(googlenet, panda, "vulture", noise=0, copies=2)
    assert np.allclose(smooth, googlenet.gradient(panda, Logit("vulture")), atol=1e-7)


def test_squares_are_means_of_sizes():
    array = np.zeros((64, 64, 3))
    array[0, 0] = [-1, 2, -3]
    assert lamp.squares(array).tolist() == [[6 / 1024, 0], [0, 0]]


def test_hidden_squares_have_the_mean_colour(googlenet, panda):
    mask = np.zeros((7, 7), bool)
    mask[0, 1] = True
    picture = lamp.hidden(googlenet, panda, mask)
    assert (picture[:32, 32:64] == googlenet.mean).all()
    picture[:32, 32:64] = panda[:32, 32:64]
    assert np.array_equal(picture, panda)


def test_shuffled_weights_are_the_same_weights_from_a_layer_upwards(googlenet):
    before = {name: blobs[0].data.copy() for name, blobs in googlenet.net.params.items()}
    stranger = lamp.with_shuffled_weights(googlenet, "inception_5b")
    names = list(before)
    start = next(i for i, name in enumerate(names) if name.startswith("inception_5b"))
    for i, name in enumerate(names):
        theirs = stranger.net.params[name][0].data
        assert np.array_equal(np.sort(theirs, axis=None), np.sort(before[name], axis=None))
        assert np.array_equal(theirs, before[name]) == (i < start)
        assert np.array_equal(googlenet.net.params[name][0].data, before[name])


def test_shuffled_weights_answer_in_the_same_classes():
    stranger = lamp.with_shuffled_weights(FashionNet())
    said = stranger.predict(np.full((28, 28, 1), 99, np.uint8)).top(10)
    assert {name for _, name, _ in said} == set(stranger.labels) and stranger.labels[9] == "ankle boot"


@pytest.mark.long
def test_each_picture_of_the_atlas_excites_its_channel_more_than_any_photograph_does(googlenet):
    atlas = inside.atlas()
    assert atlas.shape == (528, inside.TILE, inside.TILE, 3)
    photos = [np.asarray(Image.fromarray(images.load(name)).resize((80, 80))) for name in images.EVIDENCE]
    usual = googlenet.all_activations(np.stack(photos), inside.ATLAS).mean(axis=(1, 2)).max(axis=0)
    channels = np.arange(0, 528, 11)
    excited = googlenet.all_activations(atlas[channels], inside.ATLAS).mean(axis=(1, 2))
    own = excited[np.arange(len(channels)), channels]
    assert (own > usual[channels]).mean() > 0.95


def test_the_atlas_is_small():
    assert inside.ATLAS_SHEET.stat().st_size < 2_000_000


def test_what_is_put_back_is_as_before_and_the_rest_as_after():
    before, after = np.zeros((2, 3, 4), np.float32), np.ones((2, 3, 4), np.float32)
    channels = put_back(after, before, channels=[1, 3])
    assert not channels[..., [1, 3]].any() and channels[..., [0, 2]].all()
    places = put_back(after, before, places=[0, 5])
    assert not places[0, 0].any() and not places[1, 2].any() and places.sum() == 16
    assert after.all()


def test_how_well_a_channel_tells_birds_is_its_share_of_pairs(googlenet):
    names = ["hen", "toucan", "banana", "castle"]
    peaks = [googlenet.activations(images.load(name), inside.ATLAS).max(axis=(0, 1)) for name in names]
    told = inside.tells(googlenet, names, inside.BIRDS)
    for channel in (0, 497):
        hen, toucan, banana, castle = (float(peak[channel]) for peak in peaks)
        pairs = [hen > banana, hen > castle, toucan > banana, toucan > castle]
        assert told[channel] == sum(pairs) / 4


def test_how_far_a_place_has_changed():
    before = np.array([[[3.0, 4.0], [0.0, 5.0]]])
    after = before + np.array([[[0.0, 0.0], [10.0, 0.0]]])
    assert inside.changed(before, after).tolist() == [[0, 2]]


def test_a_map_of_squares_colours_only_what_is_above_zero():
    picture = np.full((224, 224, 3), 100, np.uint8)
    values = np.zeros((7, 7))
    values[0, 0], values[6, 6] = 5, -5
    plot = lamp_figures.under(picture, {"one": values, "two": values}, "two maps")
    shown = np.asarray(plot.figure.axes[0].images[0].get_array())
    orange = (shown != shown[100, 100]).any(axis=2)
    assert plot.alt == "two maps" and orange[:32, :32].all() and orange.sum() == 32 * 32


def test_the_figure_of_layers_says_their_shapes():
    assert "4d 14 × 14 × 528, scores 1000" in figures.layers({"4d": (14, 14, 528), "scores": (1000,)}).alt


def test_curves_and_dots_carry_their_intervals():
    curves = figures.through({"a": [1, 2], "b": [2, 4]}, ["x", "y"], "size", "alt", bands={"a": ([0, 1], [2, 3])})
    assert [list(line.get_ydata()) for line in curves.figure.axes[0].lines] == [[1, 2], [2, 4]]
    assert len(curves.figure.axes[0].collections) == 1
    interval, dot = lamp_figures.dots({"share": {"map": (0.5, 0.4, 0.6)}}, "alt").figure.axes[0].lines
    assert list(interval.get_xdata()) == [0.4, 0.6] and list(dot.get_xdata()) == [0.5]


def test_a_grid_draws_what_rose_most_as_large_as_it_rose(panda):
    rise = np.zeros((14, 14, 3))
    rise[0, 0, 2], rise[13, 13, 1] = 4, 1
    atlas = np.stack([np.full((80, 80, 3), colour, np.uint8) for colour in ([255, 0, 0], [0, 255, 0], [0, 0, 255])])
    grid = figures.risen(rise, atlas, np.full_like(panda, 255), cell=20).astype(int)
    assert grid.shape == (280, 280, 3)
    blue, green = (((grid[..., c] > 200) & (grid.min(axis=2) < 50)).sum() for c in (2, 1))
    assert blue == 25 * 25 and green == 15 * 15  # cut off at the corner: 30 x 30 there; and half as wide here


def test_curves_of_what_is_put_back_are_shares_of_the_photographs():
    rows = [
        {"set": "evidence", "what": what, "order": "random", "0": 1.0, "50": share}
        for what in ("channels", "places")
        for share in (1.0, 0.5, 0.0)
    ]
    axes = figures.still_there(rows, "alt").figure.axes
    assert [list(ax.lines[0].get_ydata()) for ax in axes] == [[1, 0.5], [1, 0.5]]
    assert axes[0].get_title() == "channels put back, in 3 photographs"


def test_beaks_are_dots_for_photographs():
    rows = [{"target": target, "places": share} for target in ("vulture", "teapot") for share in (0.1, 0.3)]
    ax = figures.beaks(rows, 0.09, "alt").figure.axes[0]
    assert sorted(ax.lines[0].get_xdata()) == [0.1, 0.3] and list(ax.lines[1].get_xdata()) == [0.2, 0.2]


@pytest.mark.long
def test_lesson_11s_checks_refuse_what_is_not_done(googlenet, panda):
    made = trick(googlenet, panda, "vulture")
    assert "still says vulture" in repr(check("11.1", made, [497, 497]))
    assert "41 channels, but at most 40" in repr(check("11.1", made, list(range(41))))
    assert "counted from 0" in repr(check("11.1", made, [528]))
    assert "list of whole numbers" in repr(check("11.1", made, [0.5]))
    assert "the panda that is a vulture" in repr(check("11.1", trick(googlenet, panda, "teapot", steps=2), [1]))
    changed = inside.added(panda, np.ones(panda.shape, int))
    loudest = int(googlenet.activations(panda, inside.ATLAS)[3, 3].argmax())
    quiet = int(googlenet.activations(panda, inside.ATLAS)[3, 3].argmin())
    assert "number 1 at that place already" in repr(check("11.2", changed, (3, 3, loudest)))
    assert "is stronger there" in repr(check("11.2", changed, (3, 3, quiet)))
    assert "counted from 0" in repr(check("11.2", changed, (3, 14, quiet)))
    assert "but at most 20" in repr(check("11.3", np.ones((7, 7))))
    assert "still says giant panda" in repr(check("11.3", np.zeros((7, 7))))
    order = np.argsort(-lamp.class_activation(googlenet, panda, "giant panda"), axis=None)
    assert check("11.3", np.isin(np.arange(49), order[:20]).reshape(7, 7))
