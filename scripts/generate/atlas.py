"""Draw what excites each of the 528 channels of GoogLeNet's layer 4d, on one sheet: images/atlas/4d.jpg.

    python -m scripts.generate.atlas

A second to a channel, on one quiet core.

60 steps of a dream (`tricknet.attacks.dream`) climb the channel's mean activation, each on the picture shifted by up
to 8 pixels. It starts from the photograph of the evidence set that excites the channel most, scaled down to 80 x 80
pixels, at a third of its contrast: noise leaves many channels of this layer silent, and silence has no gradient.
"""

from contextlib import suppress

import numpy as np
from PIL import Image, ImageDraw

from lessons.inside import layer_4d
from tricknet import images
from tricknet.adam import Adam
from tricknet.arrays import Floats, Picture, Pictures, rounded
from tricknet.attacks.dream import Spectrum, Waves
from tricknet.attacks.steps import climb
from tricknet.networks import load
from tricknet.networks.classifier import Classifier, NoGradientError
from tricknet.networks.objectives import Channel
from tricknet.plots.sheet import font
from tricknet.progress import bar

TILE, STEPS, STEP, SHIFT, CONTRAST = layer_4d.TILE, 60, 0.08, 8, 0.35


def draw(model: Classifier, channel: int, start: Floats) -> Picture:
    """A picture (uint8) for a channel, from the one where it starts."""
    random, waves, adam = np.random.default_rng(channel), Waves((TILE, TILE)), Adam()

    def look(spectrum: Spectrum) -> tuple[Floats, Spectrum | None]:
        x, shift = waves.picture(spectrum), random.integers(-SHIFT, SHIFT + 1, 2)
        with suppress(NoGradientError):  # a shift may leave the channel silent; the next one need not
            gradient = model.gradient(np.roll(x, shift, (0, 1)), Channel(layer_4d.LAYER, channel))
            return x, waves.back(np.roll(gradient, -shift, (0, 1)), x)
        return x, None

    def further(spectrum: Spectrum, gradient: Spectrum | None, taken: int) -> Spectrum:
        return spectrum if gradient is None else spectrum + STEP * adam(gradient)

    *_, (_, drawn) = climb(waves.spectrum(start), look, further, steps=STEPS, last=waves.picture)
    return rounded(drawn)


def starts(model: Classifier) -> tuple[Floats, list[int]]:
    """The photographs of the evidence set, small and pale, and for each channel the one that excites it."""
    small = [Image.fromarray(images.load(name)).resize((TILE, TILE)) for name in images.EVIDENCE]
    pale = 117 + CONTRAST * (np.stack([np.asarray(photo, np.float32) for photo in small]) - 117)
    excited = model.activations(pale, layer_4d.LAYER).mean(axis=(1, 2))  # photographs x channels
    return pale, excited.argmax(axis=0).tolist()


def save(drawn: Pictures) -> None:
    strip = TILE + layer_4d.STRIP
    sheet = Image.new("RGB", (layer_4d.ACROSS * TILE, -(-len(drawn) // layer_4d.ACROSS) * strip), "white")
    words = ImageDraw.Draw(sheet)
    for channel, drawing in enumerate(drawn):
        left, top = channel % layer_4d.ACROSS * TILE, channel // layer_4d.ACROSS * strip
        words.text((left + TILE // 2, top + layer_4d.STRIP // 2), str(channel), "black", font(13), anchor="mm")
        sheet.paste(Image.fromarray(drawing), (left, top + layer_4d.STRIP))
    sheet.save(layer_4d.ATLAS_SHEET, quality=85, optimize=True)


def write_credits(begin: list[int]) -> None:
    """Say in the last table of the atlas's credits which photograph each picture began with."""
    begun = {name: [c for c, start in enumerate(begin) if start == i] for i, name in enumerate(images.EVIDENCE)}
    rows = [f"| {name} | {', '.join(map(str, those))} |\n" for name, those in begun.items() if those]
    file = layer_4d.ATLAS_SHEET.parent / "CREDITS.md"
    above, head, _ = file.read_text(encoding="utf-8").rpartition("|---|---|\n")
    file.write_text(above + head + "".join(rows), encoding="utf-8")


def main() -> None:
    model = load("GoogLeNet")
    photos, begin = starts(model)
    save(np.stack([draw(model, c, photos[start]) for c, start in enumerate(bar(begin, unit="channel"))]))
    write_credits(begin)


if __name__ == "__main__":
    main()
