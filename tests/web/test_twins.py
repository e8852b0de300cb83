"""The lab's JavaScript, in Node: its state, and its attacks, which from the same gradients and random numbers make the
same pictures as their twins in Python.
"""

import shutil
import subprocess
from itertools import count

import numpy as np
import pytest

from lessons.better_network.drawings import of_equal_length
from lessons.lab.lab import LAB_METHODS
from tricknet import Prediction, images
from tricknet.attacks import sticker
from tricknet.attacks.dream import dreaming, noise
from tricknet.attacks.paint import LENGTH, paint
from tricknet.attacks.trick import trick
from tricknet.paths import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="Node is not here: apt-get install nodejs")

PARTS = ROOT / "islands" / "parts"
SHAPE = (images.SIZE, images.SIZE, 3)
VALUES = [0, 1, 2, 60, 100, 128, 150, 200, 253, 254, 255]
LOOPS = f"""
import {{ readFileSync }} from 'node:fs';
const names = ['attack', 'drawing', 'paint', 'dream', 'sticker'];
const modules = await Promise.all(names.map((name) => import('{PARTS.as_uri()}/' + name + '.js')));
const {{ METHODS, trick, ofEqualLength, paint, dreaming, noise, place }} = Object.assign({{}}, ...modules);
const read = (kind, name) => new kind(new Uint8Array(readFileSync(name)).buffer);
const write = (arrays) => process.stdout.write(Buffer.concat(arrays.map((one) => new Uint8Array(one.buffer))));
const [start, gradients] = [read(Uint8ClampedArray, 'start'), read(Float32Array, 'gradients')];
const [numbers, seen] = [read(Float64Array, 'random').values(), []];
const chance = () => numbers.next().value;
const network = {{
    predict: async () => new Float32Array(2),
    gradient: async (picture, {{ target, slope }}) => {{
        const begin = picture.length * (seen.push(picture) - 1);
        const uphill = target ?? slope[1] - slope[0]; // 1 for the second of the two classes
        return {{ gradient: gradients.slice(begin, begin + picture.length).map((value) => uphill * value) }};
    }},
}};
const pictures = async (frames) => {{
    const all = [];
    for await (const {{ picture }} of frames) all.push(picture);
    return all;
}};
"""


class Network:
    """The same in Python: it gives one gradient after another, whatever it is asked."""

    size = SHAPE[:2]

    def __init__(self, gradients):
        self.gradients, self.taken, self.seen = gradients, count(), []

    def predict(self, pictures):
        prediction = Prediction(np.zeros(2, np.float32), ["one", "two"])
        return [prediction for _ in pictures] if isinstance(pictures, list) else prediction

    def gradient(self, pictures, objective):
        if np.ndim(pictures) > 3:
            return np.stack([self.gradient(picture, objective) for picture in pictures])
        self.seen.append(pictures)
        return self.gradients[next(self.taken)]

    def predict_and_gradient(self, picture, objectives):
        return self.predict(picture), self.gradient(picture, objectives)


@pytest.fixture
def javascript(tmp_path):
    """What a script writes that has the loops, a network that gives these gradients, and these random numbers."""

    def run(script, start=(), gradients=(), random=()):
        np.asarray(start, np.uint8).tofile(tmp_path / "start")
        np.asarray(gradients, np.float32).tofile(tmp_path / "gradients")
        np.asarray(random, float).tofile(tmp_path / "random")
        node = ["node", "--input-type=module", "--eval", LOOPS + script]
        done = subprocess.run(node, cwd=tmp_path, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


def uniform(normals):
    """For each normal number the two from 0 to 1 of which `normal` in random.js makes it."""
    return np.stack([-np.expm1(-(normals**2) / 2), np.where(normals < 0, 0.5, 0)], axis=-1).ravel()


def begin(steps, shape=SHAPE):
    """A start, and gradients that agree in part, so that a climb gets somewhere. Some values don't matter."""
    random = np.random.default_rng([0, steps])
    gradients = random.normal(0, 1e-3, shape) + random.normal(0, 3e-4, (steps, *shape))
    gradients[:, 0] = 0
    return random.choice(VALUES, shape).astype(np.uint8), gradients.astype(np.float32)


def almost(theirs, *ours):
    """The same, except where a float32's last digit, worth up to 0.00003, decides how a value is rounded.

    Both languages round their long sums in their own ways. Measured: at most 2 of 150,528 values were off, by 1.
    """
    for array in ours:
        off = np.abs(np.frombuffer(theirs, array.dtype, array.size).reshape(array.shape).astype(float) - array)
        assert off.max() < 1.001 and (off > 1e-3).mean(axis=(1, 2, 3)).max() < 1e-4
        theirs = theirs[array.nbytes :]
    assert not theirs


def test_the_lab_s_state():
    run = subprocess.run(["node", "--test", ROOT / "tests/web/machine.test.js"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(("epsilon", "steps"), [(1, 3), (2, 30), (8, 7), (255, 5)])
def test_trick_is_trick(javascript, epsilon, steps):
    """The same to the bit. A gradient of 0 moves nothing."""
    start, gradients = begin(steps, (16, 16, 3))
    gradients[0] = 0
    script = f"""
        for (const method of Object.keys(METHODS)) {{
            seen.length = 0;
            write(await pictures(trick(network, start, 1, {{ method, epsilon: {epsilon}, steps: {steps} }})));
        }}"""
    theirs = np.frombuffer(javascript(script, start, gradients), np.uint8).reshape(len(LAB_METHODS), -1, *start.shape)
    for method, frames in zip(LAB_METHODS.values(), theirs, strict=True):
        ours = trick(Network(gradients), start, 1, epsilon=epsilon, steps=steps, method=method)
        np.testing.assert_array_equal(frames, ours.frames)


def test_a_trick_goes_on_from_where_it_was_in_a_larger_box_around_its_start(javascript):
    start, gradients = begin(8, (16, 16, 3))
    script = """const [last] = (await pictures(trick(network, start, 1, { epsilon: 2, steps: 4 }))).slice(-1);
        write([last, ...(await pictures(trick(network, start, 1, { epsilon: 4, steps: 4, from: last })))]);"""
    theirs = np.frombuffer(javascript(script, start, gradients), np.uint8).reshape(-1, *start.shape).astype(int)
    np.testing.assert_array_equal(theirs[0], theirs[1])
    assert [np.abs(theirs[i] - start).max() for i in (1, -1)] == [2, 4]


def test_of_equal_length_is_of_equal_length(javascript):
    start, gradients = begin(6)
    ours = of_equal_length(Network(gradients), start[None], [1], length=LENGTH, steps=6)[:, 0]
    script = """
        network.predict = async () => Float32Array.of(0.5, 0.5); // the other class is the rival
        write(await pictures(ofEqualLength(network, start, 1, { length: LENGTH, steps: 6 })));"""
    almost(javascript(script.replace("LENGTH", str(LENGTH)), start, gradients), ours)


def test_paint_is_paint(javascript):
    """Steps that end at the full length; and what the network sees through noise."""
    start, gradients = begin(4 * 10)
    network, random = Network(gradients), uniform(np.random.default_rng(3).normal(size=gradients.shape))
    ours = paint(network, start, 1, steps=10, seed=3).frames
    assert np.linalg.norm(ours[-1] - start.astype(float)) > 0.99 * LENGTH
    script = "write([...(await pictures(paint(network, start, 1, { steps: 10, chance }))), ...seen])"
    almost(javascript(script, start, gradients, random), ours, np.stack(network.seen))


def test_dreaming_is_dreaming_and_noise_is_noise(javascript):
    """The noise that a dream begins with; every fourth picture of one, and what the network sees at each step."""
    start, gradients = begin(8)
    network, normals = Network(gradients), np.random.default_rng(5).normal(size=2 * 224 * 113 * 3)
    frames = [*dreaming(network, 1, start, steps=8, seed=5)]
    random = [*uniform(normals), *np.random.default_rng(5).random(3 * 8)]
    script = "write([noise(chance), ...(await pictures(dreaming(network, start, 1, { steps: 8, chance }))), ...seen])"
    ours = np.stack([noise(seed=5), *frames[::4]])
    almost(javascript(script, start, gradients, random), ours, np.stack(network.seen))


def test_place_is_place(javascript):
    """To the bit: small, large, between pixels, and over the edges. (Python's can turn a sticker, too.)"""
    start, pixels = begin(1)[0], np.random.default_rng(0).integers(0, 256, (104, 104, 3), np.uint8)
    places = [(112, 112, 104), (60, 150, 30), (2, 221, 30), (100, 5, 150), (90.3, 17.8, 73.1)]
    script = """
        const sticker = { rgb: Uint8ClampedArray.from(gradients), width: 104, height: 104 };
        for (const row of numbers) write([place(start, sticker, [row, chance()], chance())]);"""
    theirs = np.frombuffer(javascript(script, start, pixels, places), np.uint8).reshape(-1, *SHAPE)
    for (*centre, size), frame in zip(places, theirs, strict=True):
        np.testing.assert_array_equal(frame, sticker.place(start, pixels, centre, size))
