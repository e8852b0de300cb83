"""Drawings of a neural network: what one is, and how GoogLeNet's layers follow one another."""

import itertools

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tricknet.plots.charts import ACCENT, PALETTE, Plot

BLUE, ORANGE, GREEN, PINK = PALETTE[:4]
PALE = PALETTE[6]

# GoogLeNet from left to right (Szegedy et al. 2014, table 1): name, kind, side and channels of what comes out.
LAYERS = [
    ("picture", "data", 224, 3),
    ("conv1", "conv", 112, 64),
    ("pool1", "pool", 56, 64),
    ("conv2", "conv", 56, 192),
    ("pool2", "pool", 28, 192),
    ("3a", "inception", 28, 256),
    ("3b", "inception", 28, 480),
    ("pool3", "pool", 14, 480),
    ("4a", "inception", 14, 512),
    ("4b", "inception", 14, 512),
    ("4c", "inception", 14, 512),
    ("4d", "inception", 14, 528),
    ("4e", "inception", 14, 832),
    ("pool4", "pool", 7, 832),
    ("5a", "inception", 7, 832),
    ("5b", "inception", 7, 1024),
    ("mean", "mean", 1, 1024),
    ("classifier", "conv", 1, 1000),
]
COLOURS_OF_KINDS = {"data": PALE, "conv": BLUE, "pool": ORANGE, "inception": GREEN, "mean": PINK}

# Two units' weights. The first unit comes back in `backpropagation`, in lesson 2.
UNITS = [(0.5, -0.2, 0.1), (-0.4, 0.3, -0.2)]


def neuron(first: int = 124) -> Plot:
    """What a network is made of: two units, each a weighted sum with its negatives cut off, and layers of those.

    first: the first of the three numbers that both units look at. At 124 the second unit is cut off, the first isn't.
    """
    figure = Figure(figsize=(10, 3.1), layout="constrained")
    *ones, many = figure.subplots(1, 3, width_ratios=[1, 1, 1.1])
    numbers = (first, 117, 94)
    sums = [_draw_neuron(ax, numbers, weights) for ax, weights in zip(ones, UNITS, strict=True)]
    _draw_layers(many)
    said = "; ".join(
        f"the weights {' and '.join(map(str, weights))} make {total:.1f}, so the unit gives {max(total, 0):.1f}"
        for weights, total in zip(UNITS, sums, strict=True)
    )
    alt = (
        f"On the left, two units that look at the same three pixel values, {first}, 117 and 94: {said}. On the right, "
        "many units in columns: every column takes its numbers from the one before, from the pixels on the left to "
        "the probabilities on the right."
    )
    return Plot(figure, alt.replace(" -", " minus "))


def _draw_neuron(ax: Axes, numbers: tuple[int, int, int], weights: tuple[float, float, float]) -> float:
    """Three numbers, three weights, and their sum, which is returned, cut off below zero."""
    _blank(ax, (-0.6, 4.5), (-0.9, 3.5), "")
    total = sum(n * w for n, w in zip(numbers, weights, strict=True)) + 0.0  # + 0.0: no minus before a zero
    for row, (number, weight) in enumerate(zip(numbers, weights, strict=True)):
        y = 2.7 - 1.3 * row
        _line(ax, (0.35, y), (2.7, 1.4), weight)
        _disc(ax, 0, y, str(number), 0.4)
    on = total > 0
    _disc(ax, 3.2, 1.4, f"{max(total, 0):.1f}", 0.52, "white" if on else "#dddddd")
    ax.annotate("", (4.5, 1.4), (3.75, 1.4), arrowprops={"arrowstyle": "->", "color": "black" if on else "#bbbbbb"})
    start, *more = (n * w for n, w in zip(numbers, weights, strict=True))
    products = f"{start:.1f}" + "".join(f" {'-' if product < 0 else '+'} {abs(product):.1f}" for product in more)
    ax.text(2, -0.8, f"{products} = {total:.1f}".replace("-", "−"), ha="center", va="center", fontsize=10)
    if not on:
        ax.text(3.2, 2.35, "cut off\nat zero", ha="center", va="center", fontsize=10, color=ACCENT)
    return total


def _draw_layers(ax: Axes) -> None:
    """Columns of units, each joined to all of the next."""
    _blank(ax, (-0.7, 4.7), (-0.9, 3.4), "layer after layer of units")
    columns = [(0, 5, PALE), (1.3, 4, BLUE), (2.6, 4, BLUE), (3.9, 3, ORANGE)]
    spots = [[(x, 1.4 + 0.65 * (row - (n - 1) / 2)) for row in range(n)] for x, n, _ in columns]
    for before, after in itertools.pairwise(spots):
        for a in before:
            for b in after:
                ax.plot(*zip(a, b, strict=True), color="#cccccc", linewidth=0.8, zorder=1)
    for column, (_, _, colour) in zip(spots, columns, strict=True):
        for x, y in column:
            _disc(ax, x, y, "", 0.18, colour)
    for x, words in [(0, "150,528\npixel values"), (1.95, "every line\nis a weight"), (3.9, "1000\nprobabilities")]:
        ax.text(x, -0.75, words, ha="center", va="center", fontsize=9)


def backpropagation(first: int = 124) -> Plot:
    """Two units in a row, forward and backward. The first is lesson 1's, and `first` is the first of its three numbers.

    Black: each number. Orange: its slope, by how much the last number rises if this one rises by 1.
    """
    numbers, weights, last_weight = (first, 117, 94), UNITS[0], 0.25
    total = sum(n * w for n, w in zip(numbers, weights, strict=True))
    unit = max(total, 0)
    slope = last_weight if total > 0 else 0.0  # of the second unit's result with respect to the first unit's sum
    slopes = [slope * weight + 0.0 for weight in weights]  # + 0.0: no minus before a zero
    end = last_weight * unit

    figure = Figure(figsize=(8.6, 3.6), layout="constrained")
    ax = figure.subplots()
    _blank(ax, (-0.7, 8.4), (-0.75, 3.5), "")
    for row, (number, weight, back) in enumerate(zip(numbers, weights, slopes, strict=True)):
        y = 2.7 - 1.25 * row
        _line(ax, (0.35, y), (3.0, 1.45), weight)
        _disc(ax, 0, y, str(number), 0.42)
        _slope(ax, 0, y, back)
    _line(ax, (3.75, 1.45), (6.1, 1.45), last_weight)
    _disc(ax, 3.4, 1.45, f"{unit:.1f}", 0.5)
    _disc(ax, 6.5, 1.45, str(round(end, 3)), 0.56)
    _slope(ax, 3.4, 1.37, last_weight)
    _slope(ax, 6.5, 1.32, 1)
    if total <= 0:
        ax.text(3.4, 2.15, f"{total:.1f}: cut off".replace("-", "−"), ha="center", fontsize=10)
    for y, left, right, words, colour in [
        (3.3, 1.7, 4.9, "forward: multiply and add", "black"),
        (-0.6, 4.9, 1.7, "backward: multiply the slopes", ACCENT),
    ]:
        ax.annotate("", (right, y), (left, y), arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.5})
        ax.text(5.1, y, words, va="center", fontsize=11, color=colour)
    alt = (
        f"Two units in a row. Forward: {first}, 117 and 94, times 0.5, minus 0.2 and 0.1, make {unit:.1f}, and that "
        f"times 0.25 makes {round(end, 3)}. Backward: the slope is 1 at the end, 0.25 at the first unit, and "
        f"{' and '.join(str(round(back, 3)) for back in slopes)} at the three numbers."
    )
    return Plot(figure, alt.replace(" -", " minus "))


def _line(ax: Axes, start: tuple[float, float], end: tuple[float, float], weight: float) -> None:
    """A weight between two numbers, as thick as it is large, in a colour of its own where it is negative."""
    (x, y), (x1, y1), colour = start, end, BLUE if weight > 0 else PINK
    ax.plot([x, x1], [y, y1], color=colour, linewidth=1 + 4 * abs(weight), zorder=1)
    label = ax.text(x + 0.4 * (x1 - x), y + 0.4 * (y1 - y), f"× {weight}".replace("-", "−"), color=colour, fontsize=10)
    label.set(ha="center", va="center", backgroundcolor="white", zorder=2)


def _slope(ax: Axes, x: float, y: float, slope: float) -> None:
    """The slope of the last number with respect to this one, below its disc."""
    words = f"slope {round(slope, 3):g}".replace("-", "−")
    ax.text(x, y - 0.5, words, ha="center", va="center", color=ACCENT, fontsize=11)


def googlenet() -> Plot:
    """GoogLeNet's layers from the picture to the probabilities.

    Each is a bar as tall as its side (its square root, or the last ones would vanish).
    """
    figure = Figure(figsize=(10, 2.9), layout="constrained")
    ax = figure.subplots()
    _blank(ax, (-0.7, len(LAYERS) - 0.3), (-1.5, 1.55), "")
    for x, (name, kind, side, channels) in enumerate(LAYERS):
        height = 2 * (side / 224) ** 0.5
        box = Rectangle((x - 0.33, -height / 2), 0.66, height, facecolor=COLOURS_OF_KINDS[kind], edgecolor="white")
        ax.add_patch(box)
        ax.text(x, height / 2 + 0.06, name, ha="center", va="bottom", fontsize=9)
        ax.text(
            x, -height / 2 - 0.06, f"{side}×{side}\n×{channels}", ha="center", va="top", fontsize=8, color="#444444"
        )
    for row, (words, kind) in enumerate(
        [
            ("units: weighted sums", "conv"),
            ("pooling: the largest of 3 × 3 neighbours", "pool"),
            ("inception module: units of several sizes, side by side", "inception"),
            ("the mean of each channel", "mean"),
        ]
    ):
        left, top = (4.6, 1.5 - 0.25 * row) if row < 2 else (10, 1.5 - 0.25 * (row - 2))
        ax.text(left, top, "■ " + words, color=COLOURS_OF_KINDS[kind], fontsize=9, ha="left", va="top")
    alt = (
        "GoogLeNet from left to right: the picture, two convolutions with a pooling layer after each, nine "
        "inception modules in groups of two, five and two with pooling between them, a mean and the classifier. The "
        "sides shrink from 224 to 7, the channels grow from 3 to 1024."
    )
    return Plot(figure, alt)


def _blank(ax: Axes, xs: tuple[float, float], ys: tuple[float, float], title: str) -> None:
    """Axes without axes, as long and as high as given."""
    ax.set_xlim(*xs)
    ax.set_ylim(*ys)
    ax.axis("off")
    ax.set_title(title, fontsize=10)


def _disc(ax: Axes, x: float, y: float, words: str, radius: float, colour: str = "white") -> None:
    """A disc with a number in it."""
    size = (radius * 72) ** 2
    ax.scatter([x], [y], s=size, facecolor=colour, edgecolor="#444444", linewidth=1, zorder=2)
    ax.text(x, y, words, ha="center", va="center", fontsize=10, zorder=3)
