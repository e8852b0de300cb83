"""The lab's second mode without a browser: does it dream what the library dreams, show it exactly, and keep it?"""

import base64
import itertools
import re

import numpy as np
import pytest
from lab_page import decoded, run, words

from tricknet import images
from tricknet.attacks.dream import Waves, deepening, dreaming, glimpse, noise
from tricknet.course.lab import Lab, view
from tricknet.course.lab import run as lab_run
from tricknet.course.lab.goal import CHANNEL, CLASS, LAYER
from tricknet.course.lab.panel import DREAM, TRICK
from tricknet.course.lab.shelf import NOISE, PHOTOGRAPH
from tricknet.networks.objectives import Channel, Logit, Strength


@pytest.fixture
def page(squeezenet, folder):
    """A lab that is to dream, on the small network: it is the same on both."""
    page = Lab(squeezenet)
    page.panel.mode.value = DREAM
    page.panel.steps.count.value = 5
    return page


@pytest.fixture
def panel(page):
    return page.panel


def visible(panel):
    """The names of the widgets that can be seen, whatever part they are in."""
    boxes, seen = [panel], []
    while boxes:
        box = boxes.pop()
        if box.layout.display != "none":
            seen.append(box)
            boxes.extend(getattr(box, "children", ()))
    parts = panel, panel.shelf, panel.goal, panel.steps, panel.screen, panel.keep
    named = [(name, widget) for part in parts for name, widget in vars(part).items() if not name.startswith("_")]
    return {name for name, widget in named if any(widget is one for one in seen)}


TRICKS_ALONE = {"aim", "epsilon", "method", "perturbation"}


def test_each_mode_shows_what_belongs_to_it(panel):
    shelf = {"source", "refresh", "upload", "whole"}
    shown = visible(panel)
    assert not shown & (TRICKS_ALONE | shelf) and {"begin", "subject", "search", "found", "seed", "count"} < shown
    panel.shelf.begin.value = PHOTOGRAPH
    assert shelf < visible(panel) and "channel" not in visible(panel)
    panel.goal.subject.value = CHANNEL
    assert "channel" in visible(panel)
    panel.mode.value = TRICK
    shown = visible(panel)
    assert TRICKS_ALONE | shelf < shown and not shown & {"begin", "subject", "channel", "seed"}


def test_it_begins_with_noise_of_the_seed(panel, squeezenet):
    panel.steps.seed.value = 3
    np.testing.assert_array_equal(decoded(panel.screen.now.image.value), noise(seed=3))
    assert words(panel.message) == f"Ready: noise. The network says {view.top(squeezenet.predict(noise(seed=3)))}."
    panel.shelf.begin.value = PHOTOGRAPH
    np.testing.assert_array_equal(decoded(panel.screen.before.image.value), images.example("panda"))


@pytest.mark.parametrize("begin", [NOISE, PHOTOGRAPH])
def test_a_dream_of_a_class_is_the_librarys(page, panel, squeezenet, folder, begin):
    panel.shelf.begin.value, panel.goal.search.value, panel.steps.seed.value = begin, "paper towel", 2
    run(page)
    start = noise(seed=2) if begin == NOISE else images.example("panda")
    *_, expected = dreaming(squeezenet, Logit("paper towel"), start, steps=5, seed=2)
    np.testing.assert_array_equal(page.dream, expected)
    np.testing.assert_array_equal(decoded(panel.screen.now.image.value), expected)
    said = view.top(squeezenet.predict(expected))
    assert page.trick is None and words(panel.screen.now.caption) == f"now {said}"
    assert words(panel.message).endswith(f"→ {said} in 5 steps, dreaming of paper towel.")
    panel.keep.save.click()
    name = "dream-of-paper-towel-seed2" if begin == NOISE else "panda-dream-of-paper-towel-seed2"
    np.testing.assert_array_equal(images.load(folder / f"{name}.png"), expected)
    panel.keep.again.click()
    assert words(panel.keep.kept) == f"Read back from images/{name}.png: {said}. Every pixel is as it was."
    (data,) = re.findall(r'href="data:image/png;base64,([^"]+)"', panel.keep.link.value)
    np.testing.assert_array_equal(decoded(base64.b64decode(data)), expected)
    assert f'download="{name}.png"' in panel.keep.link.value


def test_a_picture_dreams_of_a_layer_in_octaves(page, panel, squeezenet):
    panel.shelf.begin.value, panel.goal.subject.value = PHOTOGRAPH, LAYER
    panel.goal.search.value, panel.steps.count.value = "fire5/c", 9
    drawn = []
    panel.screen.now.image.observe(lambda change: drawn.append(decoded(change.new)), names="value")
    run(page)
    layer, panda = Strength("fire5/concat"), images.example("panda")
    *_, expected = deepening(squeezenet, layer, panda, octaves=4, steps=2)
    np.testing.assert_array_equal(page.dream, expected)
    assert "in 8 steps, dreaming of fire5/concat" in words(panel.message)
    assert squeezenet.value(page.dream, layer) > squeezenet.value(panda, layer)
    assert {picture.shape for picture in drawn} == {(224, 224, 3)}  # a small octave too
    np.testing.assert_array_equal(drawn[-1], expected)


def test_a_channel_from_noise(page, panel, squeezenet):
    alive = int(squeezenet.activations(noise(), "fire5/concat").mean((0, 1)).argmax())
    panel.goal.subject.value, panel.goal.channel.value = CHANNEL, alive
    panel.goal.search.value = "fire5/concat"
    run(page)
    *_, expected = dreaming(squeezenet, Channel("fire5/concat", alive), noise(), steps=5)
    np.testing.assert_array_equal(page.dream, expected)
    assert f'download="dream-of-channel-{alive}-of-fire5-concat-seed0.png"' in panel.keep.link.value


def test_layers_are_searched_like_classes(page, panel):
    panel.goal.search.value = "teapot"
    panel.goal.subject.value = LAYER
    assert panel.goal.search.value == "" and panel.goal.search.description == "Search the layers"
    assert panel.goal.found.value == "fire6/concat" and len(panel.goal.found.options) == 8
    panel.goal.search.value = "FIRE2/sq"
    assert panel.goal.found.value == "fire2/squeeze1x1" and words(panel.message) == "Goal: fire2/squeeze1x1."
    panel.goal.search.value = "fier5/concat"
    assert panel.goal.found.value == "fire5/concat"
    panel.goal.search.value = "xyzzy"
    assert (
        words(panel.message) == "No layer has a name like &quot;xyzzy&quot;." and 'role="alert"' in panel.message.value
    )
    run(page)
    assert "Choose a layer first" in words(panel.message) and page.dream is None
    panel.goal.subject.value = CLASS
    assert panel.goal.search.value == "" and page.model.labels[panel.goal.found.value] == "vulture"
    panel.goal.search.value = "xyzzy"
    run(page)
    assert "Choose a class first" in words(panel.message)


def test_a_silent_channel_and_one_that_does_not_exist_are_sentences(page, panel, squeezenet):
    first = glimpse(np.random.default_rng(0), (224, 224), squeezenet.size)  # a dream moves the picture, and begins here
    waves = Waves((224, 224))
    activations = squeezenet.activations(first(waves.picture(waves.spectrum(noise()))), "fire5/concat")
    silent = int((~activations.any((0, 1))).argmax())
    panel.goal.subject.value = CHANNEL
    panel.goal.search.value = "fire5/concat"
    for channel, sentence in ((silent, f"excites channel {silent} of fire5/concat"), (999, "there is no channel 999")):
        panel.goal.channel.value = channel
        run(page)
        assert sentence in words(panel.message) and 'role="alert"' in panel.message.value
        assert page.dream is None and panel.keep.layout.display == "none" and not panel.start.disabled
    panel.goal.subject.value = LAYER
    run(page)
    assert page.dream is not None


def test_stop_keeps_the_picture_of_that_moment(page, panel, squeezenet, monkeypatch):
    def stopping(*arguments, **options):
        for step, picture in enumerate(dreaming(*arguments, **options)):
            if step == 3:
                assert (
                    panel.mode.disabled
                    and panel.shelf.begin.disabled
                    and panel.goal.subject.disabled
                    and not panel.stop.disabled
                )
                panel.stop.click()
            yield picture

    monkeypatch.setattr(lab_run, "dreaming", stopping)
    panel.steps.count.value = 300
    run(page)
    *_, expected = itertools.islice(dreaming(squeezenet, Logit("vulture"), noise(), steps=300), 4)
    np.testing.assert_array_equal(page.dream, expected)
    np.testing.assert_array_equal(decoded(panel.screen.now.image.value), expected)
    assert "in 3 steps" in words(panel.message) and panel.keep.layout.display is None and not panel.mode.disabled


def test_what_is_drawn_is_what_the_network_was_asked_about(page, panel, squeezenet, every_step):
    drawn, captions, at = [], [], []
    panel.screen.now.image.observe(lambda change: drawn.append(decoded(change.new)), names="value")
    panel.screen.now.caption.observe(lambda change: captions.append(words(panel.screen.now.caption)), names="value")
    panel.screen.curves.observe(
        lambda change: at.append(int(re.search(r'data-steps="(\d+)"', change.new)[1])), names="value"
    )
    panel.steps.count.value = 12
    run(page)
    assert len(drawn) == 12 and at[-12:] == list(range(2, 14))
    said = {f"now {view.top(squeezenet.predict(picture))}" for picture in drawn}
    assert set(captions) <= said | {words(panel.screen.before.caption).replace("before", "now")}


def test_each_kind_of_run_has_its_own_number_of_steps(page, panel):
    panel.steps.seed.value = 1
    assert panel.steps.count.value == 5  # the reader's stays
    panel.shelf.begin.value, panel.goal.subject.value = PHOTOGRAPH, LAYER
    assert (panel.steps.count.value, panel.steps.count.max) == (40, 200)
    panel.goal.subject.value = CLASS
    assert (panel.steps.count.value, panel.steps.count.max) == (200, 500)
    panel.mode.value = TRICK
    assert (panel.steps.count.value, panel.steps.count.max) == (30, 100)
    panel.steps.count.value = 2
    run(page)
    assert page.trick is not None and page.dream is None and len(page.trick.frames) == 3


def test_another_seed_is_other_noise_and_leaves_a_pictures_dream_alone(page, panel):
    panel.shelf.begin.value = PHOTOGRAPH
    run(page)
    kept = page.dream
    panel.steps.seed.value = 7
    assert page.dream is kept and panel.keep.layout.display is None
    panel.shelf.begin.value = NOISE
    panel.steps.seed.value = 8
    np.testing.assert_array_equal(decoded(panel.screen.now.image.value), noise(seed=8))
    assert page.dream is None and panel.keep.layout.display == "none"


def test_noise_needs_no_picture(squeezenet, folder):
    (folder / "panda.jpg").write_bytes(b"damaged")
    page = Lab(squeezenet)
    panel = page.panel
    panel.mode.value = DREAM
    panel.steps.count.value = 2
    run(page)
    assert page.dream is not None
    panel.shelf.begin.value = PHOTOGRAPH
    run(page)
    assert "Choose a picture first" in words(panel.message)
