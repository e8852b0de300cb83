"""The lab's second mode without a browser: does it dream what the library dreams, show it exactly, and keep it?"""

import base64
import itertools
import re

import numpy as np
import pytest
from lab_page import decoded, run, words

from tricknet import images
from tricknet.attacks.dream import deepening, dreaming, noise
from tricknet.course.lab import Lab, view
from tricknet.course.lab import run as lab_run
from tricknet.course.lab.panel import CHANNEL, CLASS, DREAM, LAYER, NOISE, PHOTOGRAPH, TRICK
from tricknet.networks.objectives import Channel, Logit, Strength


@pytest.fixture
def page(squeezenet, folder):
    """A lab that is to dream, on the small network: it is the same on both."""
    page = Lab(squeezenet)
    page.mode.value = DREAM
    page.steps.value = 5
    return page


def visible(page):
    """The names of the widgets that can be seen, whatever box they are in."""
    boxes, seen = [page], set()
    while boxes:
        box = boxes.pop()
        if box.layout.display != "none":
            seen.add(box)
            boxes.extend(getattr(box, "children", ()))
    names = [name for name in vars(page) if not name.startswith("_")]
    return {name for name in names if any(getattr(page, name) is widget for widget in seen)}


TRICKS_ALONE = {"goal", "epsilon", "method", "change", "change_caption"}


def test_each_mode_shows_what_belongs_to_it(page):
    shelf = {"source", "refresh", "upload", "whole"}
    shown = visible(page)
    assert not shown & (TRICKS_ALONE | shelf) and {"begin", "subject", "search", "found", "seed", "steps"} < shown
    page.begin.value = PHOTOGRAPH
    assert shelf < visible(page) and "channel" not in visible(page)
    page.subject.value = CHANNEL
    assert "channel" in visible(page)
    page.mode.value = TRICK
    shown = visible(page)
    assert TRICKS_ALONE | shelf < shown and not shown & {"begin", "subject", "channel", "seed"}


def test_it_begins_with_noise_of_the_seed(page, squeezenet):
    page.seed.value = 3
    np.testing.assert_array_equal(decoded(page.now.value), noise(seed=3))
    assert words(page.message) == f"Ready: noise. The network says {view.top(squeezenet.predict(noise(seed=3)))}."
    page.begin.value = PHOTOGRAPH
    np.testing.assert_array_equal(decoded(page.before.value), images.example("panda"))


@pytest.mark.parametrize("begin", [NOISE, PHOTOGRAPH])
def test_a_dream_of_a_class_is_the_librarys(page, squeezenet, folder, begin):
    page.begin.value, page.search.value, page.seed.value = begin, "paper towel", 2
    run(page)
    start = noise(seed=2) if begin == NOISE else images.example("panda")
    *_, expected = dreaming(squeezenet, Logit("paper towel"), start, steps=5, seed=2)
    np.testing.assert_array_equal(page.dream, expected)
    np.testing.assert_array_equal(decoded(page.now.value), expected)
    said = view.top(squeezenet.predict(expected))
    assert page.trick is None and words(page.now_caption) == f"now {said}"
    assert words(page.message).endswith(f"→ {said} in 5 steps, dreaming of paper towel.")
    page.save.click()
    name = "dream-of-paper-towel-seed2" if begin == NOISE else "panda-dream-of-paper-towel-seed2"
    np.testing.assert_array_equal(images.load(folder / f"{name}.png"), expected)
    page.again.click()
    assert words(page.kept) == f"Read back from images/{name}.png: {said}. Every pixel is as it was."
    (data,) = re.findall(r'href="data:image/png;base64,([^"]+)"', page.link.value)
    np.testing.assert_array_equal(decoded(base64.b64decode(data)), expected)
    assert f'download="{name}.png"' in page.link.value


def test_a_picture_dreams_of_a_layer_in_octaves(page, squeezenet):
    page.begin.value, page.subject.value = PHOTOGRAPH, LAYER
    page.search.value, page.steps.value = "fire5/c", 9
    drawn = []
    page.now.observe(lambda change: drawn.append(decoded(change.new)), names="value")
    run(page)
    layer, panda = Strength("fire5/concat"), images.example("panda")
    *_, expected = deepening(squeezenet, layer, panda, octaves=4, steps=2)
    np.testing.assert_array_equal(page.dream, expected)
    assert "in 8 steps, dreaming of fire5/concat" in words(page.message)
    assert squeezenet.value(page.dream, layer) > squeezenet.value(panda, layer)
    assert {picture.shape for picture in drawn} == {(224, 224, 3)}  # a small octave too
    np.testing.assert_array_equal(drawn[-1], expected)


def test_a_channel_from_noise(page, squeezenet):
    alive = int(squeezenet.activations(noise(), "fire5/concat").mean((0, 1)).argmax())
    page.subject.value, page.channel.value = CHANNEL, alive
    page.search.value = "fire5/concat"
    run(page)
    *_, expected = dreaming(squeezenet, Channel("fire5/concat", alive), noise(), steps=5)
    np.testing.assert_array_equal(page.dream, expected)
    assert f'download="dream-of-channel-{alive}-of-fire5-concat-seed0.png"' in page.link.value


def test_layers_are_searched_like_classes(page):
    page.search.value = "teapot"
    page.subject.value = LAYER
    assert page.search.value == "" and page.search.description == "Search the layers"
    assert page.found.value == "fire6/concat" and len(page.found.options) == 8
    page.search.value = "FIRE2/sq"
    assert page.found.value == "fire2/squeeze1x1" and words(page.message) == "Goal: fire2/squeeze1x1."
    page.search.value = "fier5/concat"
    assert page.found.value == "fire5/concat"
    page.search.value = "xyzzy"
    assert words(page.message) == "No layer has a name like &quot;xyzzy&quot;." and 'role="alert"' in page.message.value
    run(page)
    assert "Choose a layer first" in words(page.message) and page.dream is None
    page.subject.value = CLASS
    assert page.search.value == "" and page.model.labels[page.found.value] == "vulture"
    page.search.value = "xyzzy"
    run(page)
    assert "Choose a class first" in words(page.message)


def test_a_silent_channel_and_one_that_does_not_exist_are_sentences(page, squeezenet):
    first = np.random.default_rng(0).integers(-16, 17, 2)  # a dream shifts the picture, and this is where it begins
    activations = squeezenet.activations(np.roll(noise(), first, (0, 1)), "fire5/concat")
    silent = int((~activations.any((0, 1))).argmax())
    page.subject.value = CHANNEL
    page.search.value = "fire5/concat"
    for channel, sentence in ((silent, f"excites channel {silent} of fire5/concat"), (999, "there is no channel 999")):
        page.channel.value = channel
        run(page)
        assert sentence in words(page.message) and 'role="alert"' in page.message.value
        assert page.dream is None and page.keep.layout.display == "none" and not page.start.disabled
    page.subject.value = LAYER
    run(page)
    assert page.dream is not None


def test_stop_keeps_the_picture_of_that_moment(page, squeezenet, monkeypatch):
    def stopping(*arguments, **options):
        for step, picture in enumerate(dreaming(*arguments, **options)):
            if step == 3:
                assert page.mode.disabled and page.begin.disabled and page.subject.disabled and not page.stop.disabled
                page.stop.click()
            yield picture

    monkeypatch.setattr(lab_run, "dreaming", stopping)
    page.steps.value = 300
    run(page)
    *_, expected = itertools.islice(dreaming(squeezenet, Logit("vulture"), noise(), steps=300), 4)
    np.testing.assert_array_equal(page.dream, expected)
    np.testing.assert_array_equal(decoded(page.now.value), expected)
    assert "in 3 steps" in words(page.message) and page.keep.layout.display is None and not page.mode.disabled


def test_what_is_drawn_is_what_the_network_was_asked_about(page, squeezenet, every_step):
    drawn, captions, at = [], [], []
    page.now.observe(lambda change: drawn.append(decoded(change.new)), names="value")
    page.now_caption.observe(lambda change: captions.append(words(page.now_caption)), names="value")
    page.curves.observe(lambda change: at.append(int(re.search(r'data-steps="(\d+)"', change.new)[1])), names="value")
    page.steps.value = 12
    run(page)
    assert len(drawn) == 12 and at[-12:] == list(range(2, 14))
    said = {f"now {view.top(squeezenet.predict(picture))}" for picture in drawn}
    assert set(captions) <= said | {words(page.before_caption).replace("before", "now")}


def test_each_kind_of_run_has_its_own_number_of_steps(page):
    page.seed.value = 1
    assert page.steps.value == 5  # the reader's stays
    page.begin.value, page.subject.value = PHOTOGRAPH, LAYER
    assert (page.steps.value, page.steps.max) == (40, 200)
    page.subject.value = CLASS
    assert (page.steps.value, page.steps.max) == (250, 500)
    page.mode.value = TRICK
    assert (page.steps.value, page.steps.max) == (30, 100)
    page.steps.value = 2
    run(page)
    assert page.trick is not None and page.dream is None and len(page.trick.frames) == 3


def test_another_seed_is_other_noise_and_leaves_a_pictures_dream_alone(page):
    page.begin.value = PHOTOGRAPH
    run(page)
    kept = page.dream
    page.seed.value = 7
    assert page.dream is kept and page.keep.layout.display is None
    page.begin.value = NOISE
    page.seed.value = 8
    np.testing.assert_array_equal(decoded(page.now.value), noise(seed=8))
    assert page.dream is None and page.keep.layout.display == "none"


def test_noise_needs_no_picture(squeezenet, folder):
    (folder / "panda.jpg").write_bytes(b"damaged")
    page = Lab(squeezenet)
    page.mode.value = DREAM
    page.steps.value = 2
    run(page)
    assert page.dream is not None
    page.begin.value = PHOTOGRAPH
    run(page)
    assert "Choose a picture first" in words(page.message)
