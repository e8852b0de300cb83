"""The drawing of GoogLeNet says what the network is."""

import numpy as np

from tricknet.plots import black_screen, network

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


def test_drawings_have_words_for_those_who_cannot_see_them():
    for drawing in (network.neuron(), network.googlenet()):
        assert len(drawing.alt) > 100
    chart = black_screen.directions({"from nothing": ([-0.01, 0.02], 0.1)})
    assert "2 random directions change the probability by -1.0 to +2.0 percentage points" in chart.alt
