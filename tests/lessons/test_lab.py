"""Lesson 7's lab, driven through its widgets: it does what the library does, a mistake is a sentence; its exercises."""

import gc
import html
import io
import os
import re
import signal
import threading
import time
import weakref

import numpy as np
import pytest
from ipywidgets import Widget

from lessons.lab import WALKS, Lab
from lessons.lab.view import curves
from tricknet import images, plots, trick


@pytest.fixture
def lab(googlenet, folder):
    lab = Lab(googlenet)
    yield lab
    lab.close()
    Widget.close_all()  # ipywidgets keeps every widget alive, and with it a network: 40 MB for each test
    gc.collect()


def told(lab):
    return html.unescape(re.sub("<[^>]*>", "", lab.message.value))


def state(lab):
    """What the sentence is about (see `say` in view.py)."""
    return re.search('data-state="(.+?)"', lab.message.value)[1]


def seen(framed):
    return images.load(io.BytesIO(framed.image.png))


def upload(lab, name, content):
    file = {"name": name, "type": "", "size": len(content), "content": content, "last_modified": 0}
    lab.upload.set_state({"value": [file]})  # as the browser does it


def run_for(lab, frames):
    """Start, and return once there are so many frames."""
    lab.steps.value = 100
    lab.start.click()
    deadline = time.monotonic() + 120
    while len(lab.path) < frames:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_picture_becomes_what_was_searched_for_and_the_saved_file_gives_the_same_answer(lab, googlenet, folder):
    panda = images.load(folder / "panda.jpg")
    assert state(lab) == "ready" and "panda" in told(lab) and "giant panda 100.0%" in told(lab)
    lab.goal.value, lab.steps.value = "ultur", 12
    assert state(lab) == "aimed" and "vulture" in told(lab)
    lab.start.click()
    lab.wait()
    library = trick(googlenet, panda, "vulture", steps=12, method=WALKS["small steps"])
    np.testing.assert_array_equal(lab.trick.frames, library.frames)
    np.testing.assert_array_equal(lab.trick.history, library.history)
    assert state(lab) == "done" and f"{library}" in told(lab) and lab.trick.gradients == library.gradients == 12
    shown = {framed: seen(framed) for framed in lab.frames}
    wanted = panda, plots.signed(library.perturbation, 2), library.after
    assert all(np.array_equal(*pair) for pair in zip(shown.values(), wanted, strict=True))

    lab.save.click()
    (path,) = folder.glob("*.png")
    np.testing.assert_array_equal(images.load(path), library.after)
    answer = googlenet.predict(images.load(path)).best
    lab.again.click()
    assert state(lab) == "same" and f"{answer}" in told(lab)
    lab.source.value = path.stem
    assert state(lab) == "ready" and path.stem in told(lab) and f"{answer}" in told(lab) and lab.trick is None

    # The numbers of classes, and a name that is taken
    lab.source.value, lab.goal.value, lab.steps.value, lab.method.value = "panda", "23", 2, "calm"
    for _ in range(2):
        lab.start.click()
        lab.wait()
        lab.save.click()
    assert len(list(folder.glob("*.png"))) == 3 and np.array_equal(images.load(path), library.after)


def test_stop_keeps_what_there_is(lab):
    run_for(lab, 4)
    path, controls = lab.path, [*lab.settings, lab.start, lab.save, lab.again]
    assert all(control.disabled for control in controls) and not lab.stop.disabled
    lab.start.click()  # which changes nothing
    lab.stop.click()
    assert lab.path is path and 4 <= len(lab.trick.frames) < 101
    np.testing.assert_array_equal(seen(lab.now), lab.trick.after)
    assert lab.stop.disabled and not any(control.disabled for control in controls[:-1])


def test_ctrl_c_in_a_cell_that_waits_is_a_stop(lab):
    run_for(lab, 4)
    threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT]).start()
    lab.wait()
    assert 4 <= len(lab.trick.frames) < 101 and not lab.start.disabled


def test_another_picture_ends_a_run(lab, folder):
    run_for(lab, 2)
    lab.source.value = "coffee"
    assert state(lab) == "ready" and "coffee" in told(lab) and lab.trick is None and not lab.start.disabled
    np.testing.assert_array_equal(seen(lab.now), images.load("coffee"))


def test_an_upload_is_chosen_and_may_come_again(lab, folder):
    for name in ("coffee", "cat"):
        upload(lab, "mine.png", images.png(images.load(name)))
        assert state(lab) == "ready" and lab.source.value.startswith("mine (")
        np.testing.assert_array_equal(lab.picture, images.load(name))
        lab.steps.value = 1
        lab.start.click()
        lab.wait()
        lab.save.click()
    assert {path.name for path in folder.glob("*.png")} == {"mine-to-vulture-eps2.png", "mine-to-vulture-eps2-2.png"}


def test_what_is_no_picture_is_one_sentence_and_loses_nothing(lab, folder):
    (folder / "panda.jpg").write_bytes(b"no picture")
    lab.source.value, lab.goal.value, lab.steps.value = "coffee", "teapot", 1
    lab.start.click()
    lab.wait()
    made = lab.trick
    for choose in (lambda: upload(lab, "notes.txt", b"notes"), lambda: setattr(lab.source, "value", "panda")):
        choose()
        assert state(lab) == "failed" and re.search(r"(notes\.txt|panda\.jpg) ", told(lab)) and "Error" not in told(lab)
        assert lab.source.value == "coffee" and np.array_equal(lab.picture, images.load("coffee"))
        assert lab.trick is made and np.array_equal(seen(lab.now), made.after)
    lab.save.click()
    assert state(lab) == "saved" and np.array_equal(images.load(folder / "coffee-to-teapot-eps2.png"), made.after)


def test_before_any_picture_could_be_read_start_asks_for_one(squeezenet, folder):
    (folder / "panda.jpg").write_bytes(b"no picture")
    lab = Lab(squeezenet)
    lab.start.click()
    assert state(lab) == "failed" and "Error" not in told(lab)
    lab.source.value = "cat"
    assert state(lab) == "ready" and np.array_equal(lab.picture, images.load("cat"))
    lab.close()


def test_a_step_that_fails_is_one_sentence_and_keeps_those_before(lab, monkeypatch):
    network, real = lab._network, lab._network.predict_and_gradient

    def failing(*asked, **named):
        if len(lab.path) == 3:
            raise MemoryError
        return real(*asked, **named)

    monkeypatch.setattr(network, "predict_and_gradient", failing)
    lab.start.click()
    lab.wait()
    assert state(lab) == "failed" and "MemoryError" in told(lab) and len(lab.trick.frames) == 3
    assert not lab.save.disabled and not lab.start.disabled


@pytest.mark.parametrize("part", ["lab.Ascent", "lab.finish", "view.View.plot"])
def test_whatever_fails_the_lab_can_be_used_again(part, lab, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(f"lessons.lab.{part}", lambda *asked, **options: 1 / 0)
        lab.start.click()
        lab.wait()
    assert state(lab) == "failed" and "ZeroDivisionError" in told(lab)
    assert not lab.start.disabled and lab.stop.disabled
    lab.steps.value = 1
    lab.start.click()
    lab.wait()
    assert state(lab) == "done" and lab.trick.steps == 1


def test_a_new_lab_frees_the_network_of_the_one_before(squeezenet, folder):
    first = weakref.ref(Lab(squeezenet)._network)
    second = Lab(squeezenet)
    gc.collect()
    assert first() is None
    second.close()


def test_curves_are_drawn_to_scale():
    rows = np.array([[1, 0], [0.5, 0.25], [0, 1]], np.float32)
    drawn = curves(rows, ["a <b>", "c"], ["#000000", "#d55e00"], steps=4)
    lines = re.findall(r'polyline points="([^"]+)"', drawn)
    xs, ys = zip(*[map(float, point.split(",")) for point in lines[1].split()], strict=True)
    assert np.ptp(np.diff(xs)) < 0.11  # rounded to a tenth
    bottom, top = (float(re.search(rf'y="([\d.]+)"[^>]*>{p}%', drawn)[1]) - 4 for p in (0, 100))
    np.testing.assert_allclose((bottom - np.array(ys)) / (bottom - top), rows[:, 1], atol=1e-3)
    assert "a &lt;b&gt;" in drawn and "<b>" not in drawn.split("</svg>")[0] and len(lines) == 2


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(googlenet, refused):
    there = trick(googlenet, images.load("panda"), "lesser panda", steps=10)
    back, onwards = (trick(googlenet, there.after, goal, steps=n) for goal, n in (("giant panda", 10), ("teapot", 1)))
    refused(
        "7.1",
        (there, back, True),
        (there, back, there.before == back.after),
        (there, there, False),
        (there, onwards, False),
    )
    sheet = np.full((224, 224, 3), 255, np.uint8)
    nearly, vulture = trick(googlenet, sheet - 2, "teapot", steps=9), trick(googlenet, sheet, "vulture", steps=1)
    refused("7.2", (nearly, nearly, nearly), (vulture, nearly, nearly))
