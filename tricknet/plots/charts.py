"""Charts: bars, curves and axes, drawn by Matplotlib."""

import io
import re
import zlib
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any

import numpy as np
from IPython.display import Image
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from PIL.PngImagePlugin import putchunk

from tricknet.arrays import Floats
from tricknet.colours import BLUE, GREEN, PALETTE, RED, SKY, grey
from tricknet.networks.labels import Labels
from tricknet.plots.sheet import font

PLAIN, ACCENT = SKY, RED  # of bars: all of them, and the target
FAINT = 0.02  # a class that never exceeds this gets no curve
ANCHORS = {"left": ("start", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}  # and the share before them
WIDTH = 5.2  # inches of a chart: a telephone of 390 pixels shows its letters of 10 points as 10 pixels
HALO = [withStroke(linewidth=3, foreground="white")]  # around letters on a picture or on curves
APART = 0.085  # of the axes' height: the room that a name takes up
# Classes that several lessons speak of keep their colour in all figures.
COLOURS = {
    388: "#000000",  # giant panda
    23: RED,  # vulture
    700: BLUE,  # paper towel
    885: "#8a3ba8",  # velvet
    235: "#000000",  # German shepherd
    852: GREEN,  # tennis ball
}


class Plot(Image):
    """A chart as a notebook shows it, with alternative text. `.figure` is the Matplotlib figure.

    A chart makes no claim about pixels: use `plots.show` for pictures that the network was shown.
    """

    def __init__(self, figure: Figure, alt: str):
        self.figure = figure
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
        super().__init__(data=buffer.getvalue(), format="png", alt=alt)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return "A figure: click to see it."  # where JupyterLab collapses it

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """The PNG, which carries its drawing too: JupyterLab shows no SVG until it trusts a notebook."""
        stored = Image(with_drawing(self.data, self.figure), format="png", alt=self.alt)  # type: ignore[no-untyped-call]
        return stored._repr_mimebundle_(include, exclude)  # type: ignore[no-untyped-call]


def with_drawing(png: bytes, figure: Figure) -> bytes:
    """A PNG with its figure in the text chunk "svg", unless the SVG is the larger of the two or holds pixels itself."""
    svg = drawing(figure)
    packed = zlib.compress(svg.encode(), 9)
    if "<image" in svg or len(packed) > len(png):
        return png
    buffer = io.BytesIO(png)
    buffer.seek(-12, io.SEEK_END)  # in place of the end, which follows it
    putchunk(buffer, b"iTXt", b"svg\0\1\0\0\0" + packed)
    putchunk(buffer, b"IEND")
    return buffer.getvalue()


def drawing(figure: Figure) -> str:
    """The figure as SVG, with letters as text, for a page to choose their font. It leaves out what nothing refers to.

    Letters with a stroke around them would be outlines: they are of the class "halo" instead.
    """
    texts: Any = figure.findobj(Text)
    anchors = {line: ANCHORS[text.get_ha()] for text in texts for line in text.get_text().split("\n")}
    haloed = {text: text.get_path_effects() for text in texts if text.get_path_effects()}
    for text in haloed:
        text.set(path_effects=[], gid="halo")
    buffer = io.StringIO()
    try:
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "tricknet", "font.sans-serif": ["DejaVu Sans"]}):
            figure.savefig(buffer, format="svg", bbox_inches="tight", facecolor="none", metadata={"Date": None})
    finally:
        for text, effects in haloed.items():
            text.set(path_effects=effects, gid=None)
    svg = buffer.getvalue().replace('id="halo"', 'class="halo"')
    svg = re.sub(r"^.*?(?=<svg)|<(metadata|style).*?</\1>|<!--.*?-->|(?<=>)\s+(?=<)", "", svg, flags=re.DOTALL)
    svg = re.sub(r"; font-family: [^;\"]*|(?: transform=\"rotate\(-0 [^\"]*\")", "", svg)

    def anchored(line: re.Match[str]) -> str:
        """One of several lines, which Matplotlib lets begin where they do in its own font."""
        style, size, x, y, words = line.groups()
        anchor, share = anchors.get(unescape(words), ANCHORS["left"])
        x = f"{float(x) + share * float(size) / 100 * font(100).getlength(unescape(words))}"
        return f'<text style="{style}; text-anchor: {anchor}" x="{x}" y="{y}">{words}<'

    lines = r'<text style="(font-size: ([\d.]+)px[^"]*)" transform="translate\(([\d.]+) ([\d.]+)\)">([^<]*)<'
    svg = re.sub(lines, anchored, svg)
    svg = re.sub(r' id="([^"]*)"', lambda own: own[0] if f"#{own[1]}" in svg else "", svg)
    shorter = lambda number: f"{round(float(number[0]), 2):g}"  # noqa: E731 - of a point
    return re.sub(r"<[^>]+>", lambda tag: re.sub(r"\d+\.\d+", shorter, re.sub(r"\s*\n", "", tag[0])), svg)


def colours_of(classes: Sequence[int]) -> dict[int, str]:
    """A colour for each class: its own if it has one, otherwise the next free one in the palette."""
    fixed = {c: COLOURS[c] for c in classes if c in COLOURS}
    free = (colour for colour in PALETTE if colour not in fixed.values())
    return {c: fixed.get(c) or next(free, grey(11)) for c in classes}


def new_axes(
    height: float, columns: int = 1, rows: int = 1, *, width: float = WIDTH
) -> tuple[Figure, np.ndarray[tuple[int, int], np.dtype[np.object_]]]:
    """A new figure (width and height in inches) and its axes (rows x columns)."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def plain(axes: Axes, *, grid: bool = True) -> None:
    """Remove the top and right of the frame, and draw pale horizontal lines."""
    axes.spines[["top", "right"]].set_visible(False)
    if grid:
        axes.grid(axis="y", color=grey(13))
        axes.set_axisbelow(True)


def leading(history: Floats, k: int) -> list[int]:
    """The classes worth a curve: the k with the highest peaks over the steps."""
    return np.argsort(-history.max(axis=0), kind="stable")[:k].tolist()


def draw_steps(ax: Axes, history: Floats, classes: Sequence[int], labels: Labels) -> None:
    """Probabilities on given axes: one line per class over the steps, with its name. history: steps x classes."""
    colours = colours_of(classes)
    for c in classes:
        ax.plot(history[:, c], color=colours[c], linewidth=2)
    ax.margins(x=0)
    ax.set(ylim=(-0.02, 1.1), yticks=np.linspace(0, 1, 6), xlabel="step", ylabel="probability")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    plain(ax)
    _name_curves(ax, {c: history[:, c] for c in classes}, {c: labels[c] for c in classes}, colours)


def _name_curves(ax: Axes, curves: dict[int, Floats], names: dict[int, str], colours: dict[int, str]) -> None:
    """Write each name at the end of its curve, or at its peak if the curve has fallen since.

    Where a curve or another name is in the way there, the name goes to the right, with a swatch and the peak in words.
    """
    end = len(next(iter(curves.values()))) - 1
    letter = end / (7 * ax.figure.get_figwidth())  # type: ignore[union-attr]  # at least as wide as one
    fallen = {c for c, curve in curves.items() if curve[-1] < curve.max() / 2 and curve.max() > FAINT}
    beside = {c: (float(curve[-1]), names[c]) for c, curve in curves.items() if c not in fallen}
    taken: list[tuple[float, float, float]] = []
    for c in sorted(fallen, key=lambda c: -float(curves[c].max())):
        left = int(curves[c].argmax())
        y, right = float(curves[c][left]) + 0.02, left + (len(names[c]) + 2) * letter
        others = [curve for other, curve in curves.items() if other != c]
        if right <= end and _is_free(left, right, y, others, taken):
            taken.append((left, right, y))
            ax.text(left, y, f" {names[c]}", color=colours[c], path_effects=HALO)
        else:
            beside[c] = y, f"— {names[c]}: at most {curves[c][left]:.0%}"
    look: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center", "annotation_clip": False}
    for c, height in spread({c: y for c, (y, _) in beside.items()}, APART).items():
        ax.annotate(beside[c][1], (1.015, height), color=colours[c], **look)


def _is_free(
    left: float, right: float, y: float, curves: Iterable[Floats], taken: Iterable[tuple[float, float, float]]
) -> bool:
    """Is there room for a name from `left` to `right` at the height `y`: no curve and no name that is taken?"""
    inside = np.linspace(left, right, 30)
    lines = [np.interp(inside, np.arange(len(curve)), curve) for curve in curves]
    crossed = any(((y - 0.03 < line) & (line < y + APART)).any() for line in lines)
    return not crossed and all(abs(y - at) >= APART or right < start or end < left for start, end, at in taken)


def spread(heights: dict[int, float], apart: float) -> dict[int, float]:
    """Move heights just enough that they are `apart` and at most 1, so that words beside them do not overlap."""
    moved: dict[int, float] = {}
    lowest, highest = float("-inf"), 1.0
    for key in sorted(heights, key=heights.__getitem__):
        moved[key] = max(heights[key], lowest)
        lowest = moved[key] + apart
    for key in reversed(list(moved)):
        moved[key] = min(moved[key], highest)
        highest = moved[key] - apart
    return moved
