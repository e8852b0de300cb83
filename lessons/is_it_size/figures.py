"""Is it size? Its charts: epsilon against the number of pixels, and against accuracy."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from matplotlib import colormaps

from tricknet.colours import BLUE, RED, grey
from tricknet.counting import Row
from tricknet.plots.charts import Plot, new_axes, plain
from tricknet.plots.intervals import key


def means(rows: Iterable[Row], group_by: Callable[[Row], float]) -> dict[float, tuple[float, float]]:
    """(accuracy, epsilon), averaged over the seeds, for each value of `group_by`, in order."""
    found: dict[float, list[tuple[float, float]]] = {}
    for row in rows:
        found.setdefault(group_by(row), []).append((row["right"] / row["n"], row["epsilon"]))
    return {k: (float(a), float(e)) for k in sorted(found) for a, e in [np.mean(found[k], axis=0)]}


def by_size(recipes: Mapping[str, Sequence[Row]]) -> Plot:
    """Epsilon against the pixels, a curve for each recipe: dots are seeds, the line is their mean."""
    figure, ((ax,),) = new_axes(3.4)
    alts = []
    for (name, rows), colour, below in zip(recipes.items(), (BLUE, RED), (True, False), strict=False):
        points = means(rows, lambda row: row["pixels"])
        ax.plot([row["pixels"] for row in rows], [row["epsilon"] for row in rows], ".", color=colour, alpha=0.4)
        ax.plot(list(points), [epsilon for _, epsilon in points.values()], color=colour, linewidth=2, label=name)
        style = {"textcoords": "offset points", "ha": "center", "va": "top" if below else "bottom", "color": colour}
        for pixels, (share, _) in points.items():
            dots = [row["epsilon"] for row in rows if row["pixels"] == pixels]
            end = pixels, min(dots) if below else max(dots)
            ax.annotate(f"{share:.0%}", end, (0, -6 if below else 6), **style)
        words = "; ".join(f"{pixels:,} pixels {e:.1f}, {share:.0%} right" for pixels, (share, e) in points.items())
        alts.append(f"{name}: {words}.")
    ax.set_xscale("log")
    ax.set_xticks(list(points), [f"{pixels:,}" for pixels in points])
    ax.minorticks_off()
    ax.set_ylim(0, ax.get_ylim()[1] * 1.1)
    key(ax, len(recipes))
    ax.set(xlabel="pixels", ylabel="epsilon that fools half")
    ax.set_title("held-out pictures that it gets right, in per cent;\ndots: five seeds", fontsize=10, color=grey(5))
    plain(ax)
    return Plot(figure, f"The epsilon that fools half of the pictures, against their pixels. {' '.join(alts)}")


def trade(rows: Sequence[Row]) -> Plot:
    """Epsilon against accuracy, a curve for each size: each of its points is another price of weights."""
    figure, ((ax,),) = new_axes(4)
    sizes, ends = sorted({row["pixels"] for row in rows}), []
    for pixels, colour in zip(sizes, colormaps["plasma"](np.linspace(0, 0.8, len(sizes))), strict=True):
        mine = [row for row in rows if row["pixels"] == pixels]
        points = list(means(mine, lambda row: row["freedom"]).values())
        shares = [100 * row["right"] / row["n"] for row in mine]
        ax.plot(shares, [row["epsilon"] for row in mine], ".", color=colour, alpha=0.3)
        ax.plot([100 * a for a, _ in points], [e for _, e in points], color=colour, linewidth=2)
        start = 100 * points[0][0], points[0][1]
        ax.annotate(f"{pixels:,}", start, (-6, 0), textcoords="offset points", ha="right", va="center")
        (a, e), (b, f) = points[0], points[-1]
        ends.append(f"{pixels:,} pixels from {a:.0%} and {e:.1f} to {b:.0%} and {f:.1f}")
    ax.set_ylim(0)
    ax.set(xlabel="right, of 100 held-out pictures", ylabel="epsilon that fools half")
    title = "a curve for each number of pixels,\nfrom dear weights (top) to cheap ones"
    ax.set_title(title, fontsize=10, color=grey(5))
    plain(ax)
    return Plot(figure, f"Accuracy and epsilon of each size, from dear weights to cheap ones: {'; '.join(ends)}.")
