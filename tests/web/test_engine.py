"""The lab's engine in a real browser, judged by Caffe and by the same in Python; its threads, and what it keeps."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.test_images import HOSTILE, file
from tests.web.firefox import FIREFOX, firefox
from tests.web.opening import IN_A_BROWSER, decoded
from tools import browser
from tools.reference.page_twin import PageTwin
from tricknet import fashion_mnist, images
from tricknet.networks.labels import Labels
from tricknet.paths import EVIDENCE_FOLDER
from web.build import row

pytestmark = IN_A_BROWSER

SIZE = images.SIZE
NOISE = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
PICTURE = images.load(images.HELD_OUT[0])  # which the page does not ship
SET_UP = """async () => {
    const names = ['network.js', '../../islands/parts/picture.js', '../../islands/parts/search.js'];
    const modules = await Promise.all(names.map(name => import(new URL(name, location.href))));
    Object.assign(window, ...modules, {
        bytes: text => new Uint8ClampedArray(Uint8Array.fromBase64(text)),
        text: array => new Uint8Array(array.buffer).toBase64(),
    });
}"""
TRICK = """async () => {
    const the = name => document.querySelector(name), pause = () => new Promise(resolve => setTimeout(resolve, 100));
    while (!the('[data-state=ready]')) await pause();
    the('.start').click();
    while (!the('[data-state=done]')) await pause();
    return the('.held').toDataURL();
}"""


@pytest.fixture(scope="module")
def exact(site, networks):
    """Rows of networks.json for exact weights, which the site does not offer."""
    models = site / "web" / "lab" / "models"
    names = ("GoogLeNet", "SqueezeNet", "FashionNet robust")
    return {name: row(networks[name], models, half=False) for name in names}


@pytest.fixture
def modules(chromium, address):
    """An empty page of the site, with the lab's modules at hand, and arrays in base64. No network is loaded."""
    page, wrong = chromium.new_page(), []
    page.set_default_timeout(browser.PATIENCE)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}web/lab/networks.json")
    page.evaluate(SET_UP)
    yield page
    page.close()
    assert not wrong, wrong


def text(array):
    """An array as the page takes it."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def array(packed, kind, *shape):
    """An array as the page gives it."""
    return np.frombuffer(base64.b64decode(packed), kind).reshape(shape)


@pytest.mark.skipif(not FIREFOX, reason="NO TEST IN FIREFOX: apt-get install firefox-esr")
def test_firefox_agrees_with_caffe_and_tricks_a_panda(address, site, googlenet, networks):
    with firefox() as page:
        page.goto(f"{address}web/lab/thread.js")
        twin = PageTwin(page, site / "web" / "lab" / "models", googlenet, simd="relaxed-simd")
        probabilities, gradient = twin.ask(PICTURE, 23)
        prediction, truth = googlenet.predict_and_gradient(PICTURE, 23)
        np.testing.assert_allclose(probabilities, prediction.probabilities, atol=1e-5)
        assert np.linalg.norm(gradient - truth) < 0.01 * np.linalg.norm(truth)
        page.goto(f"{address}web/lab/?network=SqueezeNet&steps-trick=12")
        after = decoded(page.evaluate(TRICK))
        assert networks["SqueezeNet"].predict(after).best.name == "vulture"
        assert 0 < np.abs(after.astype(int) - images.load("panda")).max() <= 2
        assert not page.wrong


def test_a_network_is_fetched_once_says_how_much_has_come_and_can_be_closed(modules, networks, exact):
    """Then an older version of it makes room, and nothing else."""
    first, again, kept, names, probabilities, missing = modules.evaluate(
        """async ([row, packed]) => {
            const [first, again, picture] = [[], [], bytes(packed)];
            const store = await caches.open('networks');
            for (const name of ['squeezenet-exact', 'squeezenet-half-precision', 'other-exact'])
                await store.put(`models/${name}-0123abcd.plan`, new Response('old'));
            (await load(row, (done, all) => first.push([done, all]))).close();
            const kept = (await store.keys()).map(({ url }) => url.split('/').pop());
            const network = await load(row, (done, all) => again.push([done, all]));
            const probabilities = text(await network.predict(picture));
            const asked = Array.from({ length: 20 }, () => network.predict(picture));
            network.close();
            const names = (await Promise.allSettled(asked)).map(one => one.reason?.name);
            const missing = await load({ ...row, file: 'none' }).catch(error => error.message);
            return [first, again, kept, names, probabilities, missing];
        }""",
        [exact["SqueezeNet"], text(PICTURE)],
    )
    sizes = [done for done, _ in first]
    assert sizes == sorted(sizes) and sizes[-1] == first[-1][1] > 4_000_000 and len(sizes) > 1
    assert again == [] and names == ["AbortError"] * 20 and "404" in missing
    old = ["other-exact-0123abcd.plan", "squeezenet-half-precision-0123abcd.plan"]
    assert sorted(kept) == sorted([*old, exact["SqueezeNet"]["file"].removeprefix("models/")])
    truth = networks["SqueezeNet"].predict(PICTURE).probabilities
    np.testing.assert_allclose(array(probabilities, np.float32, 1000), truth, atol=1e-5)


@pytest.mark.parametrize("name", ["GoogLeNet", "SqueezeNet", "FashionNet robust"])
def test_activations_are_caffe_s_by_caffe_s_names(modules, networks, exact, name):
    """Of every layer, value for value. A layer that there is not is named, and so are those that there are."""
    picture = PICTURE if networks[name].channels == 3 else fashion_mnist.test_set()[0][0]
    truths = networks[name].by_layer(picture, networks[name].shapes.keys() - {"data"})
    modules.evaluate("async row => { window.network = await load(row); }", exact[name])
    ask = """async ([picture, layer]) => {
        const { values, shape } = await network.activations(bytes(picture), layer);
        return [text(values), shape];
    }"""
    for layer, truth in truths.items():
        values, shape = modules.evaluate(ask, [text(picture), layer])
        np.testing.assert_allclose(array(values, np.float32, *shape), truth, atol=1e-5 * truth.max(), err_msg=layer)
    told = modules.evaluate("network.activations(bytes(''), 'toString').catch(error => error.message)")
    assert all(layer in told for layer in ["toString", *truths])


def test_each_class_is_found_by_its_name_and_by_a_part_of_it(modules):
    labels = Labels()
    parts = [name[: max(3, 2 * len(name) // 3)] for name in labels]
    spelt = {" German-Shepherd ": [235], "St. Bernard": [247], "388": [388]}
    spelt |= {text: [] for text in ("", "1000", "1" * 50, "vultr")}
    hits = modules.evaluate(
        """async asked => {
            const labels = await (await fetch('labels.json')).json();
            return asked.map(one => search(labels, one, 20));
        }""",
        [*labels, *parts, *spelt],
    )
    for index, name in enumerate(labels):
        assert labels[hits[index][0]].casefold() == name.casefold()  # two classes are called "crane"
        assert index in hits[index] and index in hits[1000 + index], name
    assert hits[2000:] == [*spelt.values()]


def read(modules, content):
    """What the page makes of a file: a picture, or its sentence."""
    answer = modules.evaluate(
        """async content => {
            try { return { picture: text(await read(new File([bytes(content)], 'a.png'))) }; }
            catch (error) { return { words: error.message, kind: error.constructor === Error }; }
        }""",
        text(np.frombuffer(content, np.uint8)),
    )
    if "picture" in answer:
        return array(answer["picture"], np.uint8, SIZE, SIZE, 3)
    assert answer["kind"], answer["words"]
    return answer["words"]


def test_every_kind_of_picture_is_read_as_python_reads_it(modules):
    """EXIF turned, transparent, grey, CMYK, and of an animation the first frame. JPEG decoders differ a little."""
    odd = np.random.default_rng(0).integers(0, 256, (1001, 1500, 3), np.uint8)  # read in strips, from half a pixel on
    castle = (EVIDENCE_FOLDER / "castle.jpg").read_bytes()
    for content, most in ((images.png(NOISE), 0), (images.png(odd), 0), (castle, 1)):
        assert np.abs(read(modules, content).astype(int) - images.load(io.BytesIO(content))).max() <= most
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
        ours, theirs = images.load(content).astype(float), read(modules, content.getvalue())
        assert np.abs(ours - theirs).mean() < 2, name
        assert np.abs(ours - theirs[:, ::-1]).mean() > 5 or name == "animated"  # which can be told apart


def test_what_is_no_picture_or_too_large_is_a_sentence(modules):
    """One that is too large is not even read. What Python has no words for may be a picture, too."""
    sentences = {name: read(modules, make()) for name, (make, fact) in HOSTILE.items() if fact}
    assert not [name for name, sentence in sentences.items() if not isinstance(sentence, str)]
    assert "13000 x 13000" in sentences["JPEG 13000 x 13000, cut short"]
    for whole in (file(Image.fromarray(NOISE), kind).getvalue() for kind in ("JPEG", "WEBP")):
        assert isinstance(read(modules, whole[: len(whole) // 2]), str)
    assert "31 MB" in modules.evaluate("read(new File([new Uint8Array(31e6)], 'a')).catch(error => error.message)")


def test_a_page_older_than_the_engine_is_told_so(modules, exact):
    """A tab that was open when the lab changed may ask in words that the engine does not know."""
    told = modules.evaluate(
        """async ([row, picture]) => {
            const network = await load(row);
            const answer = network.gradient(bytes(picture), { inside: [23], weight: 1 });
            return answer.then(() => 'an answer', error => error.name).finally(() => network.close());
        }""",
        [exact["SqueezeNet"], text(PICTURE)],
    )
    assert told == "Error"  # ours: what goes wrong by itself has a name of its own, such as TypeError
