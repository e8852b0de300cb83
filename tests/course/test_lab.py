"""The lab without a browser: does it do what its controls say, once, and turn everything that goes wrong into words?"""

import base64
import gc
import io
import re
import weakref
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pytest
from disk import full_disk
from hypothesis import given
from hypothesis import strategies as st
from lab_page import decoded, run, words
from PIL import Image

from tricknet import images, plots, trick
from tricknet.attacks.steps import METHODS, constant
from tricknet.course.lab import Lab, view
from tricknet.course.lab import run as lab_run
from tricknet.course.lab.panel import DREAM, STICK, TRICK
from tricknet.course.lab.run import PER_SECOND, SHARE, follow
from tricknet.networks.classifier import Classifier, NoGradientError
from tricknet.networks.labels import Labels
from tricknet.paths import ROOT, models_folder
from tricknet.plots import ACCENT


@pytest.fixture
def model(squeezenet):
    """The small network, for speed: the lab is the same on both."""
    return squeezenet


@pytest.fixture
def page(model, folder):
    """A lab with few steps."""
    page = Lab(model)
    page.panel.steps.count.value = 5
    return page


@pytest.fixture
def panel(page):
    return page.panel


def upload(page, name, content, size=None):
    """As the browser does it."""
    about = {"name": name, "size": size or len(content)}
    page.panel.shelf.upload._handle_msg(
        {"content": {"data": {"method": "custom", "content": about}}, "buffers": [content]}
    )


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


# The engine: time is counted, not measured.


class Clock:
    """A clock that moves only when something takes its time."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def spend(self, seconds):
        self.now += seconds


class Walk:
    """Steps that take so many seconds each; its progress is the time at which somebody looks."""

    def __init__(self, steps, seconds):
        self.clock, self.steps, self.seconds = Clock(), steps, seconds

    def __iter__(self):
        for _ in range(self.steps):
            self.clock.spend(self.seconds)
            yield

    def progress(self):
        return self.clock.now


@pytest.mark.parametrize("step, drawing", [(0.02, 0.005), (0.02, 0.1), (0.2, 0.001), (0.001, 0.001), (0.1, 0.5)])
def test_drawing_takes_no_more_than_its_share(step, drawing):
    walk, drawn = Walk(1000, step), []
    clock = walk.clock
    for now in follow(walk, lambda: False, clock, clock.spend):
        drawn.append(now)
        clock.spend(drawing)
    assert len(drawn) * drawing <= SHARE * clock.now + drawing * 1.01  # one more than its share at most
    assert (np.diff(drawn) >= 1 / PER_SECOND - 1e-9).all()
    assert drawn[0] == pytest.approx(step)  # the first step is shown at once
    if step == 0.2 and drawing == 0.001:
        assert len(drawn) == 1000  # time enough for all


def test_a_stopped_walk_goes_no_further():
    walk = Walk(99, 1)
    drawn = list(follow(walk, lambda: walk.clock.now >= 4, walk.clock, walk.clock.spend))
    assert walk.clock.now < 5 and drawn[0] == 1


# The picture


def test_it_begins_with_the_panda(page, panel, model):
    assert panel.shelf.source.value == "panda"
    assert (page.picture == images.example("panda")).all()
    assert words(panel.screen.before.caption) == f"before {view.top(model.predict(page.picture))}"
    assert page.trick is None and panel.keep.layout.display == "none" and panel.stop.disabled


def test_it_speaks_in_the_labels_of_its_model(model, folder, tmp_path):
    renamed = tmp_path / "labels.txt"
    renamed.write_text((models_folder() / "labels.txt").read_text().replace(" giant panda,", " black and white bear,"))
    page = Lab(Classifier(model.prototxt, model.weights, model.logits, labels=Labels(renamed)))
    assert "The network says black and white bear" in words(page.panel.message)


def test_a_dropped_file_appears_after_refresh(page, panel, folder):
    Image.new("RGB", (300, 100), "red").save(folder / "my red [1].png")
    panel.shelf.refresh.click()
    assert panel.shelf.source.value == "panda" and ("my red [1]", "my red [1]") in panel.shelf.source.options
    panel.shelf.source.value = "my red [1]"
    assert (page.picture == [255, 0, 0]).all()


def test_centre_or_whole(page, panel, folder):
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    upload(page, "wide.png", encoded(wide))
    assert (page.picture[112, 10] == [0, 0, 255]).all()
    panel.shelf.whole.value = True
    assert (page.picture[112, 10] == [255, 0, 0]).all()


def test_an_upload_is_chosen_and_can_come_again(page, panel):
    for _ in range(2):
        upload(page, "holiday.jpg", encoded(Image.new("RGB", (50, 50), "lime"), "JPEG"))
        assert panel.shelf.source.label == "holiday.jpg (uploaded)"
        assert abs(page.picture.astype(int) - [0, 255, 0]).max() < 5
        panel.shelf.source.value = "panda"
    run(page)
    assert page.trick.before is not None and 'download="panda-' in panel.keep.link.value


BOMB = encoded(Image.new("1", (20_000, 20_000)))
NOISE = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 256, (99, 99, 3), np.uint8)))


@pytest.mark.parametrize(
    "name, content, size, sentence",
    [
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0", None, "IMG_1.HEIC is in HEIC.*JPEG"),
        ("notes.txt", b"not a picture", None, "notes.txt is not a picture.*JPEG or PNG"),
        ("empty.png", b"", None, "empty.png is not a picture"),
        ("half.png", NOISE[: len(NOISE) // 2], None, "half.png is damaged or incomplete"),
        ("bomb.png", BOMB, None, "bomb.png unpacks to far too many pixels"),
        ("big.jpg", b"", 31_000_000, "The file big.jpg is 31 MB, and the lab takes at most 30 MB.*images/"),
        ("figure.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", None, "figure.eps is not a picture"),
        ("<img src=x onerror=alert(1)>", b"", None, "&lt;img src=x onerror=alert"),
    ],
)
def test_a_bad_upload_is_one_sentence_and_changes_nothing(page, panel, name, content, size, sentence):
    before = page.picture
    upload(page, name, content, size)
    assert re.search(sentence, words(panel.message)) and 'role="alert"' in panel.message.value
    assert page.picture is before and panel.shelf.source.value == "panda"
    run(page)
    assert page.trick is not None


def test_a_picture_that_has_gone_is_one_sentence(panel, folder):
    (folder / "gone.png").write_bytes(NOISE)
    panel.shelf.refresh.click()
    (folder / "gone.png").unlink()
    panel.shelf.source.value = "gone"
    assert "There is no example 'gone'" in words(panel.message).replace("&#x27;", "'")
    assert panel.shelf.source.value == "panda"


def test_a_damaged_picture_does_not_stop_it(model, folder):
    panda = (folder / "panda.jpg").read_bytes()
    (folder / "panda.jpg").write_bytes(panda[:2000])
    page = Lab(model)
    panel = page.panel
    assert "damaged" in words(panel.message)
    panel.start.click()
    assert "Choose a picture first" in words(panel.message)
    panel.shelf.source.value = "cat"
    assert "Ready: cat" in words(panel.message)
    (folder / "gone.png").write_bytes(NOISE)
    panel.shelf.refresh.click()
    panel.shelf.source.value = "gone"
    (folder / "gone.png").unlink()
    (folder / "aaa.jpg").write_bytes(panda[:2000])
    panel.shelf.refresh.click()
    assert "damaged" in words(panel.message)


def test_a_new_lab_frees_the_one_before(page, panel, model, monkeypatch):
    """Even in the middle of a run, and although `Out` still has the old lab."""
    run(page)
    made, network = page.trick, weakref.ref(page._network)
    climb = lab_run.climb
    with monkeypatch.context() as patch:
        patch.setattr(lab_run, "climb", lambda *given, steps, **options: climb(*given, steps=10_000, **options))
        page.panel.start.click()
        thread = page._thread
        again = Lab(model)
    gc.collect()
    assert network() is None and not thread.is_alive()
    assert panel.comm is None and panel.start.comm is None and again.panel.comm is not None
    assert page.trick is not made and page.trick.before is not None  # what it had made by then
    again.panel.steps.count.value = 2
    run(again)
    assert len(again.trick.frames) == 3


def test_closing_twice_does_no_harm(page):
    page.close()
    page.close()


# The goal


def test_search(page, panel):
    panel.goal.search.value = "vultr"
    assert panel.goal.found.options == (("vulture", 23),) and panel.goal.found.value == 23
    panel.goal.search.value = "crane"
    assert panel.goal.found.options == (("crane (a bird)", 134), ("crane (a machine)", 517))
    panel.goal.search.value = "xyzzy"
    assert panel.goal.found.value is None and "No class has a name like" in words(panel.message)
    run(page)
    assert "Choose a class first" in words(panel.message) and page.trick is None
    panel.goal.search.value = ""
    assert page.model.labels[panel.goal.found.value] == "vulture"


def test_goals(page, panel, monkeypatch):
    goals = []
    monkeypatch.setattr(lab_run, "climb", lambda m, p, objective, **_: goals.append(objective) or iter(()))
    for goal in ("chosen", "least", "random", "away"):
        panel.goal.aim.value = goal
        assert (panel.goal.search.layout.display == "none") == (goal != "chosen")
        run(page)
    p = page.model.predict(page.picture).probabilities
    weights, targets = zip(*((weight, term.target) for goal in goals for weight, term in goal.terms), strict=True)
    assert weights == (1, 1, 1, -1)
    assert targets[0] == 23 and targets[1] == p.argmin() and 0 <= targets[2] < 1000 and targets[3] == p.argmax()


# The steps


def test_it_begins_with_a_calm_walk(page, panel, model):
    """On the way the target's probability hardly falls, so the curves are easy to follow; momentum's jumps."""
    panel.steps.count.value = 30
    setbacks = []
    for method in (panel.steps.method.value, "momentum"):
        panel.steps.method.value = method
        run(page)
        changes = np.diff(page.trick.history[:, model.labels.find("vulture")])
        setbacks.append(-changes[changes < 0].sum())
        largest = np.abs(np.diff(page.trick.frames[:2].astype(int), axis=0)).max()
        assert largest <= (1 if method == "small steps" else 2)
    assert setbacks[0] < 0.1 and setbacks[0] < setbacks[1]


def test_a_run_does_what_the_library_does(page, panel, model):
    panel.goal.search.value, panel.steps.epsilon.value, panel.steps.method.value = "teapot", 3, "sign"
    run(page)
    expected = trick(model, page.picture, "teapot", epsilon=3, steps=5, method="sign")
    np.testing.assert_array_equal(page.trick.frames, expected.frames)
    np.testing.assert_array_equal(page.trick.history, expected.history)
    assert words(panel.screen.now.caption) == f"now {view.top(expected.said_after)}"
    assert panel.stop.disabled and not panel.start.disabled and panel.keep.layout.display is None


def test_every_picture_drawn_is_exact(page, panel, every_step):
    """What the browser is given, from the first picture to the last: its bytes are what right-click-save writes."""
    drawn = []
    panel.screen.now.image.observe(
        lambda change: drawn.append((change.new, panel.screen.perturbation.image.value)), names="value"
    )
    panel.screen.curves.observe(
        lambda change: steps.append(int(re.search(r'data-steps="(\d+)"', change.new)[1])), names="value"
    )
    panel.steps.method.value = "momentum"  # every step changes the picture, where a small one may round to nothing
    before, now, steps = decoded(panel.screen.before.image.value), decoded(panel.screen.now.image.value), []
    np.testing.assert_array_equal(before, page.picture)
    np.testing.assert_array_equal(now, page.picture)
    assert (decoded(panel.screen.perturbation.image.value) == 128).all()
    run(page)
    assert len(drawn) == 5 and steps[-1] == len(page.trick.frames)
    for (png, _), step in zip(drawn, steps[-len(drawn) :], strict=True):
        np.testing.assert_array_equal(decoded(png), page.trick.frames[step - 1])
    np.testing.assert_array_equal(decoded(panel.screen.before.image.value), page.trick.before)
    np.testing.assert_array_equal(
        decoded(panel.screen.perturbation.image.value), plots.signed(page.trick.perturbation, page.trick.epsilon)
    )


def test_it_ends_with_the_best_picture_and_not_with_the_last(page, panel, model, monkeypatch):
    """Steps twice as long as the box is wide never settle."""
    climb, restless = lab_run.climb, replace(METHODS["sign"], reach=2, size=constant)
    monkeypatch.setattr(lab_run, "climb", lambda *given, method, **options: climb(*given, method=restless, **options))
    panel.steps.count.value = 8
    run(page)
    p = page.trick.history[:, model.labels.find("vulture")]
    assert page.trick.kept == p.argmax() < 8
    now = panel.screen.now
    np.testing.assert_array_equal(decoded(now.image.value), page.trick.frames[p.argmax()])
    assert words(now.caption) == f"now {view.top(model.predict(page.trick.after))}"
    assert f"after {p.argmax()} steps" in now.image.tooltip
    added = decoded(panel.screen.perturbation.image.value)
    np.testing.assert_array_equal(added, plots.signed(page.trick.perturbation, 2))
    (data,) = re.findall(r'href="data:image/png;base64,([^"]+)"', panel.keep.link.value)
    np.testing.assert_array_equal(images.load(io.BytesIO(base64.b64decode(data))), page.trick.after)


def test_two_clicks_make_one_run_and_the_next_starts_clean(page, panel, monkeypatch):
    runs, climb = [], lab_run.climb
    monkeypatch.setattr(lab_run, "climb", lambda *arguments, **options: runs.append(1) or climb(*arguments, **options))
    panel.start.click()
    panel.start.click()
    page.wait()
    assert len(runs) == 1 and len(page.trick.frames) == 6
    first = page.trick
    run(page)
    np.testing.assert_array_equal(page.trick.frames, first.frames)


def test_stop_keeps_what_there_is(page, panel, monkeypatch):
    climb = lab_run.climb

    def stopping(*arguments, **options):
        for step, moment in enumerate(climb(*arguments, **options)):
            if step == 2:
                assert panel.start.disabled and panel.shelf.source.disabled and not panel.stop.disabled
                panel.stop.click()
            yield moment

    monkeypatch.setattr(lab_run, "climb", stopping)
    run(page)
    assert len(page.trick.frames) == 3 and "2 steps" in words(panel.message)
    assert not panel.start.disabled and panel.keep.layout.display is None


def test_another_picture_stops_a_run(page, panel, monkeypatch):
    climb = lab_run.climb
    monkeypatch.setattr(lab_run, "climb", lambda *given, steps, **options: climb(*given, steps=10_000, **options))
    panel.start.click()
    panel.shelf.source.value = "coffee"
    assert not panel.start.disabled and page.trick is None and (page.picture == images.example("coffee")).all()


@pytest.mark.parametrize("error", [NoGradientError("The gradient is zero."), RuntimeError("boom"), KeyError()])
def test_a_failing_step_is_one_sentence_and_keeps_the_ones_before(page, panel, monkeypatch, error):
    climb = lab_run.climb

    def failing(*arguments, **options):
        for step, moment in enumerate(climb(*arguments, **options)):
            if step == 2:
                raise error
            yield moment

    monkeypatch.setattr(lab_run, "climb", failing)
    run(page)
    assert 'role="alert"' in panel.message.value and "Traceback" not in panel.message.value
    assert words(panel.message).endswith(".") and len(page.trick.frames) == 2 and not panel.start.disabled
    monkeypatch.setattr(lab_run, "climb", climb)
    run(page)
    assert len(page.trick.frames) == 6


# Keeping the picture


def test_save_and_load_again(page, panel, folder):
    run(page)
    panel.keep.save.click()
    panel.keep.save.click()
    names = ["panda-to-vulture-eps2.png", "panda-to-vulture-eps2-2.png"]
    assert sorted(p.name for p in folder.glob("*.png")) == sorted(names)
    for name in names:
        np.testing.assert_array_equal(images.load(folder / name), page.trick.after)
    assert words(panel.keep.kept) == f"Saved as images/{names[1]}." and panel.shelf.source.value == "panda"
    panel.keep.again.click()
    said = view.top(page.trick.said_after)
    assert words(panel.keep.kept) == f"Read back from images/{names[1]}: {said}. Every pixel is as it was."
    (folder / names[1]).write_bytes(NOISE)
    panel.keep.again.click()
    assert "not the ones that were saved" in words(panel.keep.kept)


def test_the_download_is_the_exact_picture(page, panel):
    run(page)
    (data,) = re.findall(r'href="data:image/png;base64,([^"]+)"', panel.keep.link.value)
    np.testing.assert_array_equal(images.load(io.BytesIO(base64.b64decode(data))), page.trick.after)
    assert 'download="panda-to-vulture-eps2.png"' in panel.keep.link.value
    panel.keep.again.click()
    assert words(panel.keep.kept).startswith("Read back from the PNG to download: ")


@pytest.mark.parametrize("kept", [None, "no"])
def test_a_saved_picture_that_will_be_lost_is_called_that(page, panel, monkeypatch, kept):
    """docker/entrypoint.sh sets TRICKNET_KEPT where the folder ends with the container."""
    monkeypatch.delenv("TRICKNET_KEPT", raising=False)
    if kept:
        monkeypatch.setenv("TRICKNET_KEPT", kept)
    run(page)
    panel.keep.save.click()
    lost = f' It is lost when this session ends, so click "{words(panel.keep.link)}" as well.'
    assert unescape(words(panel.keep.kept)) == f"Saved as images/panda-to-vulture-eps2.png.{lost if kept else ''}"


def test_on_a_full_disk_nothing_is_left_in_the_way(page, panel, folder):
    run(page)
    with full_disk():
        panel.keep.save.click()
    assert words(panel.keep.kept).startswith("panda-to-vulture-eps2.png could not be saved into images/")
    assert [p.name for p in folder.iterdir()] == ["panda.jpg"]
    panel.keep.save.click()
    assert words(panel.keep.kept) == "Saved as images/panda-to-vulture-eps2.png."


def test_a_folder_that_cannot_be_written_is_one_sentence(page, panel, monkeypatch, tmp_path):
    run(page)
    monkeypatch.setattr(images, "FOLDER", tmp_path / "nowhere")
    panel.keep.save.click()
    assert "panda-to-vulture-eps2.png could not be saved into images/" in words(panel.keep.kept)
    assert 'role="alert"' in panel.keep.kept.value


def test_names_of_uploads_are_tamed(page, panel, folder):
    upload(page, "../..\\évil <b>.png", NOISE)
    panel.goal.aim.value = "away"
    run(page)
    panel.keep.save.click()
    (saved,) = folder.glob("*.png")
    assert re.fullmatch(r"évil-b-not-[\w-]+-eps2\.png", saved.name)


@given(st.text())
def test_plain_names(name):
    assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", view.plain(name)) and len(view.plain(name)) <= 48


# What it looks like


def test_curves_are_drawn_to_scale(model):
    history = np.zeros((3, 1000), np.float32)
    history[:, 23] = 0, 0.5, 1
    drawing = view.curves(history, [0, 1, 2], 4, {23: "red"}, model.labels)
    svg = ElementTree.fromstring(drawing[: drawing.index("</svg>") + 6])
    (line,) = svg.iter("polyline")
    points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
    left, right, high, low = view.LEFT, view.RIGHT, view.HIGH, view.LOW
    quarter = (right - left) / 4
    assert points == [(left, low), (left + quarter, (low + high) / 2), (left + 2 * quarter, high)]
    assert svg.get("aria-label") == "Probabilities after 2 steps: vulture 100.0%"


def test_a_class_keeps_its_colour():
    known = {}
    view.colour([388, 1, 2], known)
    first = dict(known)
    view.colour([3, 2, 23, *range(100, 110)], known)
    assert {c: known[c] for c in first} == first and first[388] == "currentColor"
    assert len({known[c] for c in (388, 1, 2, 3, 23)}) == 5


def test_no_two_classes_get_the_same_colour():
    known = {}
    view.colour([23, 1, 2, 388], known)
    view.colour([700, 852, 235], known)  # whose own colours are taken
    assert len(set(known.values())) == 7


@pytest.mark.parametrize("mode", [TRICK, DREAM, STICK])
def test_the_wanted_class_has_the_accent_and_no_other_has(googlenet, folder, mode):
    page = Lab(googlenet)
    panel = page.panel
    panel.mode.value = mode
    for wanted in ("banana", "toaster"):
        if mode == STICK:
            panel.sticker.which.value = wanted
        else:
            panel.goal.search.value = wanted
            panel.steps.count.value = 10
            run(page)
        accented = re.findall(f'<b>([^<]*)</b><span>[^<]*</span><u><i style="[^"]*{ACCENT}"', panel.screen.bars.value)
        accented += re.findall(f'<i style="background:{ACCENT}"></i>([^<]*)', panel.screen.curves.value)
        assert set(accented) == {wanted}


def test_every_control_leads_to_a_lesson_that_exists():
    for name, _ in view.LESSON.values():
        assert (ROOT / "notebooks" / name).exists()
