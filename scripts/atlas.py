"""Draw what excites the channels of GoogLeNet's layer 4d, one picture each, on one sheet: images/atlas/4d.png.

    python scripts/atlas.py [--count 192]

About 2 seconds a channel. It goes on where the sheet ends, so it may be stopped; delete the sheet to begin anew.

The recipe: start from the photograph of the evidence set that excites the channel most, scaled down to 80 x 80 pixels,
at half its contrast. (Noise leaves most channels of this layer silent, and silence has no gradient.) Take 40 steps. In
each, shift the picture round its edges by up to 16 pixels at random; take the gradient of the channel's mean
activation; blur it (sigma from 2.5 down to 0.7 pixels); step along it, scaled to a mean size of 1, by 14 down to 2
pixel values; keep to 0..255; shift back. Last, round to multiples of 8, so that the sheet stays small. Shifting and
blurring keep fine noise away (Mordvintsev et al. 2015, Olah et al. 2017). Which channels: first those that are among
the three strongest at most positions of the panda and of its vulture (the trick with its defaults), then the same for
the 40 photographs of the evidence set.
"""

import argparse
from collections import Counter

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import gaussian_filter
from tqdm import tqdm

from tricknet import images, inside
from tricknet.arrays import Floats, Picture
from tricknet.model import Classifier, GoogLeNet, NoGradientError
from tricknet.objectives import Channel
from tricknet.trick import trick

SIDE, STEPS, SHIFT, COARSE = 80, 40, 16, 8


def draw(model: Classifier, channel: int, start: Floats) -> Picture:
    """A picture (SIDE x SIDE x 3) for a channel, from where it starts."""
    random, x = np.random.default_rng(channel), start
    for step in range(STEPS):
        left = 1 - step / STEPS  # falls from 1 to 0
        shift = random.integers(-SHIFT, SHIFT + 1, 2)
        moved = np.roll(x, shift, axis=(0, 1))
        try:
            slope = model.gradient(moved, Channel(inside.ATLAS, channel))
        except NoGradientError:  # shifted like this, nothing excites it: another shift will do
            continue
        sigma = 0.7 + 1.8 * left
        slope = gaussian_filter(slope, (sigma, sigma, 0), mode="wrap")
        moved = (moved + (2 + 12 * left) * slope / np.abs(slope).mean()).clip(0, 255)
        x = np.roll(moved, -shift, axis=(0, 1)).astype(np.float32)
    return (np.rint(x / COARSE) * COARSE).clip(0, 255).astype(np.uint8)


def starts(model: Classifier) -> Floats:
    """Where each channel starts: the photograph that excites it most, small and pale."""
    small = [Image.fromarray(images.load(name)).resize((SIDE, SIDE)) for name in images.EVIDENCE]
    pale = (117 + 0.5 * (np.stack([np.asarray(photo) for photo in small]) - 117.0)).astype(np.float32)
    excited = model.activations(pale, inside.ATLAS).mean(axis=(1, 2))  # photographs x channels
    return pale[excited.argmax(axis=0)]


def wanted(model: Classifier) -> list[int]:
    """The channels, those first that are most often among the three strongest at a position."""
    panda = images.example("panda")
    order: dict[int, None] = {}
    for pictures in ([panda, trick(model, panda, "vulture").after], map(images.load, images.EVIDENCE)):
        grids = np.concatenate([model.activations(p, inside.ATLAS).reshape(-1, 528) for p in pictures])
        order |= dict.fromkeys(c for c, _ in Counter(strongest(grids)).most_common())
    return list(order)


def strongest(positions: Floats) -> list[int]:
    """The three strongest channels of each position."""
    found: npt.NDArray[np.intp] = np.argsort(-positions, axis=1)[:, :3]
    return [int(c) for c in found.ravel()]


def main() -> None:
    """Draw the channels that are missing, and write the sheet now and then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=192, help="how many channels the sheet should have")
    count = parser.parse_args().count
    model = GoogLeNet()
    drawn = inside.atlas() if inside.ATLAS_SHEET.exists() else {}
    begin = starts(model)
    missing = [c for c in wanted(model) if c not in drawn][: max(0, count - len(drawn))]
    for i, channel in enumerate(tqdm(missing, unit="channel"), 1):
        drawn[channel] = draw(model, channel, begin[channel])
        if i % 16 == 0 or i == len(missing):
            inside.save_atlas(drawn)


if __name__ == "__main__":
    main()
