"""What the lab is made of, in a real browser, judged by Caffe and by the same in Python."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from test_hostile_pictures import CORPUS

from lessons.inside import inside
from tests.web.opening import IN_A_BROWSER, PATIENCE
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.dream import dreaming
from tricknet.attacks.steps import Ascent
from tricknet.networks.labels import Labels
from tricknet.networks.objectives import Channel

pytestmark = IN_A_BROWSER
pytest.importorskip("onnx", reason="pip install -r requirements/dev.txt")

SIZE = images.SIZE
NOISE = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
PICTURE = images.load(images.HELD_OUT[0])  # which the page does not ship
MODULES = ["attack", "dream", "fourier", "network", "picture", "search", "sticker"]
SET_UP = """async names => {
    const packed = text => Uint8Array.from(atob(text), one => one.charCodeAt());
    Object.assign(window, ...(await Promise.all(names.map(name => import(`./${name}.js`)))), {
        rows: await (await fetch('networks.json')).json(),
        bytes: text => new Uint8ClampedArray(packed(text)),
        float32: text => new Float32Array(packed(text).buffer),
        float64: text => new Float64Array(packed(text).buffer),
        text: array => {
            const all = new Uint8Array(array.buffer), parts = [];
            for (let i = 0; i < all.length; i += 8192) parts.push(String.fromCharCode(...all.subarray(i, i + 8192)));
            return btoa(parts.join(''));
        },
        load: (name, weights, progress) =>
            Network.load(rows.find(row => row.name === name && row.weights === weights), progress),
    });
}"""


@pytest.fixture(scope="module")
def page(chromium, server):
    """An empty page of the site, with the lab's modules at hand, and arrays in base64. No network is loaded."""
    wrong = []
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(server.address + "networks.json")
    page.evaluate(SET_UP, MODULES)
    yield page
    page.context.close()
    assert not wrong


def text(array):
    """An array as the page takes it."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def array(said, kind, *shape):
    """An array as the page gives it."""
    return np.frombuffer(base64.b64decode(said), kind).reshape(shape)


def apart(found, truth):
    """How far a gradient is from the true one, relative to that."""
    return np.linalg.norm(found - truth) / np.linalg.norm(truth)


# --- Steps and networks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("epsilon", "steps"), [(1, 3), (2, 30), (2.5, 7), (16, 10), (1000, 5)])
def test_steps_are_python_s(page, epsilon, steps):
    """Value for value, along the same gradients, of a picture with values at both ends. No gradient is no step."""
    random = np.random.default_rng([0, steps])
    start = random.choice([0, 1, 2, 100, 128, 253, 254, 255], (1, 16, 16, 3)).astype(np.uint8)
    gradients = random.normal(0, 1e-3, (steps, *start.shape)).astype(np.float32)
    gradients[:, :, 0] = gradients[0] = 0  # some values matter nothing
    ascent, expected = Ascent(start, epsilon=epsilon, steps=steps), [start]
    for gradient in gradients:
        ascent.step(gradient)
        expected.append(ascent.pictures)
    shown = page.evaluate(
        """([start, gradients, options]) => {
            const ascent = new Ascent(bytes(start), options), all = [text(ascent.shown)];
            for (const gradient of gradients) {
                ascent.step(float32(gradient));
                all.push(text(ascent.shown));
            }
            return all;
        }""",
        [text(start), [text(one) for one in gradients], {"epsilon": epsilon, "steps": steps}],
    )
    for ours, theirs in zip(expected, shown, strict=True):
        np.testing.assert_array_equal(array(theirs, np.uint8, *start.shape), ours)


@pytest.mark.parametrize(
    ("name", "weights", "p", "g"), [("GoogLeNet", "exact", 1e-5, 0.01), ("SqueezeNet", "half", 1e-3, 0.2)]
)
def test_answers_and_gradients_are_caffe_s(page, networks, name, weights, p, g):
    """Of a set of classes, downhill, and of a channel where there are any."""
    model = networks[name]
    said, slope, means, climb = page.evaluate(
        """async ([name, weights, shown]) => {
            const network = await load(name, weights), channels = new Float32Array(network.row.inner).fill(1, 497, 498);
            const { probabilities, gradient } = await network.gradient(bytes(shown), { inside: [23, 24], weight: -1 });
            const found = channels.length && (await network.gradient(bytes(shown), { channels }));
            network.close();
            return [probabilities, gradient, found.means, found.gradient].map(one => one && text(one));
        }""",
        [name, weights, text(PICTURE)],
    )
    answer, truth = model.predict_and_gradient(PICTURE, {23, 24})
    assert np.abs(array(said, np.float32, 1000) - answer.probabilities).max() < p
    assert apart(-array(slope, np.float32, *truth.shape), truth) < g
    if climb:
        expected = model.activations(PICTURE, inside.ATLAS).mean(axis=(0, 1))
        np.testing.assert_allclose(array(means, np.float32, 528), expected, atol=1e-4 * expected.max())
        truth = model.gradient(PICTURE, Channel(inside.ATLAS, 497))
        assert apart(array(climb, np.float32, *truth.shape), truth) < g


def test_a_network_is_fetched_once_says_how_much_has_come_and_can_be_cancelled(page, networks):
    first, again, names, said, missing = page.evaluate(
        """async shown => {
            const [first, again] = [[], []];
            const note = seen => (done, all) => seen.push([done, all]);
            (await load('SqueezeNet', 'exact', note(first))).close();
            const network = await load('SqueezeNet', 'exact', note(again));
            const before = Array.from({ length: 20 }, () => network.predict(bytes(shown)));
            network.cancel();
            const names = (await Promise.allSettled(before)).map(one => one.reason?.name);
            const said = text(await network.predict(bytes(shown)));
            network.close();
            const missing = await Network.load({ ...network.row, file: 'none' }).catch(error => error.message);
            return [first, again, names, said, missing];
        }""",
        text(PICTURE),
    )
    done = [done for done, _ in first]
    assert done == sorted(done) and done[-1] == first[-1][1] > 4_000_000 and len(done) > 1
    assert again == [] and names == ["AbortError"] * 20 and "404" in missing
    truth = networks["SqueezeNet"].predict(PICTURE).probabilities
    np.testing.assert_allclose(array(said, np.float32, 1000), truth, atol=1e-5)


SLIPS = {"teapto": "teapot", "vultr": "vulture", "retreiver": "golden retriever", "German-Shepherd": "German shepherd"}
SLIPS |= {" tennis  ball ": "tennis ball", "St. Bernard": "Saint Bernard", "388": "giant panda"}


def test_each_class_is_found_by_its_name_and_by_a_part_of_it(page):
    labels = Labels()
    parts = [name[: max(3, 2 * len(name) // 3)] for name in labels]
    nothing = ["", "1000", "1" * 50, "xyzzy"]
    found = page.evaluate(
        """async asked => {
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


# --- Pictures and stickers --------------------------------------------------------------------------------------------


def read(page, content):
    """What the page makes of a file: a picture, or its sentence."""
    found = page.evaluate(
        """async content => {
            try { return { picture: text(await read(new File([bytes(content)], 'a.png'))) }; }
            catch (error) { return { words: error.message, kind: error instanceof NotAPictureError }; }
        }""",
        text(np.frombuffer(content, np.uint8)),
    )
    if "picture" in found:
        return array(found["picture"], np.uint8, SIZE, SIZE, 3)
    assert found["kind"], found["words"]
    return found["words"]


def file(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_every_kind_of_picture_is_read_as_python_reads_it(page):
    """EXIF turned, transparent, grey, CMYK, and of an animation the first frame. JPEG decoders differ a little."""
    np.testing.assert_array_equal(read(page, images.png(NOISE)), NOISE)
    tall = Image.fromarray(NOISE[:8, :8]).resize((300, 500), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6
    clear = tall.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(tall.size))
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    kinds = {
        "turned": file(tall, "JPEG", quality=95, exif=exif),
        "transparent": file(clear),
        "grey": file(tall.convert("L")),
        "CMYK": file(tall.convert("CMYK"), "JPEG", quality=95),
        "animated": file(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "WebP": file(tall, "WEBP", lossless=True),
    }
    for name, content in kinds.items():
        ours, theirs = images.load(io.BytesIO(content)).astype(float), read(page, content)
        assert np.abs(ours - theirs).mean() < 2, name
        assert np.abs(ours - theirs[:, ::-1]).mean() > 5 or name == "animated"  # which can be told apart


def test_every_hostile_file_is_a_picture_or_one_sentence(page):
    """One that is too large is not even read."""
    sentences = {name: said for name, make in CORPUS.items() if isinstance(said := read(page, make()), str)}
    assert len(sentences) > 15
    assert all(words.startswith("a.png ") and words.endswith(".") for words in sentences.values())
    assert "HEIC" in sentences["HEIC"] and "13000 x 13000 pixels" in sentences["JPEG 13000 x 13000, cut short"]
    assert {"empty", "page", "SVG of many laughs", "JPEG, half", "WEBP, half"} <= set(sentences)
    assert "31 MB" in page.evaluate("read(new File([new Uint8Array(31e6)], 'a')).catch(error => error.message)")


def test_each_sticker_is_there_and_laid_on_as_in_python(page):
    """At the middle and over the edges, enlarged and made smaller: equal, but for a tie in rounding."""
    options = """fetch('index.html').then(page => page.text()).then(html => Array.from(
        new DOMParser().parseFromString(html, 'text/html').querySelectorAll('#sticker option'), one => one.value))"""
    assert sorted(page.evaluate(options)) == sticker.names()
    for name in sticker.names():
        made = sticker.ready(name).pixels
        for at, size in [((112, 112), 104), ((60, 151), 37), ((0, 5), 150), ((224, 100), 30)]:
            exact = sticker.Stuck(NOISE, made.shape[0], at, size)(made[..., :3])
            said = page.evaluate(
                "async ([shown, file, at, size]) => text(place(bytes(shown), await pixels(file), at, size))",
                [text(NOISE), f"stickers/{name}.png", at, size],
            )
            shown = array(said, np.uint8, SIZE, SIZE, 3)
            assert np.abs(shown - np.clip(exact, 0, 255)).max() < 0.5 + 1e-3
            assert (shown != NOISE).mean() > 0.5 * (sticker.place(NOISE, made, at, size) != NOISE).mean()


# --- Dreams -----------------------------------------------------------------------------------------------------------


class Given:
    """A network, as far as a dream needs one, whose gradients are numbers drawn before."""

    size = (SIZE, SIZE)

    def __init__(self, gradients):
        self.gradients, self.seen = iter(gradients), []

    def gradient(self, seen, objective):
        self.seen.append(seen)
        return next(self.gradients)


@pytest.mark.parametrize(("height", "width"), [(SIZE, SIZE), (6, 10), (7, 9)])
def test_waves_are_numpy_s_there_and_back(page, height, width):
    numbers = np.random.default_rng(height).normal(size=(height, width))
    there, back = page.evaluate(
        """([given, height, width]) => {
            const { re, im } = forward(float64(given), height, width);
            return [[text(re), text(im)], text(backward({ re, im }, height, width))];
        }""",
        [text(numbers), height, width],
    )
    re, im = (array(part, float, height, width // 2 + 1) for part in there)
    np.testing.assert_allclose(re + 1j * im, np.fft.rfft2(numbers), atol=1e-9)
    np.testing.assert_allclose(array(back, float, height, width), numbers, atol=1e-9)


def test_steps_of_a_dream_are_python_s(page):
    """Step by step along the same gradients and the same glimpses: what is seen, and where it leads."""
    steps, random = 6, np.random.default_rng(1)
    gradients = random.normal(0, 1e-3, (steps, SIZE, SIZE, 3)).astype(np.float32)
    start = images.load(images.EVIDENCE[0])
    network = Given(gradients)
    ours = list(dreaming(network, "vulture", start, steps=steps, seed=5))
    draws, glimpses = np.random.default_rng(5), []
    for _ in range(steps):
        times = float(np.exp(draws.uniform(np.log(0.9), np.log(1.1))))
        far = max(SIZE - SIZE / times, 0) / 2 + 16
        glimpses.append({"times": times, "down": draws.uniform(-1, 1) * far, "along": draws.uniform(-1, 1) * far})
    shown, seen = page.evaluate(
        """([start, glimpses, gradients]) => {
            const dream = new Dream(waves(bytes(start)), glimpses.length), shown = [text(dream.shown)], seen = [];
            for (const [i, glimpse] of glimpses.entries()) {
                const here = new Seen(glimpse);
                seen.push(text(here.of(dream.picture)));
                dream.step(here.back(float32(gradients[i])));
                shown.push(text(dream.shown));
            }
            return [shown, seen];
        }""",
        [text(start), glimpses, [text(one) for one in gradients]],
    )
    assert np.abs(ours[-1].astype(int) - start).mean() > 3  # it went somewhere
    for mine, theirs in zip(ours, shown, strict=True):
        off = np.abs(array(theirs, np.uint8, *mine.shape).astype(int) - mine)
        assert off.max() <= 1 and off.mean() < 0.01
    for mine, theirs in zip(network.seen, seen, strict=True):
        np.testing.assert_allclose(array(theirs, np.float32, *mine.shape), mine, atol=0.1)
