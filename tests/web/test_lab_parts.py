"""What the lab is made of, in a real browser, judged by the same in Python: pictures, stickers, dreams."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from test_hostile_pictures import CORPUS

from tests.web.marks import IN_A_BROWSER
from tricknet import images
from tricknet.attacks import sticker
from tricknet.attacks.dream import dreaming

pytestmark = IN_A_BROWSER
pytest.importorskip("onnx", reason="pip install -r requirements/dev.txt")

SIZE = images.SIZE
NOISE = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)


@pytest.fixture(scope="module")
def page(chromium, server):
    """An empty page of the site, with arrays in base64. No network is loaded."""
    wrong = []
    page = chromium.new_page()
    page.set_default_timeout(180_000)  # milliseconds: a busy machine is no failure
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(server.address + "networks.json")
    page.evaluate(
        """async () => {
            const bytes = text => Uint8Array.from(atob(text), one => one.charCodeAt());
            const parts = ['picture', 'sticker', 'dream', 'fourier'].map(name => import(`./${name}.js`));
            Object.assign(window, ...(await Promise.all(parts)), {
                bytes,
                picture: text => new Uint8ClampedArray(bytes(text)),
                numbers: text => new Float64Array(bytes(text).buffer),
                text: array => {
                    const all = new Uint8Array(array.buffer), parts = [];
                    for (let i = 0; i < all.length; i += 8192)
                        parts.push(String.fromCharCode(...all.subarray(i, i + 8192)));
                    return btoa(parts.join(''));
                },
            });
        }"""
    )
    yield page
    page.close()
    assert not wrong


def text(array):
    """An array as the page takes it."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def array(said, kind, *shape):
    """An array as the page gives it."""
    return np.frombuffer(base64.b64decode(said), kind).reshape(shape)


def read(page, content, name="a.png"):
    """What the page makes of a file: a picture, or its sentence."""
    found = page.evaluate(
        """async ([content, name]) => {
            try { return { picture: text(await read(new File([bytes(content)], name))) }; }
            catch (error) { return { words: error.message, kind: error instanceof NotAPictureError }; }
        }""",
        [base64.b64encode(content).decode(), name],
    )
    if "picture" in found:
        return array(found["picture"], np.uint8, SIZE, SIZE, 3)
    assert found["kind"], found["words"]
    return found["words"]


def file(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


class TestPictures:
    def test_a_saved_picture_comes_back_exactly(self, page):
        np.testing.assert_array_equal(read(page, images.png(NOISE)), NOISE)

    def test_every_kind_is_read_as_python_reads_it(self, page):
        """EXIF turned, transparent, grey, CMYK, and of an animation the first frame. JPEG decoders differ a little."""
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

    def test_every_hostile_file_is_a_picture_or_one_sentence(self, page):
        sentences = {name: said for name, make in CORPUS.items() if isinstance(said := read(page, make()), str)}
        assert len(sentences) > 15
        for name, words in sentences.items():
            assert words.startswith("a.png ") and words.endswith(".") and len(words) < 130, name
        assert "HEIC" in sentences["HEIC"] and "13000 x 13000 pixels" in sentences["JPEG 13000 x 13000, cut short"]
        assert {"empty", "page", "SVG of many laughs", "JPEG, half", "WEBP, half"} <= set(sentences)

    def test_a_file_that_is_too_large_is_not_even_read(self, page):
        words = page.evaluate("read(new File([new Uint8Array(31e6)], 'big.png')).catch(error => error.message)")
        assert "big.png" in words and "31 MB" in words and "30 MB" in words


class TestSticker:
    def test_the_page_has_the_stickers_that_the_project_has(self, page):
        names = page.evaluate(
            """async () => {
                const html = await (await fetch('index.html')).text();
                const options = new DOMParser().parseFromString(html, 'text/html').querySelectorAll('#sticker option');
                return Array.from(options, option => option.value);
            }"""
        )
        assert sorted(names) == sticker.names()

    @pytest.mark.parametrize("name", sticker.names())
    def test_it_is_laid_on_as_in_python(self, page, name):
        """At the middle and over the edges, enlarged and made smaller: equal, but for a tie in rounding."""
        made = sticker.ready(name).pixels
        for (row, column), size in [((112, 112), 104), ((60, 151), 37), ((0, 5), 150), ((224, 100), 30)]:
            exact = sticker.Stuck(NOISE, made.shape[0], (row, column), size)(made[..., :3])
            said = page.evaluate(
                """async ([shown, name, at, size]) =>
                    text(place(picture(shown), await fetched(name), at, size))""",
                [text(NOISE), name, [row, column], size],
            )
            shown = array(said, np.uint8, SIZE, SIZE, 3)
            assert np.abs(shown - np.clip(exact, 0, 255)).max() < 0.5 + 1e-3
            assert (shown != NOISE).mean() > 0.5 * (sticker.place(NOISE, made, (row, column), size) != NOISE).mean()


class Given:
    """A network, as far as a dream needs one, whose gradients are numbers drawn before."""

    size = (SIZE, SIZE)

    def __init__(self, gradients):
        self.gradients, self.seen = iter(gradients), []

    def gradient(self, seen, objective):
        self.seen.append(seen)
        return next(self.gradients)


class TestDream:
    def test_waves_are_numpy_s_there_and_back(self, page):
        for height, width in [(SIZE, SIZE), (6, 10), (7, 9)]:
            numbers = np.random.default_rng(height).normal(size=(height, width))
            there, back = page.evaluate(
                """([given, height, width]) => {
                    const { re, im } = forward(numbers(given), height, width);
                    return [[text(re), text(im)], text(backward({ re, im }, height, width))];
                }""",
                [text(numbers), height, width],
            )
            re, im = (array(part, float, height, width // 2 + 1) for part in there)
            np.testing.assert_allclose(re + 1j * im, np.fft.rfft2(numbers), atol=1e-9)
            np.testing.assert_allclose(array(back, float, height, width), numbers, atol=1e-9)

    def test_steps_are_python_s(self, page):
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
        found = page.evaluate(
            """([start, glimpses, gradients]) => {
                const dream = new Dream(waves(picture(start)), glimpses.length), shown = [text(dream.shown)], seen = [];
                for (const [i, glimpse] of glimpses.entries()) {
                    const here = new Seen(glimpse);
                    seen.push(text(here.of(dream.picture)));
                    dream.step(here.back(new Float32Array(bytes(gradients[i]).buffer)));
                    shown.push(text(dream.shown));
                }
                return [shown, seen];
            }""",
            [text(start), glimpses, [text(one) for one in gradients]],
        )
        assert np.abs(ours[-1].astype(int) - start).mean() > 3  # it went somewhere
        for mine, theirs in zip(ours, found[0], strict=True):
            apart = np.abs(array(theirs, np.uint8, *mine.shape).astype(int) - mine)
            assert apart.max() <= 1 and apart.mean() < 0.01
        for mine, theirs in zip(network.seen, found[1], strict=True):
            np.testing.assert_allclose(array(theirs, np.float32, *mine.shape), mine, atol=0.1)
