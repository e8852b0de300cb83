"""Draw what excites each of the 528 channels of GoogLeNet's layer 4d, on one sheet: images/atlas/4d.jpg.

    python scripts/generate/atlas.py

A second to a channel, on one quiet core.

The recipe is Feature Visualization's (Olah, Mordvintsev and Schubert 2017). The picture is a spectrum, divided by the
frequency so that large shapes come before small ones, in colours that vary independently in photographs. 60 steps of
Adam climb the channel's mean activation, each on the picture shifted by up to 8 pixels. It starts from the photograph
of the evidence set that excites the channel most, scaled down to 80 x 80 pixels, at a third of its contrast: noise
leaves many channels of this layer silent, and silence has no gradient.
"""

from contextlib import suppress

import numpy as np
import numpy.typing as npt
from PIL import Image

from lessons.inside import inside
from tricknet import images
from tricknet.arrays import Doubles, Picture, Pictures
from tricknet.networks.classifier import Classifier, NoGradientError
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.objectives import Channel
from tricknet.progress import bar

Spectrum = npt.NDArray[np.complex128]

SIDE, STEPS, STEP, SHIFT, CONTRAST = inside.TILE, 60, 0.08, 8, 0.35
GAIN = SIDE / 4
FREQUENCY = np.maximum(np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)), 1 / SIDE)[..., None]
COLOUR = np.array([[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]])  # ImageNet's, as in Lucid
COLOUR /= np.linalg.norm(COLOUR, axis=0).max()
CREDITS = """\
# The atlas

For each of the 528 channels of GoogLeNet's layer inception_4d/output, [4d.jpg](4d.jpg) has a picture of what excites
it. There are 16 in a row, each of 80 x 80 pixels, and `lessons.inside.inside.atlas()` cuts them out.
`scripts/generate/atlas.py` drew them, from the weights of BVLC's GoogLeNet. (The pictures in Distill's articles are
of Google's own GoogLeNet, which has different channels.)

| file | what | whose | where it comes from | licence | changed |
|---|---|---|---|---|---|
| [4d.jpg](4d.jpg) | drawings of channels | this project, from photographs of the evidence set | `generate/atlas.py` | \
each drawing has that of its photograph, in [the evidence set's credits](../evidence/CREDITS.md) | 60 steps along the \
channel's gradient |

The second table shows which photograph each drawing began with.

| photograph | the channels that began with it |
|---|---|
"""


def painted(spectrum: Spectrum) -> Doubles:
    """The picture (SIDE x SIDE x 3, shares from 0 to 1) that has this spectrum."""
    waves = np.fft.irfft2(GAIN * spectrum / FREQUENCY, s=(SIDE, SIDE), axes=(0, 1))
    shares: Doubles = 1 / (1 + np.exp(-waves @ COLOUR.T))
    return shares


def spectrum_of(shares: Doubles) -> Spectrum:
    """The spectrum of a picture: `painted` backwards."""
    waves = np.log(shares / (1 - shares)) @ np.linalg.inv(COLOUR).T
    return np.asarray(np.fft.rfft2(waves, axes=(0, 1)) * FREQUENCY / GAIN)


def draw(model: Classifier, channel: int, start: Doubles) -> Picture:
    """A picture (uint8) for a channel, from where it starts (shares)."""
    random, spectrum = np.random.default_rng(channel), spectrum_of(start)
    mean, square = np.zeros_like(spectrum), np.zeros(spectrum.shape)
    for t in range(1, STEPS + 1):
        shares, shift = painted(spectrum), random.integers(-SHIFT, SHIFT + 1, 2)
        seen = np.roll((255 * shares).astype(np.float32), shift, (0, 1))
        with suppress(NoGradientError):  # a shift may leave the channel silent; the next one need not
            slope = np.roll(model.gradient(seen, Channel(inside.ATLAS, channel)), -shift, (0, 1))
            slopes = np.fft.rfft2(slope * shares * (1 - shares) @ COLOUR, axes=(0, 1)) / FREQUENCY
            slopes /= np.sqrt((np.abs(slopes) ** 2).mean())
            mean, square = 0.9 * mean + 0.1 * slopes, 0.99 * square + 0.01 * np.abs(slopes) ** 2
            spectrum = spectrum + STEP * mean / (1 - 0.9**t) / (np.sqrt(square / (1 - 0.99**t)) + 1e-8)
    return np.rint(255 * painted(spectrum)).astype(np.uint8)


def starts(model: Classifier) -> tuple[Doubles, list[int]]:
    """The photographs of the evidence set, small and pale (shares), and for each channel the one that excites it."""
    small = [Image.fromarray(images.load(name)).resize((SIDE, SIDE)) for name in images.EVIDENCE]
    pale = 117 + CONTRAST * (np.stack([np.asarray(photo) for photo in small]) - 117.0)
    excited = model.all_activations(pale.astype(np.float32), inside.ATLAS).mean(axis=(1, 2))  # photographs x channels
    return pale / 255, excited.argmax(axis=0).tolist()


def save(drawn: Pictures) -> None:
    """Write the sheet."""
    sheet = drawn.reshape(-1, inside.ACROSS, SIDE, SIDE, 3).swapaxes(1, 2).reshape(-1, inside.ACROSS * SIDE, 3)
    Image.fromarray(sheet).save(inside.ATLAS_SHEET, quality=85, optimize=True)


def write_credits(begin: list[int]) -> None:
    """Say which photograph each picture began with."""
    begun = {name: [c for c, start in enumerate(begin) if start == i] for i, name in enumerate(images.EVIDENCE)}
    rows = [f"| {name} | {', '.join(map(str, those))} |\n" for name, those in begun.items() if those]
    (inside.ATLAS_SHEET.parent / "CREDITS.md").write_text(CREDITS + "".join(rows), encoding="utf-8")


def main() -> None:
    """Draw them all."""
    model = GoogLeNet()
    photos, begin = starts(model)
    save(np.stack([draw(model, c, photos[start]) for c, start in enumerate(bar(begin, unit="channel"))]))
    write_credits(begin)


if __name__ == "__main__":
    main()
