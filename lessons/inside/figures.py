"""The figures of lesson 12: grids of drawings that one points at, a map of the network, and a lead over the steps."""

import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from PIL import Image, ImageOps

from lessons.inside.layer_4d import BIRDS, Channels, bird_channels, bird_leads, load_drawings
from tricknet import images
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.colours import BLUE, GREEN, grey
from tricknet.counting import Row
from tricknet.island import Island
from tricknet.plots.charts import ACCENT, Plot, new_axes, plain, spread
from tricknet.plots.pictures import show

GRID_TILE = 42  # pixels of a tile's side
LARGE = 80  # pixels of the drawing that belongs to a tile
COARSE = 24  # steps of colour in a grid, which keep a page light
PALE = 0.45  # how much is left of a drawing that tells no bird
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


REAL, TRICK = GREEN, "black"  # colours of a real bird and of a trick
WAYS = {  # what is taken away: what a figure calls it, and its colour
    "birds": ("bird channels", ACCENT),
    "as loud": ("47 as loud", BLUE),
    "random": ("47 at random", grey(7)),
}


def growth(curves: Mapping[str, Sequence[float]], real: float) -> Plot:
    """The lead over the steps of a trick: as it is (""), and without each of WAYS. real: the lead of a photograph."""
    figure, ((ax,),) = new_axes(3.4)
    names = {"": ("the trick, as it is", TRICK), **{way: (f"without {name}", c) for way, (name, c) in WAYS.items()}}
    heights = spread({i: values[-1] / 30 for i, values in enumerate(curves.values())}, 0.07)
    for i, (way, values) in enumerate(curves.items()):
        ax.plot(values, color=names[way][1], linewidth=2)
        ax.text(len(values) - 0.5, 30 * heights[i], names[way][0], color=names[way][1], va="center")
    ax.axhline(0, color="black", linewidth=0.8)
    ax.axhline(real, color=REAL, linestyle=":", linewidth=2)
    ax.text(len(values) - 1.5, real - 0.4, "a real vulture", color=REAL, ha="right", va="top")
    ax.set(xlim=(0, len(values) - 1), ylim=(-10, 14), xlabel="step")
    ax.set_title("The vulture's lead, and what is left of it", fontsize=11)
    plain(ax)
    last = ", ".join(f"{names[way][0]} {values[-1]:.0f}" for way, values in curves.items())
    return Plot(figure, f"The vulture's lead over the steps. At the last one: {last}. A real vulture's is {real:.1f}.")


def spotlight(picture: Picture, activations: Floats) -> Picture:
    """The picture at half its size, pale but for a square around where a channel of layer 4d is strongest."""
    row, column = np.unravel_index(activations.argmax(), activations.shape)
    pale = picture // 3 + 170
    square = slice(max(16 * row - 16, 0), 16 * row + 32), slice(max(16 * column - 16, 0), 16 * column + 32)
    pale[square] = picture[square]
    return pale[::2, ::2]


def arrows(rows: Sequence[Row]) -> Plot:
    """A real vulture, and tricks with its lead: arrows to what is left without bird channels, and without others."""
    names = [name for name in images.HELD_OUT if name not in BIRDS][:9]
    nine = np.hstack([np.vstack([images.load(name)[::3, ::3] for name in names[i::3]]) for i in range(3)])
    (figure, ((ax,),)), descriptions = new_axes(3.6), []
    for row, (name, group, picture) in enumerate(
        [("a real vulture", "birds", images.load("vulture")), ("27 tricks, on average", "held_out", nine)]
    ):
        photo = ax.inset_axes((-0.5, 0.53 - 0.5 * row, 0.44, 0.38))
        photo.imshow(picture)
        photo.set_title(name, fontsize=10, pad=3)
        photo.axis("off")
        for y, way in ((row - 0.12, "birds"), (row + 0.18, "random")):
            (lead, left), (words, colour) = bird_leads(rows, group, way)["vulture"], WAYS[way]
            style = {"arrowstyle": "-|>,head_width=0.3", "color": colour, "linewidth": 3, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (left, y), (lead, y), arrowprops=style)
            descriptions.append(f"without {words}: {left:.1f}".replace("-", "−"))
            ax.text(1.03, y, descriptions[-1], color=colour, va="center", transform=ax.get_yaxis_transform())
        ax.plot([lead] * 2, [row - 0.25, row + 0.31], color="black", linewidth=2)
        ax.text(lead, row - 0.28, f"{lead:.1f}: {1 / (1 + np.exp(-lead)):.0%} sure", ha="center")
    ax.axvline(0, color="black", linewidth=0.8)
    ax.text(0, -0.6, "50% sure", ha="center")
    ax.set_title("What is left of the lead", fontsize=11, pad=30)
    ax.set(xlim=(-1.2, 2.6), ylim=(1.5, -0.5), yticks=[], xlabel="the vulture's lead")
    ax.spines[["left", "top", "right"]].set_visible(False)
    return Plot(figure, "From a lead of {:.1f}: a real vulture, {}, {}; 27 tricks, {}, {}.".format(lead, *descriptions))
