"""GoogLeNet's layer 4d: its channels, which of them tell birds from the rest, and a class's lead when they are gone."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from tricknet import Classifier, Prediction, images
from tricknet.arrays import Floats, Pictures
from tricknet.counting import Row
from tricknet.paths import ATLAS_FOLDER

type Channels = npt.NDArray[np.intp]  # their numbers

LAYER = "inception_4d/output"  # the layer whose channels the atlas shows: 14 x 14 positions of 528 channels
BIRDS = frozenset(["hen", "lorikeet", "macaw", "spoonbill", "bald_eagle", "hummingbird", "toucan"])  # of all 70
PORTRAITS: dict[str, str | Path] = {name: name for name in ("vulture", *sorted(BIRDS))}  # 17 real birds, for `load`
PORTRAITS |= {path.stem: path for path in sorted((ATLAS_FOLDER.parent / "birds").glob("*.jpg"))}
ATLAS_SHEET = ATLAS_FOLDER / "4d.jpg"
JITTER = 0.1  # of how loud a channel seems, as a share
TILE, STRIP, ACROSS = 80, 16, 8  # the atlas: pixels of a drawing's side, of the number above it, and drawings in a row


def loudest(activations: Floats, side: int = 7) -> Channels:
    """The channel with the largest activation in each of side x side squares of a layer (height x width x channels)."""
    size, channels = len(activations) // side, activations.shape[2]
    squares = activations.reshape(side, size, side, size, channels).max(axis=(1, 3))
    return squares.argmax(axis=2)


def peaks(model: Classifier, names: Iterable[str]) -> dict[str, Floats]:
    """How much each photograph excites each channel of 4d at its strongest position: 528 numbers by name."""
    return {name: model.activations(images.load(name), LAYER).max(axis=(0, 1)) for name in names}


def bird_channels(excited: Mapping[str, Floats]) -> Channels:
    """The channels whose `peaks` tell birds from other photographs: larger in the bird in over 80% of all pairs."""
    birds, others = (np.stack([excited[n] for n in excited if (n in BIRDS) == bird]) for bird in (True, False))
    return np.flatnonzero((birds[:, None] > others).mean(axis=(0, 1)) > 0.8)


def without(
    model: Classifier, now: Floats, sources: Sequence[Floats], channels: Channels
) -> dict[str, list[Prediction]]:
    """What the network says once some channels of 4d are as in each source (height x width x 528).

    "birds": these channels. "as loud": the same number of others that differ from the source just as much.
    """
    ways = {"birds": [channels] * len(sources), "as loud": [as_loud(now - source, channels) for source in sources]}
    return {
        way: model.predict_from(LAYER, [put_back(now, *pair) for pair in zip(sources, those, strict=True)])
        for way, those in ways.items()
    }


def costs(rows: Sequence[Row], group: str) -> dict[str, dict[str, float]]:
    """How much lead the bird channels cost, and those as loud, by bird: means over a set's rows of a table."""
    ways: dict[str, dict[str, float]] = {}
    for words, taken in {"bird channels": "birds", "as loud": "as loud"}.items():
        mine = [row for row in rows if (row["set"], row["taken"]) == (group, taken)]
        losses = [(str(row["bird"]), float(row["lead"]) - float(row["left"])) for row in mine]
        ways[words] = {bird: float(np.mean([x for name, x in losses if name == bird])) for bird, _ in losses}
    return ways


def as_loud(change: Floats, channels: Channels, *, seed: int | None = None) -> Channels:
    """For each of these channels another that changed equally (L2), as nearly as the rest allow; a seed jitters."""
    loud = np.linalg.norm(change, axis=(0, 1))
    seems = loud if seed is None else loud * np.random.default_rng(seed).normal(1, JITTER, len(loud))
    free = np.setdiff1d(np.arange(len(loud)), channels).tolist()
    chosen = []
    for one in channels[np.argsort(-loud[channels])]:
        free.remove(nearest := min(free, key=lambda k: abs(seems[k] - loud[one])))
        chosen.append(nearest)
    return np.array(chosen)


def load_drawings() -> Pictures:
    """What excites each channel of layer 4d, drawn as its CREDITS.md tells: uint8, 528 x 80 x 80 x 3."""
    with Image.open(ATLAS_SHEET) as image:
        sheet = np.asarray(image)
    cells = sheet.reshape(-1, STRIP + TILE, ACROSS, TILE, 3).swapaxes(1, 2)
    return cells.reshape(-1, STRIP + TILE, TILE, 3)[:, STRIP:]


def put_back(after: Floats, before: Floats, channels: Iterable[int]) -> Floats:
    """Activations (height x width x channels) after a trick, some channels as before (patching, Meng et al. 2022)."""
    return np.where(np.isin(np.arange(after.shape[2]), [*channels]), before, after)
