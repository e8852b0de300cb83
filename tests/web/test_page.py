"""The page's network and its steps in a real browser, judged by Caffe and by the same steps in Python."""

import base64

import numpy as np
import pytest

from lessons.inside import inside
from tests.web.marks import IN_A_BROWSER
from tricknet import images
from tricknet.attacks.steps import METHODS, Ascent
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Channel

pytestmark = IN_A_BROWSER
pytest.importorskip("onnx", reason="pip install -r requirements/dev.txt")

TARGET = 23  # a vulture
PICTURE = images.load(images.HELD_OUT[0])


@pytest.fixture
def page(chromium, server):
    """An empty page of the site, with the page's own modules at hand and pictures and numbers in base64."""
    wrong = []
    page = chromium.new_context().new_page()
    page.set_default_timeout(180_000)  # milliseconds: a busy machine is no failure
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(server.address + "networks.json")
    page.evaluate(
        """async () => {
            const { Network } = await import('./network.js');
            const packed = text => Uint8Array.from(atob(text), one => one.charCodeAt());
            Object.assign(window, await import('./attack.js'), {
                Network,
                rows: await (await fetch('networks.json')).json(),
                picture: text => new Uint8ClampedArray(packed(text)),
                numbers: text => new Float32Array(packed(text).buffer),
                text: array => {
                    const bytes = new Uint8Array(array.buffer), parts = [];
                    for (let i = 0; i < bytes.length; i += 8192)
                        parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
                    return btoa(parts.join(''));
                },
                load: (name, weights, options) =>
                    Network.load(rows.find(row => row.name === name && row.weights === weights), options),
            });
        }"""
    )
    yield page
    page.context.close()
    assert not wrong


def text(array):
    """An array as the page takes it."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def array(said, kind, shape):
    """An array as the page gives it."""
    return np.frombuffer(base64.b64decode(said), kind).reshape(shape)


BOXES = [(1, 3), (2, 30), (2.5, 7), (16, 10), (1000, 5)]  # epsilon and steps


@pytest.mark.parametrize("method", METHODS)
def test_steps_are_python_s(page, method):
    """Step by step, along the same gradients, of a picture with values at both ends."""
    for epsilon, steps in BOXES:
        random = np.random.default_rng([0, steps])
        start = random.choice([0, 1, 2, 100, 128, 253, 254, 255], (1, 16, 16, 3)).astype(np.uint8)
        gradients = random.normal(0, 1e-3, (steps, *start.shape)).astype(np.float32)
        gradients[:, :, 0] = 0  # some values matter nothing
        ascent, expected = Ascent(start, epsilon=epsilon, steps=steps, method=method), [start]
        for gradient in gradients:
            ascent.step(gradient)
            expected.append(ascent.pictures)
        shown = page.evaluate(
            """([start, gradients, options]) => {
                const ascent = new Ascent(picture(start), options), all = [text(ascent.shown)];
                for (const gradient of gradients) {
                    ascent.step(numbers(gradient));
                    all.push(text(ascent.shown));
                }
                return all;
            }""",
            [text(start), [text(one) for one in gradients], {"epsilon": epsilon, "steps": steps, "method": method}],
        )
        for ours, theirs in zip(expected, shown, strict=True):
            np.testing.assert_array_equal(array(theirs, np.uint8, start.shape), ours)


@pytest.mark.parametrize("method", METHODS)
def test_no_gradient_is_no_step(page, method):
    start = np.array([[[0, 7, 255]]], np.uint8)
    shown = page.evaluate(
        """([start, method]) => {
            const ascent = new Ascent(picture(start), { epsilon: 2, steps: 2, method });
            ascent.step(new Float32Array(3));
            return text(ascent.shown);
        }""",
        [text(start), method],
    )
    np.testing.assert_array_equal(array(shown, np.uint8, start.shape), start)


@pytest.mark.parametrize(
    ("name", "weights", "probability", "gradient"),
    [("GoogLeNet", "exact", 1e-5, 0.01), ("SqueezeNet", "exact", 1e-5, 0.01), ("SqueezeNet", "half", 1e-3, 0.2)],
)
def test_answers_are_caffe_s(page, networks, name, weights, probability, gradient):
    """On a photograph that the page does not ship. (Gradients: where rounding does not move Caffe's own.)"""
    model = networks[name]
    said, slope = page.evaluate(
        """async ([name, weights, shown, inside]) => {
            const network = await load(name, weights);
            const { probabilities, gradient } = await network.gradient(picture(shown), { inside, weight: -1 });
            network.close();
            return [text(probabilities), text(gradient)];
        }""",
        [name, weights, text(PICTURE), [TARGET, 24]],
    )
    answer, truth = model.predict_and_gradient(PICTURE, {TARGET, 24})
    assert np.abs(array(said, np.float32, 1000) - answer.probabilities).max() < probability
    found = -array(slope, np.float32, truth.shape)
    assert np.linalg.norm(found - truth) < gradient * np.linalg.norm(truth)


def test_a_channel_can_be_climbed(page, googlenet):
    channel = 497
    means, slope = page.evaluate(
        """async ([shown, channel]) => {
            const network = await load('GoogLeNet', 'exact'), channels = new Float32Array(network.row.inner);
            channels[channel] = 1;
            const { means, gradient } = await network.gradient(picture(shown), { channels });
            network.close();
            return [text(means), text(gradient)];
        }""",
        [text(PICTURE), channel],
    )
    expected = googlenet.activations(PICTURE, inside.ATLAS).mean(axis=(0, 1))
    np.testing.assert_allclose(array(means, np.float32, 528), expected, atol=1e-4 * expected.max())
    truth = googlenet.gradient(PICTURE, Channel(inside.ATLAS, channel))
    found = array(slope, np.float32, truth.shape)
    assert np.linalg.norm(found - truth) < 0.01 * np.linalg.norm(truth)


def test_it_is_fetched_once_and_says_how_much_has_come(page, server):
    fetched = """async () => {
        const seen = [];
        const network = await load('SqueezeNet', 'half', { progress: (done, all) => seen.push([done, all]) });
        network.close();
        return seen;
    }"""
    first, again = page.evaluate(fetched), page.evaluate(fetched)
    done = [done for done, _ in first]
    assert done == sorted(done) and done[-1] == first[-1][1] > 2_000_000 and len(done) > 1
    assert again == []
    assert sum("squeezenet-half" in path for path in server.asked) <= 2  # another test may have been the first


def test_what_is_cancelled_is_not_answered_and_the_next_question_is(page, networks):
    said, names = page.evaluate(
        """async shown => {
            const network = await load('SqueezeNet', 'exact');
            const before = Array.from({ length: 20 }, () => network.predict(picture(shown)));
            network.cancel();
            const names = (await Promise.allSettled(before)).map(one => one.reason?.name);
            const said = await network.predict(picture(shown));
            network.close();
            return [text(said), names];
        }""",
        text(PICTURE),
    )
    assert names == ["AbortError"] * 20
    np.testing.assert_allclose(
        array(said, np.float32, 1000), networks["SqueezeNet"].predict(PICTURE).probabilities, atol=1e-5
    )


def test_a_download_can_be_ended_and_a_missing_file_is_a_sentence(page):
    ended, missing = page.evaluate(
        """async () => {
            const ending = new AbortController();
            const options = { signal: ending.signal, progress: () => ending.abort() };
            const row = rows.find(row => row.name === 'EfficientNet-Lite0' && row.weights === 'exact');
            const ended = await Network.load(row, options).catch(error => error.name);
            const missing = await Network.load({ ...row, file: 'models/none.onnx' }).catch(error => error.message);
            return [ended, missing];
        }"""
    )
    assert ended == "AbortError" and missing.startswith("The network cannot be fetched: 404")


def test_a_trick_made_in_the_page_is_a_trick_for_caffe(page, networks):
    model = networks["SqueezeNet"]
    after, probability, frames = page.evaluate(
        """async ([shown, target]) => {
            const network = await load('SqueezeNet', 'half'), frames = [], wanted = new Set([target]);
            for await (const frame of trick(network, picture(shown), wanted, { epsilon: 2 })) frames.push(frame);
            network.close();
            const kept = best(frames, wanted);
            return [text(kept.picture), kept.probabilities[target], frames.length];
        }""",
        [text(PICTURE), TARGET],
    )
    picture = array(after, np.uint8, PICTURE.shape)
    assert frames == 31 and np.abs(picture.astype(int) - PICTURE).max() == 2
    said = model.predict(picture)
    assert said.best.index == TARGET and abs(said[TARGET] - probability) < 0.01


SLIPS = {"teapto": "teapot", "vultr": "vulture", "retreiver": "golden retriever", "German-Shepherd": "German shepherd"}
SLIPS |= {" tennis  ball ": "tennis ball", "St. Bernard": "Saint Bernard", "388": "giant panda"}


def test_each_class_is_found_by_its_name_and_by_a_part_of_it(page):
    labels = Labels()
    parts = [name[: max(3, 2 * len(name) // 3)] for name in labels]
    nothing = ["", "1000", "1" * 50, "xyzzy"]
    found = page.evaluate(
        """async asked => {
            const { search } = await import('./search.js');
            const labels = await (await fetch('labels.json')).json();
            return asked.map(one => search(labels, one, 20));
        }""",
        [*labels, *parts, *SLIPS, *nothing],
    )
    for index, name in enumerate(labels):
        assert labels[found[index][0]].casefold() == name.casefold()  # two classes are called "crane"
        assert index in found[index], name
        assert index in found[1000 + index], parts[index]
    for slip, listed in zip(SLIPS, found[2000:], strict=False):
        assert any(SLIPS[slip] in labels.names(i) for i in listed[:3]), slip
    assert found[-len(nothing) :] == [[]] * len(nothing)
