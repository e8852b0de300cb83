"""Dreams: seen by two networks, the same for the same seed, kept on Ctrl-C, of the size that was asked for."""

import itertools

import numpy as np
import pytest

import tricknet
from tricknet import images
from tricknet.dream import deepdream, deepening, dream, dreaming, noise
from tricknet.objectives import Channel, Logit, Strength

CLASSES = [
    "paper towel",
    "flamingo",
    "goldfish",
    "teapot",
    "tennis ball",
    "strawberry",
    "giant panda",
    "vulture",
    "daisy",
    "volcano",
]


def test_ten_classes_are_named_by_the_network_and_by_another(googlenet, squeezenet):
    """SqueezeNet never gave a gradient here: it judges whether the picture shows the class to another network too."""
    dreams = [dream(googlenet, Logit(name), steps=120) for name in CLASSES]
    named = [
        googlenet.predict(p).top(1)[0][0] == googlenet.labels.find(n) for p, n in zip(dreams, CLASSES, strict=True)
    ]
    seen = [
        squeezenet.labels.find(n) in [i for i, _, _ in squeezenet.predict(p).top(5)]
        for p, n in zip(dreams, CLASSES, strict=True)
    ]
    assert sum(named) == 10
    assert sum(seen) >= 6, dict(zip(CLASSES, seen, strict=True))


def test_the_same_seed_is_the_same_dream(googlenet):
    first, second, other = (dream(googlenet, Logit("teapot"), steps=3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any() and first.dtype == np.uint8 and first.shape == (224, 224, 3)


def test_a_dream_climbs_its_objective(googlenet):
    objective = Channel("inception_4d/output", 142)
    start = noise(96, 128)
    *_, end = dreaming(googlenet, objective, start, steps=30)
    assert end.shape == (96, 128, 3)
    assert googlenet.value(end, objective) > 3 * googlenet.value(start, objective)


def test_a_photograph_dreams_at_every_octave(googlenet):
    photograph = images.load_whole("images/panda.jpg", 200)
    frames = list(deepening(googlenet, Strength("inception_4c/output"), photograph, octaves=3, steps=2))
    assert [max(frame.shape) for frame in frames] == [102, 102, 143, 143, 200, 200]
    assert frames[-1].shape == photograph.shape
    layer = Strength("inception_4c/output")
    assert googlenet.value(frames[-1], layer) > 1.5 * googlenet.value(photograph, layer)


def test_ctrl_c_keeps_the_picture(googlenet, monkeypatch):
    real, calls = googlenet.gradient, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(googlenet, "gradient", interrupted)
    kept = dream(googlenet, Logit("teapot"), steps=50)
    monkeypatch.undo()
    *_, expected = itertools.islice(dreaming(googlenet, Logit("teapot"), noise(), steps=50), 4)
    np.testing.assert_array_equal(kept, expected)


def test_an_interrupted_photograph_has_its_own_size(googlenet, monkeypatch):
    real, calls = googlenet.gradient, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(googlenet, "gradient", interrupted)
    photograph = images.example("panda")
    assert deepdream(googlenet, Strength("inception_3b/output"), photograph).shape == photograph.shape


def test_a_class_needs_the_networks_own_size(googlenet):
    with pytest.raises(ValueError, match="224 x 224 x 3"):
        next(f for i, f in enumerate(dreaming(googlenet, Logit("teapot"), noise(64, 64))) if i)


def test_command_line(tmp_path, capsys, googlenet):
    from tricknet.__main__ import main

    out = tmp_path / "towel.png"
    assert main(["dream", "paper towel", "-o", str(out), "--steps", "2"]) == 0
    assert images.load(out).shape == (224, 224, 3)
    np.testing.assert_array_equal(images.load(out), dream(googlenet, Logit("paper towel"), steps=2))
    deep = tmp_path / "deep.png"
    words = ["dream", "images/panda.jpg", "--layer", "inception_4c/output", "--side", "160", "--steps", "1"]
    assert main([*words, "-o", str(deep)]) == 0
    assert "160 x" in capsys.readouterr().out
    assert main([*words[:3], "inception_4z/output", "-o", str(deep), "--force"]) == 2
    assert "Near names" in capsys.readouterr().err
    assert main(["dream", "teapto", "-o", str(out), "--force"]) == 2
    assert "teapot" in capsys.readouterr().err
    assert tricknet.Labels().find("teapot") == 849
