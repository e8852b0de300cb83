"""Lesson 7's lab: the kernel's half keeps a run as the library would, and the reader's folder; its exercises."""

import numpy as np
import pytest

from lessons.lab import LAB_METHODS, Lab
from tests.facts import asked
from tricknet import images, trick
from tricknet.attacks.steps import Ascent, climb
from tricknet.check import check


@pytest.fixture
def lab(squeezenet, folder):
    return Lab(squeezenet)


def run(lab, steps, *, method, stop=False):
    """A run of the panda towards a teapot, as the browser takes it (tests/web/test_twins.py). stop: halfway."""
    panda, target = images.load("panda"), lab.model.labels.find("teapot")
    ascent = Ascent(panda, epsilon=2, steps=steps, method=LAB_METHODS[method])

    def look(shown):
        _, probabilities, gradient = asked(lab, "gradient", shown, target=target)
        return probabilities, gradient.reshape(panda.shape)

    asked(lab, "begin", panda, way="trick", target=target, epsilon=2)
    path = climb(panda, look, ascent.further, steps=steps, last=lambda shown: asked(lab, "predict", shown))
    for taken, _ in enumerate(path):
        if stop and taken == steps // 2:
            break
    asked(lab, "end", frames=taken + (not stop))


@pytest.mark.parametrize("method", LAB_METHODS)
def test_a_run_leaves_what_the_library_would_make(lab, method):
    run(lab, 4, method=method)
    library = trick(lab.model, images.load("panda"), "teapot", steps=4, method=LAB_METHODS[method])
    np.testing.assert_array_equal(lab.trick.frames, library.frames)
    np.testing.assert_allclose(lab.trick.history, library.history, rtol=1e-5)
    np.testing.assert_array_equal(lab.trick.after, library.after)
    assert (lab.trick.gradients, lab.trick.target, lab.trick.fooled) == (4, library.target, library.fooled)
    assert lab.trick.model is lab.model


def test_a_run_that_is_stopped_is_kept_and_what_is_no_trick_is_none(lab):
    run(lab, 8, method="sign", stop=True)
    assert len(lab.trick.frames) == 4  # without the one that nobody has seen
    asked(lab, "begin", images.load("panda"), way="dream", target=0, epsilon=2)
    asked(lab, "predict", images.load("panda"))
    asked(lab, "end", frames=1)
    assert lab.trick is None


def test_a_picture_is_saved_exactly_under_a_free_name_and_read_back(lab, folder):
    noise = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    kept = [asked(lab, "save", noise, name="../mine-to-vulture.png")[0]["kept"] for _ in range(2)]
    assert len(set(kept)) == 2 and {f"{one}.png" for one in kept} == {path.name for path in folder.glob("*.png")}
    assert set(kept) < {*asked(lab, "pictures")[0]["names"]}
    reply, (content,) = lab.answer({"kind": "picture", "name": kept[1]}, [])
    assert not reply and content == noise.tobytes()


def test_a_picture_that_cannot_be_read_is_one_sentence(lab, folder):
    (folder / "panda.jpg").write_bytes(b"no picture")
    reply, _ = lab.answer({"kind": "picture", "name": "panda"}, [])
    assert "panda.jpg" in reply["error"] and "Error" not in reply["error"]


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    there = trick(googlenet, images.load("panda"), "vulture", steps=10)
    back, elsewhere = (trick(googlenet, there.after, target, steps=10) for target in ("giant panda", "teapot"))
    assert check("7.1", there, back, False)
    refused("7.1", (there, back, True), (there, elsewhere, False))

    def sheet(shade, epsilon, steps=30, **how):
        paper = np.full((224, 224, 3), shade, np.uint8)
        return trick(googlenet, paper, "teapot", epsilon=epsilon, steps=steps, **how)

    assert check("7.2", sheet(254, 1, 300, method="calm"))
    refused("7.2", (sheet(254, 1),), (sheet(255, 1),))
    assert not any(check("7.2", sheet(*each)) for each in ((253, 2), (128, 1), (1, 1)))
