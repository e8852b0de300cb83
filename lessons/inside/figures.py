"""The figures of lesson 11: grids of drawings that one points at, a map of the network, and what is left of a lead."""

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image, ImageOps

from lessons.inside.inside import Channels, atlas
from tricknet import images
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.evidence import Row, Value, interval
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain, spread
from tricknet.plots.pictures import show
from tricknet.widgets import with_still

TILE = 42  # pixels of a tile's side
COARSE = 24  # steps of colour in a grid, which keep a page light


def grid(channels: Channels, drawings: Pictures) -> Picture:
    """An activation grid: at each position its channel's drawing (height x width of numbers), a picture (uint8)."""
    tiles = [
        np.hstack([np.pad(drawing(drawings[k]), ((0, 2), (0, 2), (0, 0)), constant_values=255) for k in row])
        for row in channels
    ]
    return (np.vstack(tiles).astype(int) // COARSE * COARSE * 255 // (255 // COARSE * COARSE)).astype(np.uint8)


def drawing(picture: Picture, side: int = TILE - 2) -> Picture:
    """One drawing of the atlas, scaled, at full contrast."""
    full = ImageOps.autocontrast(Image.fromarray(picture), cutoff=2)
    return np.asarray(full.resize((side, side), Image.Resampling.LANCZOS))


STYLE = """
.inside {position: relative; width: 900px; padding-bottom: 150px}
.inside table {display: inline-table; border-spacing: 0; margin-right: 2px}
.inside td {padding: 0} .inside caption {font-size: 14px; text-align: left}
.inside .tile {display: block; width: 42px; height: 42px; box-sizing: border-box; border: 1px solid white}
.inside .tile, .inside .large {background-size: cover}
.inside input {position: absolute; opacity: 0}
.inside input:focus + .tile, .inside label:hover .tile {border: 3px solid #d55e00}
.inside .card {display: none; position: absolute; left: 0; bottom: 0; width: 100%; background: white; color: black}
.inside input:checked ~ .card {display: flex; gap: 8px; z-index: 1}
.inside label:hover .card {display: flex; gap: 8px; z-index: 2}
.inside .card span {width: 112px; font-size: 13px}
.inside .large {display: block; width: 112px; height: 112px}
"""


class Pointed(widgets.HTML):  # type: ignore[misc]
    """Pictures above their grids. Point at a tile: its number, its drawing, the five photographs that excite it most.

    The tiles are one group of radio buttons, so the arrow keys go from one to the next.
    pictures: uint8, by what the network says of them. grids: numbers of channels (height x width), one for
    each picture. excited: each photograph's `inside.peaks`, by its name.
    """

    def __init__(self, pictures: Mapping[str, Picture], grids: Sequence[Channels], excited: Mapping[str, Floats]):
        drawings, names = atlas(), list(excited)
        drawn = [grid(channels, drawings) for channels in grids]
        alt = f"Three pictures, {', '.join(pictures)}, each above a grid of 7 x 7 drawings, which the text describes."
        self._still = show([*pictures.values(), *drawn], [*pictures, *[""] * len(drawn)], alt, columns=len(drawn))
        style, cards = STYLE, {}
        for name in names:
            style += f".inside .{name} {{background-image: url({_data(images.load(name)[::2, ::2], 'JPEG')})}}\n"
        order = np.argsort(-np.stack([*excited.values()]), axis=0)[:5]
        for k in np.unique(np.stack(grids)).tolist():
            style += f".inside .channel{k} {{background-image: url({_data(drawing(drawings[k], 80), 'JPEG')})}}\n"
            five = [names[i] for i in order[:, k]]
            photos = "".join(f'<span><i class="large {n}"></i>{n.replace("_", " ")}</span>' for n in five)
            words = f"channel {k}: {', '.join(five).replace('_', ' ')}"
            cards[k] = (
                f'<label><input type="radio" name="inside" aria-label="{words}"><i class="tile channel{k}"></i>'
                f'<div class="card" aria-hidden="true"><span><i class="large channel{k}"></i>channel {k}</span>{photos}'
                "</div></label>"
            )
        tables = [
            f'<table><caption><img src="{_data(picture, "PNG")}" alt=""><br>{escape(title)}</caption>'
            + "".join(f"<tr>{''.join(f'<td>{cards[k]}</td>' for k in row)}</tr>" for row in channels.tolist())
            + "</table>"
            for (title, picture), channels in zip(pictures.items(), grids, strict=True)
        ]
        # JupyterLab has other uses for the arrow keys, and leaves them to what is marked so.
        group = '<div class="inside" role="radiogroup" aria-label="Tiles" data-lm-suppress-shortcuts="true">'
        super().__init__(f"<style>{style}</style>{group}{''.join(tables)}</div>")

    def __repr__(self) -> str:
        return "(Run this cell to point at the tiles.)"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return with_still(super()._repr_mimebundle_(**kwargs) | {"text/plain": repr(self)}, self._still)


def _data(picture: Picture, kind: str) -> str:
    """A picture as an address that holds all of it."""
    Image.fromarray(picture).save(buffer := io.BytesIO(), kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def beaks(rows: Sequence[Mapping[str, Value]], by_chance: float, alt: str) -> Plot:
    """For each target, a dot per photograph: at how many positions is the channel that rose most a bird channel?

    rows: of lessons/inside/tables/risen.csv. by_chance: the share of the channels that do, a line.
    """
    targets = list(dict.fromkeys(str(row["target"]) for row in rows))
    figure = Figure(figsize=(8, 0.55 * len(targets) + 1), layout="constrained")
    ax = figure.subplots()
    for y, target in enumerate(reversed(targets)):
        shares = np.array([float(row["positions"]) for row in rows if row["target"] == target])
        heights = y + np.random.default_rng(0).uniform(-0.25, 0.25, len(shares))
        ax.plot(shares, heights, "o", color=PALETTE[0], alpha=0.35, markersize=4)
        ax.plot([shares.mean()] * 2, [y - 0.35, y + 0.35], color=ACCENT, linewidth=3)
        ax.text(1.01, y, f"mean {shares.mean():.0%}", va="center", color=ACCENT, transform=ax.get_yaxis_transform())
    ax.axvline(by_chance, color="#777777", linestyle=":")
    ax.text(by_chance, len(targets) - 0.45, " their share of all channels", color="#777777", fontsize=9)
    ax.set_yticks(range(len(targets)), [f"a {target}" for target in reversed(targets)])
    ax.set_ylim(-0.5, len(targets) - 0.1)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(f"positions where a bird channel rose most ({len(rows) // len(targets)} photographs, none of a bird)")
    ax.spines[["top", "right"]].set_visible(False)
    return Plot(figure, alt)


def layers(shapes: Mapping[str, tuple[int, ...]]) -> Plot:
    """A map of a network: each layer a box, as tall as its grid and as wide as it has channels (both by the root).

    shapes: (height, width, channels) by the layer's name, or (numbers,) where no grid is left.
    """
    grids = {name: shape if len(shape) == 3 else (1, 1, *shape) for name, shape in shapes.items()}
    figure = Figure(figsize=(10, 3.1), layout="constrained")
    ax = figure.subplots()
    left = 0.0
    least = 1.75  # units from one box to the next: what the words below take
    for number, (name, (height, _, channels)) in enumerate(grids.items()):
        wide, tall = 0.2 + channels**0.5 / 13, height**0.5 / 6
        middle = left + max(wide, least) / 2
        colour = PALETTE[6] if number == 0 else ACCENT if number == len(grids) - 1 else PALETTE[4]
        ax.add_patch(Rectangle((middle - wide / 2, -tall / 2), wide, tall, facecolor=colour, edgecolor="white"))
        ax.text(middle, tall / 2 + 0.1, name, ha="center", va="bottom", fontsize=10, weight="bold")
        grid = f"{height} × {height}\n× {channels}" if height > 1 else f"{channels}"
        ax.text(middle, -tall / 2 - 0.1, grid, ha="center", va="top", fontsize=9)
        left += max(wide, least) + 0.3
    ax.set_xlim(0, left)
    ax.set_ylim(-2.1, 1.7)
    ax.axis("off")
    words = ", ".join(f"{name} {' × '.join(map(str, shape))}" for name, shape in shapes.items())
    return Plot(figure, f"A row of boxes, ever lower and ever wider, from the picture to the scores: {words}.")


WAYS = {  # what is taken away: what a figure calls it, and its colour
    "birds": ("the 47 bird channels", ACCENT),
    "as loud": ("47 others, as loud", PALETTE[0]),
    "random": ("47 at random", "#777777"),
}


def leads(curves: Mapping[str, Sequence[float]], real: float, alt: str) -> Plot:
    """The lead over the steps of a trick: as it is (""), and without each of WAYS. real: the lead of a photograph."""
    figure, ((ax,),) = new_axes(8, 3.6)
    names = {"": ("all as it is", "black"), **{way: (f"without {name}", c) for way, (name, c) in WAYS.items()}}
    for way, values in curves.items():
        ax.plot(values, color=names[way][1], linewidth=2)
    ends = {i: float(values[-1]) for i, values in enumerate(curves.values())}
    heights = {i: y * 30 for i, y in spread({i: y / 30 for i, y in ends.items()}, 0.06).items()}
    for i, way in enumerate(curves):
        ax.text(len(curves[way]) - 0.5, heights[i], names[way][0], color=names[way][1], va="center")
    ax.axhline(0, color="black", linewidth=0.8)
    ax.axhline(real, color=PALETTE[2], linestyle=":", linewidth=2)
    ax.text(0, real + 0.4, "a real vulture's photograph", color=PALETTE[2])
    ax.set_xlabel("step")
    ax.set_ylabel("the vulture's lead")
    ax.set_ylim(-10, 14)
    ax.set_xlim(0, len(curves[""]) - 1)
    plain(ax)
    return Plot(figure, alt)


def lost(rows: Sequence[Row], alt: str) -> Plot:
    """Which share of the lead is lost without some channels: tricks as curves, real birds as dots.

    rows: of lessons/inside/tables/equal.csv.
    """
    figure, ((ax,),) = new_axes(8, 4)
    for way, (name, colour) in WAYS.items():
        curve = []
        for aim in dict.fromkeys(row["aim"] for row in rows):
            those = [row for row in rows if row["set"] == "held_out" and row["bird"] == "vulture"]
            those = [row for row in those if (row["aim"], row["source"], row["taken"]) == (aim, "own", way)]
            gone, usual = [row["lead"] - row["left"] for row in those], np.mean([row["lead"] for row in those])
            curve.append((usual, np.mean(gone) / usual, *(np.array(interval(gone)) / usual)))
        xs, shares, low, high = np.array(sorted(curve)).T
        ax.plot(xs, shares, color=colour, linewidth=2, label=name)
        ax.fill_between(xs, low, high, color=colour, alpha=0.15, linewidth=0)
        dots = [row for row in rows if row["set"] == "birds" and row["taken"] == way]
        for row in dots if way != "as loud" else []:
            share = 1 - row["left"] / row["lead"]
            ax.plot([row["lead"]], [share], "o", color=colour, markersize=7 if way == "birds" else 4)
            if way == "birds":
                ax.text(row["lead"] + 0.12, share, row["bird"].replace("_", " "), color=colour, va="center", fontsize=9)
    ax.axhline(1, color="black", linewidth=0.8)
    ax.text(11.9, 1.02, "all of it", ha="right", va="bottom")
    ax.set_ylim(-0.4, 2.2)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel("lead before")
    ax.set_ylabel("share of the lead that is lost")
    ax.set_xlim(0.5, 12)
    ax.legend(
        title="without (curves: tricks; dots: real birds)", frameon=False, loc="upper right", bbox_to_anchor=(1, 0.9)
    )
    plain(ax)
    return Plot(figure, alt)
