"""The drawing of GoogLeNet says what the network is."""

import re

import numpy as np
import pytest

from lessons.black_screen import figures as black_screen
from lessons.googlenet import figures as coin
from tricknet.plots import network

BLOBS = {
    "conv1": "conv1/7x7_s2",
    "pool1": "pool1/3x3_s2",
    "conv2": "conv2/3x3",
    "pool2": "pool2/3x3_s2",
    "pool3": "pool3/3x3_s2",
    "pool4": "pool4/3x3_s2",
    "mean": "pool5/7x7_s1",
    "classifier": "loss3/classifier",
}


def test_the_drawn_layers_have_the_sizes_that_the_network_gives(googlenet):
    (name, kind, side, channels), *layers = network.LAYERS
    assert (name, kind, side, channels) == ("picture", "data", *googlenet.size[:1], 3)
    picture = np.zeros((224, 224, 3), np.uint8)
    for name, kind, side, channels in layers:
        blob = BLOBS.get(name, f"inception_{name}/output")
        shape = googlenet.activations(picture, blob).shape
        assert shape in {(side, side, channels), (channels,)}, name
        assert (kind == "inception") == blob.startswith("inception")
    order = [googlenet.layers.index(BLOBS.get(name, f"inception_{name}/output")) for name, *_ in layers]
    assert order == sorted(order)


@pytest.mark.parametrize(("first", "sums"), [(124, (48, -33.3)), (20, (-4, 8.3)), (35, (3.5, 2.3))])
def test_a_unit_is_drawn_with_its_sum_and_cut_off_below_zero(first, sums):
    """The sums by hand. The first unit is the one that lesson 2 goes on with."""
    drawing = network.neuron(first)
    given = re.findall(r"make (.+?), so the unit gives (.+?)[;.] ", drawing.alt)
    for (total, output), want in zip(given, sums, strict=True):
        assert float(total.replace("minus ", "-")) == pytest.approx(want)
        assert float(output) == pytest.approx(max(want, 0))
    words = [text.get_text() for ax in drawing.figure.axes for text in ax.texts]
    assert words.count("cut off\nat zero") == sum(total < 0 for total in sums)
    assert all(any(text.endswith(f"= {total:.1f}".replace("-", "−")) for text in words) for total in sums)
    assert f"make {max(sums[0], 0):.1f}, and that" in network.backpropagation(first).alt


def test_drawings_have_words_for_those_who_cannot_see_them():
    for drawing in (network.neuron(), network.googlenet(), network.backpropagation(), coin.tosses(10)):
        assert len(drawing.alt) > 100
    chart = black_screen.directions([-0.01, 0.02], 0.1, 0.2)
    assert "2 random steps change the probability by -1.0 to +2.0 percentage points, and 1 of them" in chart.alt


@pytest.mark.parametrize("first", [0, 20, 27, 29, 124, 254])
def test_the_drawn_slopes_are_those_that_a_nudge_finds(first):
    """The last number as drawn, before and after the first one rises by 1. (At 28 there is a corner.)"""
    before, after = (re.search(r"0.25 makes ([\d.]+)\.", network.backpropagation(n).alt)[1] for n in (first, first + 1))
    slope = re.search(r"first unit, and (\S+) and", network.backpropagation(first).alt)[1]
    assert float(after) - float(before) == pytest.approx(float(slope), abs=1e-9)
