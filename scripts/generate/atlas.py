"""Draw what excites the channels of GoogLeNet's layer 4d, one picture each, on one sheet: images/atlas/4d.png.

    python scripts/generate/atlas.py [--count 336]

Half a second to a channel. It goes on where the sheet ends, so it may be stopped; delete the sheet to begin anew.

The recipe: start from the photograph of the evidence set that excites the channel most, scaled down to 80 x 80 pixels,
at half its contrast. (Noise leaves most channels of this layer silent, and silence has no gradient.) Then climb (see
attacks/dream.py): 40 steps, each along the gradient of the channel's mean activation, the picture shifted by up to 16
pixels, the gradient blurred with sigma from 2.5 down to 0.7 pixels and scaled to a standard deviation of 10 pixel
values. Last, round to multiples of 8, so that the sheet stays small. Which channels: first those that are among the
four strongest at most positions of the panda and of its vulture (the trick with its defaults), then the same for the
40 photographs of the evidence set.
"""

import argparse
import itertools
from collections import Counter
from contextlib import suppress

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm import tqdm

from tricknet import images
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.attacks.dream import climbing
from tricknet.attacks.trick import trick
from tricknet.networks.classifier import Classifier, NoGradientError
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.objectives import Channel
from tricknet.topics import inside

SIDE, STEPS, COARSE = 80, 40, 8
CREDITS = """\
# The atlas

Pictures of what excites the channels of GoogLeNet's layer inception_4d/output, 16 in a row, each 80 x 80 pixels:
`tricknet.topics.inside.atlas()` cuts them out of the sheet. `scripts/generate/atlas.py` made them.

| file | what | whose | where it comes from | licence | changed |
|---|---|---|---|---|---|
| [4d.png](4d.png) | drawings of channels | this project, from photographs of the evidence set | `generate/atlas.py` | \
each drawing that of its photograph, in [the evidence set's credits](../evidence/CREDITS.md) | 40 steps along the \
channel's gradient |

The second table says which photograph each drawing began with.

| photograph | the channels that began with it |
|---|---|
"""


def draw(model: Classifier, channel: int, start: Picture) -> Picture:
    """A picture (SIDE x SIDE x 3) for a channel, from where it starts."""
    for seed in itertools.count(channel):
        # A shift may leave the channel silent; then others are tried.
        with suppress(NoGradientError):
            walk = climbing(
                model,
                Channel(inside.ATLAS, channel),
                start,
                steps=STEPS,
                step=10,
                shift=16,
                blur=(2.5, 0.7),
                seed=seed,
            )
            *_, end = walk
            break
    return (np.rint(end / COARSE) * COARSE).clip(0, 255).astype(np.uint8)


def starts(model: Classifier) -> tuple[Pictures, list[int]]:
    """The photographs of the evidence set, small and pale, and for each channel the one that excites it most."""
    small = [Image.fromarray(images.load(name)).resize((SIDE, SIDE)) for name in images.EVIDENCE]
    pale = (117 + 0.5 * (np.stack([np.asarray(photo) for photo in small]) - 117.0)).astype(np.uint8)
    excited = model.all_activations(pale, inside.ATLAS).mean(axis=(1, 2))  # photographs x channels
    return pale, excited.argmax(axis=0).tolist()


def wanted(model: Classifier) -> list[int]:
    """The channels, those first that are most often among the four strongest at a position."""
    panda = images.example("panda")
    order: dict[int, None] = {}
    for pictures in ([panda, trick(model, panda, "vulture").after], map(images.load, images.EVIDENCE)):
        grids = np.concatenate([model.activations(p, inside.ATLAS).reshape(-1, 528) for p in pictures])
        order |= dict.fromkeys(c for c, _ in Counter(strongest(grids)).most_common())
    return list(order)


def strongest(positions: Floats) -> list[int]:
    """The four strongest channels of each position."""
    found: npt.NDArray[np.intp] = np.argsort(-positions, axis=1)[:, :4]
    return [int(c) for c in found.ravel()]


def write_credits(channels: list[int], begin: list[int]) -> None:
    """Say which photograph each picture began with."""
    begun = {name: [c for c in sorted(channels) if begin[c] == i] for i, name in enumerate(images.EVIDENCE)}
    rows = [f"| {name} | {', '.join(map(str, those))} |\n" for name, those in begun.items() if those]
    (inside.ATLAS_SHEET.parent / "CREDITS.md").write_text(CREDITS + "".join(rows), encoding="utf-8")


def main() -> None:
    """Draw the channels that are missing, and write the sheet now and then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=336, help="how many channels the sheet should have")
    count = parser.parse_args().count
    model = GoogLeNet()
    chosen, (photos, begin) = wanted(model)[:count], starts(model)
    drawn = {c: picture for c, picture in inside.atlas().items() if c in chosen} if inside.ATLAS_SHEET.exists() else {}
    missing = [c for c in chosen if c not in drawn]
    for i, channel in enumerate(tqdm(missing, unit="channel"), 1):
        drawn[channel] = draw(model, channel, photos[begin[channel]])
        if i % 16 == 0 or i == len(missing):
            inside.save_atlas(drawn)
    write_credits(list(drawn), begin)


if __name__ == "__main__":
    main()
