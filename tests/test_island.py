"""What an island's Python answers: the network's own numbers, errors as sentences; and what a notebook keeps of it."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.facts import asked
from tricknet import images, plots
from tricknet.island import ISLAND, STORE, Island
from tricknet.networks.objectives import Logit

PANDA = images.load("panda")


@pytest.fixture
def island(squeezenet):
    state = {"pictures": [("panda", PANDA)], "n": 3}
    return Island("sticker", state, squeezenet, still=plots.show(PANDA), text="Drag it.")


def test_it_answers_as_the_network_does(island, squeezenet):
    _, probabilities = asked(island, "predict", PANDA)
    np.testing.assert_array_equal(probabilities, squeezenet.predict(PANDA).probabilities)
    reply, values = asked(island, "activations", PANDA, layer="fire2/concat")
    np.testing.assert_array_equal(values.reshape(reply["shape"]), squeezenet.activations(PANDA, "fire2/concat"))
    _, _, gradient = asked(island, "gradient", PANDA, target=23)
    np.testing.assert_array_equal(gradient.reshape(PANDA.shape), squeezenet.gradient(PANDA, 23))
    slope = np.zeros(1000, np.float32)
    slope[[3, 5]] = 1, -2
    dim = (PANDA / 3).astype(np.float32)
    _, _, gradient = asked(island, "gradient", dim, slope, target=None, fractions=True)
    expected = squeezenet.gradient(dim, Logit(3) - 2 * Logit(5))
    np.testing.assert_allclose(gradient.reshape(PANDA.shape), expected, atol=1e-6)
    assert asked(island, "labels")[0]["labels"][23]["listed"] == "vulture"


def test_what_fails_is_a_sentence(island):
    for kind, content, fact in (("activations", PANDA.tobytes(), "none"), ("predict", b"half", "ValueError")):
        reply, _ = island.answer({"kind": kind, "network": "SqueezeNet", "layer": "none"}, [content])
        assert fact in reply["error"]
    with pytest.raises(ValueError, match=r"\.\./evil.*sticker"):
        Island("../evil", {}, still=plots.show(PANDA), text="")


def test_a_stored_notebook_keeps_pictures_as_files_and_a_reader_s_keeps_none(island, tmp_path, monkeypatch):
    assert ISLAND not in island._repr_mimebundle_()[0]
    monkeypatch.setenv(STORE, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    bundle, _ = island._repr_mimebundle_()
    stored = json.loads(json.dumps(bundle[ISLAND]))
    assert (stored["module"], stored["networks"], stored["state"]["n"]) == ("sticker", ["SqueezeNet"], 3)
    ((name, address),) = stored["state"]["pictures"]
    np.testing.assert_array_equal(Image.open(tmp_path / address), PANDA)
    assert name == "panda" and "image/png" in bundle
    assert island.state["pictures"][0][1].startswith("data:image/png;base64,")
