"""The figures of lesson 12: grids of drawings that one points at, and where a channel is strongest."""

import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from PIL import Image, ImageOps

from lessons.inside.layer_4d import Channels, bird_channels, load_drawings, loudest
from tricknet import images
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.island import Island
from tricknet.plots.pictures import show

GRID_TILE = 64  # pixels of a tile's side
LARGE = 80  # pixels of the drawing that belongs to a tile
COARSE = 24  # steps of colour in a grid, which keep a page light
PALE = 0.6  # how much is left of a drawing outside the bird tiles
FRAME = 213, 94, 0  # ACCENT


def grid(channels: Channels, drawings: Pictures, birds: Channels, side: int = GRID_TILE) -> Picture:
    """A grid of channels (height x width) as their drawings: framed in orange for `birds`, else pale."""
    tiles = np.full((*channels.shape, side, side, 3), 255)
    for at, k in np.ndenumerate(channels):
        if k in birds:
            tiles[at][:-2, :-2] = FRAME
            tiles[at][3:-5, 3:-5] = drawing(drawings[k], side - 8)
        else:
            tiles[at][:-2, :-2] = PALE * drawing(drawings[k], side - 2) + (1 - PALE) * 255
    sheet = tiles.swapaxes(1, 2).reshape(len(channels) * side, -1, 3)
    return (sheet // COARSE * COARSE * 255 // (255 // COARSE * COARSE)).astype(np.uint8)


def tiled(picture: Picture, activations: Floats, birds: Channels) -> Picture:
    """The picture at twice its size, and on it those tiles of its activations that are bird tiles."""
    where = np.isin(channels := loudest(activations), birds).repeat(GRID_TILE, 0).repeat(GRID_TILE, 1)[..., None]
    return np.where(where, grid(channels, load_drawings(), birds), picture.repeat(2, 0).repeat(2, 1))


def drawing(picture: Picture, side: int) -> Picture:
    """One drawing of the atlas, scaled, at full contrast."""
    full = ImageOps.autocontrast(Image.fromarray(picture), cutoff=2)
    return np.asarray(full.resize((side, side), Image.Resampling.LANCZOS))


def pointed(pictures: Mapping[str, Picture], grids: Sequence[Channels], excited: Mapping[str, Floats]) -> Island:
    """Pictures with their grids. Point at a tile, and you see its channel: its drawing, and the five photographs that
    excite it most.

    pictures: uint8, by what the network says of them. grids: numbers of channels (height x width), one for
    each picture. excited: each photograph's `layer_4d.peaks`, by its name. They choose the bird channels, which are
    framed.
    """
    drawings, names, birds = load_drawings(), list(excited), bird_channels(excited)
    drawn = [grid(channels, drawings, birds) for channels in grids]
    counts = [f"bird tiles: {np.isin(channels, birds).sum()} of {channels.size}" for channels in grids]
    descriptions = "; ".join(f"{name}, {count}" for name, count in zip(pictures, counts, strict=True))
    alt = f"Pictures, each above a grid of drawings, in which bird tiles are framed. {descriptions}."
    still = show([*pictures.values(), *drawn], [*pictures, *counts], alt, columns=len(drawn))
    order = np.argsort(-np.stack([*excited.values()]), axis=0)[:5]
    shown = np.unique(np.stack(grids)).tolist()
    fives = [[names[i] for i in order[:, channel]] for channel in shown]
    photographs = sorted({name for five in fives for name in five})
    state = {
        "pictures": [
            {"name": name, "picture": picture, "count": count, "grid": tiles, "channels": _lines(channels)}
            for (name, picture), count, tiles, channels in zip(pictures.items(), counts, drawn, grids, strict=True)
        ],
        "cards": _lines([channel, *five] for channel, five in zip(shown, fives, strict=True)),
        "birds": " ".join(map(str, birds)),
        "drawings": _column([drawing(drawings[channel], LARGE) for channel in shown]),
        "names": photographs,
        "photographs": _column([images.load(name)[::2, ::2] for name in photographs]),
    }
    return Island("tiles", state, still=still, text="(Run this cell to point at the tiles.)")


def _lines(rows: Iterable[Iterable[object]]) -> list[str]:
    return [" ".join(map(str, row)) for row in rows]


def _column(pictures: Sequence[Picture]) -> bytes:
    """Pictures below one another, in a WebP file: none of them is one that a network judges."""
    Image.fromarray(np.concatenate(pictures)).save(buffer := io.BytesIO(), "WEBP", quality=75)
    return buffer.getvalue()


def spotlight(picture: Picture, activations: Floats) -> Picture:
    """The picture at half its size, pale but for a square around where a channel of layer 4d is strongest."""
    row, column = np.unravel_index(activations.argmax(), activations.shape)
    pale = picture // 3 + 170
    square = slice(max(16 * row - 16, 0), 16 * row + 32), slice(max(16 * column - 16, 0), 16 * column + 32)
    pale[square] = picture[square]
    return pale[::2, ::2]
