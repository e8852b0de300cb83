"""Two units of a neural network, drawn with their numbers: run forwards, and run backwards."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes

from tricknet.colours import BLUE, PINK, grey
from tricknet.plots.charts import ACCENT, Plot, new_axes

UP, DOWN = BLUE, PINK  # the colours of weights above and below zero
WEIGHTS = [(0.5, -0.2, 0.1), (-0.4, 0.3, -0.2)]  # of two units that look at the same three numbers
LAST = (0.25, 0.4)  # the weights of a third unit, which looks at those two
INPUTS, UNITS, END = [(0, 2.7), (0, 1.35), (0, 0)], [(4, 2.25), (4, 0.45)], (7, 1.35)


def units(first: int = 124) -> Plot:
    """What a network is made of: units, each a weighted sum with its negatives cut off.

    first: the first of the three numbers that both units look at. At 124 the second unit is cut off, the first isn't.
    """
    _, ((ax,),) = new_axes(3.2)
    numbers = (first, 117, 94)
    sums, words = _forward(ax, numbers), []
    for (x, y), weights, total in zip(UNITS, WEIGHTS, sums, strict=True):
        start, *more = (number * weight for number, weight in zip(numbers, weights, strict=True))
        products = f"{start:.1f}" + "".join(f" {'-' if part < 0 else '+'} {abs(part):.1f}" for part in more)
        ax.text(x + 0.7, y, _minus(f"{products} = {total:.1f}"), va="center")
        if total < 0:
            ax.text(x + 0.7, y - 0.35, "below zero: cut off", va="center", color=ACCENT)
        words.append(f"times {_listed(weights)} they make {total:.1f}, so the unit gives {max(total, 0):.1f}")
    alt = f"Two units look at the same three numbers, {_listed(numbers)}: {'; '.join(words)}."
    return _plot(ax, (-0.5, 8.2), (-0.4, 3.1), alt)


def backpropagation(first: int = 35) -> Plot:
    """The two units of `units`, and a third one that looks at both, forwards and backwards.

    first: as there. Black: each number. Orange: its slope, by how much the last number rises if this one rises by 1.
    """
    _, ((ax,),) = new_axes(4.2)
    sums = _forward(ax, (first, 117, 94))
    for spot, weight in zip(UNITS, LAST, strict=True):
        _line(ax, spot, END, weight, 0.5)
    end = sum(max(total, 0) * weight for total, weight in zip(sums, LAST, strict=True))
    # A unit that is cut off passes nothing back.
    back = [weight if total > 0 else 0.0 for total, weight in zip(sums, LAST, strict=True)]
    slopes = [sum(slope * unit[i] for slope, unit in zip(back, WEIGHTS, strict=True)) for i in range(3)]
    _disc(ax, END, f"{end:.3f}")
    for (x, y), slope in zip([*INPUTS, *UNITS, END], [*slopes, *back, 1], strict=True):
        words = _minus(f"slope {round(slope, 4):g}")
        ax.text(x, y - 0.5, words, ha="center", va="center", color=ACCENT)
    for y, left, right, words, colour in [
        (3.35, -0.9, 0.1, "forward: multiply and add", "black"),
        (-1.15, 0.1, -0.9, "backward: multiply the slopes, add up the paths", ACCENT),
    ]:
        ax.annotate("", (right, y), (left, y), arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.5})
        ax.text(0.3, y, words, va="center", color=colour)
    alt = (
        f"Forward: {first}, 117 and 94 go to two units, which give {_listed(round(max(s, 0), 4) for s in sums)}; a "
        f"third makes {end:.3f} of those. Backward: the slopes are 1 at the end, {_listed(back)} at the two units, and "
        f"{_listed(round(slope, 4) + 0.0 for slope in slopes)} at the three numbers."
    )
    return _plot(ax, (-1, 7.6), (-1.4, 3.6), alt)


def _forward(ax: Axes, numbers: Sequence[float]) -> list[float]:
    """Three numbers and two units, each joined to all three. Returns the units' sums, before they are cut off."""
    sums = [round(sum(n * w for n, w in zip(numbers, unit, strict=True)), 4) for unit in WEIGHTS]
    for spot, unit, total in zip(UNITS, WEIGHTS, sums, strict=True):
        for start, weight in zip(INPUTS, unit, strict=True):
            _line(ax, start, spot, weight, 0.7)
        _disc(ax, spot, f"{max(total, 0):.1f}", "white" if total > 0 else grey(13))
    for spot, number in zip(INPUTS, numbers, strict=True):
        _disc(ax, spot, str(number))
    return sums


def _line(ax: Axes, start: tuple[float, float], end: tuple[float, float], weight: float, label: float) -> None:
    """A weight between two numbers, as thick as it is large. label: where it is written, from 0 (start) to 1 (end)."""
    (x, y), (x1, y1), colour = start, end, UP if weight > 0 else DOWN
    ax.plot([x, x1], [y, y1], color=colour, linewidth=1 + 4 * abs(weight), zorder=1)
    words = ax.text(x + label * (x1 - x), y + label * (y1 - y), _minus(f"× {weight}"), color=colour, fontsize=10)
    words.set(ha="center", va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}, zorder=2)


def _disc(ax: Axes, spot: tuple[float, float], words: str, colour: str = "white") -> None:
    """A number in a disc."""
    ax.scatter(*spot, s=1100, facecolor=colour, edgecolor=grey(4), linewidth=1, zorder=3)
    ax.text(*spot, words, ha="center", va="center", fontsize=10, zorder=4)


def _plot(ax: Axes, xs: tuple[float, float], ys: tuple[float, float], alt: str) -> Plot:
    ax.set(xlim=xs, ylim=ys)
    ax.axis("off")
    return Plot(ax.get_figure(root=True), alt.replace(" -", " minus "))  # type: ignore[arg-type]


def _minus(words: str) -> str:
    return words.replace("-", "−")


def _listed(numbers: Iterable[float]) -> str:
    *most, last = (f"{number:g}" for number in numbers)
    return f"{', '.join(most)} and {last}"
