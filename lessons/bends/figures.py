"""Lesson 5's figures: what a lead is worth, leads along a line, and the classes that win on a plane."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon
from matplotlib.ticker import MultipleLocator, PercentFormatter

from tricknet.arrays import Numbers
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain

STYLES: dict[str, dict[str, Any]] = {  # of curves, by what they are
    "signs": {"marker": "o", "color": PALETTE[5]},
    "coins": {"linewidth": 1, "color": PALETTE[0]},
    "line": {"linestyle": "--", "color": "#333333"},
    "steps": {"marker": "s", "color": PALETTE[2]},
}
MAP = [PALETTE[i] for i in (4, 5, 1, 2, 3, 0, 6)]  # the winning classes' colours, in the order of their areas
OTHER = "#e4e4e4"  # the classes that win too little for a colour of their own


Curves = Mapping[str, tuple[str, Numbers, Numbers]]


def sure(lead: float = 12.44) -> Plot:
    """What a class's lead makes of its probability and of its loss, -log p, and where both are flat.

    lead: the score of the class, less those of all others together (its log-odds). A disc marks it, and its slopes.
    """
    figure, axes = new_axes(8.6, 3.3, 2)
    leads = np.linspace(-15, 15, 301)
    p, loss = 1 / (1 + np.exp(-leads)), np.log1p(np.exp(-leads))
    here = 1 / (1 + np.exp(-lead)), np.log1p(np.exp(-lead))
    slopes = here[0] * (1 - here[0]), here[0] - 1
    named = [("probability p", p), ("loss, −log p", loss)]
    for ax, (name, curve), value, slope in zip(axes.flat, named, here, slopes, strict=True):
        ax.axvspan(5, 15, color="#eeeeee", zorder=0)
        ax.plot(leads, curve, color=PALETTE[0], linewidth=2)
        near = np.array([-3, 3])
        ax.plot(lead + near, value + slope * near, color=ACCENT, linewidth=3, solid_capstyle="round")
        ax.plot(lead, value, "o", color=ACCENT, markersize=8)
        words = f"{name} = {_short(value)}, slope {'+' if slope > 0 else ''}{_short(slope)}"
        ax.set_title(words.replace("-", "−"), fontsize=10)
        ax.set_xlabel("lead of the class")
        ax.set_xlim(-15, 15)
        plain(ax)
    axes[0, 0].set_ylim(-0.1, 1.1)  # however the slopes lie
    axes[0, 1].set_ylim(-1.2, 16)
    axes[0, 0].text(10, 0.5, "flat here", ha="center", va="center", fontsize=11)
    axes[0, 1].text(10, 7.5, "flat here", ha="center", va="center", fontsize=11)
    axes[0, 0].text(-10, 0.5, "and here", ha="center", va="center", fontsize=11)
    axes[0, 0].axvspan(-15, -5, color="#eeeeee", zorder=0)
    alt = (
        f"Two curves over the lead of a class, from −15 to 15. The probability is an S, flat on both sides. The loss "
        f"falls in a straight line and is flat on the right. At a lead of {lead:.1f} they are {here[0]:.7f} and "
        f"{here[1]:.7f}."
    )
    return Plot(figure, alt)


def _short(number: float) -> str:
    """With two decimals, or with seven where two would say 0 or 1."""
    return f"{number:.7f}" if abs(number) < 0.01 or 0.99 < abs(number) < 1 else f"{number:.2f}"


def log_odds(curves: Curves, alt: str) -> Plot:
    """The lead (log-odds) of the panda over the size of a step, with a line where it is as likely as not.

    curves: name -> (style, sizes, values): a style of STYLES, step sizes in pixel values, and the value at each (or
    several rows of values, which share the name).
    """
    figure, ax = _along(curves)
    ax.set_xlabel("how far each value has moved (pixel values)")
    _level(ax, 0, 0)
    ax.set_ylim(-11, 15.5)
    ax.legend(frameon=False, fontsize=9, loc="lower left")
    return Plot(figure, alt)


def luck(curves: Curves, goal: float, sizes: tuple[float, float], alt: str) -> Plot:
    """The lead of the panda over steps of all sizes, small to large, as `log_odds` draws them, on a logarithmic axis.

    goal: a lead. sizes: those at which the first and the second of the curves come down to it; an arrow joins them.
    """
    figure, ax = _along(curves)
    ax.set_xscale("log")
    ticks = [0.01, 0.1, 1, 10, 100]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xlabel("how far each value has moved (pixel values; each mark is ten times the one before)")
    _level(ax, 0, 0.008)
    first, second = sizes
    ax.annotate("", (second, goal), (first, goal), arrowprops={"arrowstyle": "->", "color": "black", "linewidth": 1.5})
    words = f"{first:g} or {second:g}: {second / first:.0f} times as far"
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.text(np.sqrt(first * second), goal, words, fontsize=9, ha="center", va="center", bbox=box)
    ax.set_xlim(0.008, 130)
    ax.set_ylim(-7.5, 15.5)
    ax.legend(frameon=False, fontsize=9, loc="lower left")
    return Plot(figure, alt)


def questions(leads: Sequence[float]) -> Plot:
    """The lead of the panda after a budget of 1 is spent in 1, 2, 3, … equal steps, each lead written at its dot."""
    figure, ((ax,),) = new_axes(6.6, 2.6)
    times = np.arange(1, len(leads) + 1)
    ax.plot(times, leads, markersize=5, **STYLES["steps"])
    words = [f"{value:z.1f}".replace("-", "−") for value in leads]
    for at, value, said in zip(times, leads, words, strict=True):
        ax.annotate(said, (at, value), xytext=(2, 5), textcoords="offset points", fontsize=9)
    ax.axhline(0, color="#555555", linewidth=1)
    ax.set_xticks(times)
    ax.set_xlabel("how many times we ask")
    ax.set_ylabel("lead of the panda")
    ax.margins(y=0.2)
    plain(ax)
    alt = f"The lead of the panda after 1 to {len(leads)} equal steps, which make 1 together: {', '.join(words)}."
    return Plot(figure, alt)


def flips(sizes: Numbers, signs: Numbers, coins: Numbers) -> Plot:
    """The share of the network's switches that flip over the size of a step: along the signs, and by coin tosses."""
    figure, ((ax,),) = new_axes(6.2, 2.7)
    for name, style, row in (("along the signs", "signs", signs), ("by coin tosses", "coins", coins)):
        ax.plot(sizes, row, markersize=4, **STYLES[style])
        ax.annotate(name, (sizes[-1], row[-1]), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("how far each value has moved (pixel values)")
    ax.set_ylabel("switches flipped")
    ax.set_ylim(0)
    plain(ax)
    ends = f"{signs[-1]:.1%} along the signs, {coins[-1]:.1%} by coin tosses"
    return Plot(figure, f"Switches flipped. At a step of {sizes[-1]:g}: {ends}.")


def times(ratios: Sequence[float]) -> Plot:
    """How many times as far luck must go as the gradient: a dot for each photograph, on a logarithmic axis."""
    figure, ((ax,),) = new_axes(6.6, 2.2)
    ordered = np.sort(ratios)
    ax.plot(ordered, np.arange(len(ordered)), "o", markersize=4, color=PALETTE[0])
    middle = float(np.median(ordered))
    ax.axvline(middle, color="#555555", linewidth=1)
    ax.annotate(
        f"half need more than {middle:.0f}", (middle, len(ordered)), (5, 0), textcoords="offset points", fontsize=9
    )
    ax.set_xscale("log")
    ax.set_xlim(5, 1000)
    ax.set_xticks([10, 100, 1000], ["10", "100", "1000"])
    ax.set_xlabel("how many times as far luck must go as the signs")
    ax.set_ylabel(f"{len(ordered)} photographs")
    ax.set_yticks([])
    plain(ax, grid=False)
    alt = f"Luck must go {ordered[0]:.0f} to {ordered[-1]:.0f} times as far; half need more than {middle:.0f}."
    return Plot(figure, f"{len(ordered)} photographs. {alt}")


def _along(curves: Curves) -> tuple[Figure, Axes]:
    """The leads of the panda over the size of a step."""
    figure, ((ax,),) = new_axes(6.6, 3.5)
    for name, (style, sizes, values) in curves.items():
        for i, row in enumerate(np.atleast_2d(values)):
            ax.plot(sizes, row, markersize=4, **STYLES[style], label=name if i == 0 else None)
    ax.set_ylabel("lead of the panda")
    ax.yaxis.set_major_locator(MultipleLocator(5))
    plain(ax)
    return figure, ax


def _level(ax: Axes, height: float, left: float) -> None:
    """A line at the lead where a panda is as likely as not."""
    ax.axhline(height, color="#999999", linewidth=1)
    for words, points, align in (("more likely a panda", 3, "bottom"), ("more likely something else", -3, "top")):
        offset: dict[str, Any] = {"xytext": (0, points), "textcoords": "offset points", "va": align}
        ax.annotate(words, (left, height), fontsize=9, color="#555555", **offset)


def winners(scores: Numbers, sizes: Numbers, finer: int = 8) -> tuple[Numbers, Numbers]:
    """The class that wins at each point of a plane, on a grid that is finer than the one measured.

    scores: the logits at each point measured (rows x columns x classes). sizes: how far those lie from the picture.
    Between them each logit is taken for straight in both directions. Returns (winners, their sizes).
    """
    from scipy.interpolate import RegularGridInterpolator  # it takes 50 MB, which other figures do not need

    fine = np.linspace(sizes[0], sizes[-1], finer * (len(sizes) - 1) + 1)
    between = RegularGridInterpolator((sizes, sizes), scores)
    rows = [between(np.column_stack([np.full_like(fine, y), fine])).argmax(axis=1) for y in fine]
    return np.array(rows), fine


def planes(
    winners: Sequence[Numbers],
    sizes: Numbers,
    labels: Sequence[str],
    *,
    axes: Sequence[tuple[str, str]],
    boxes: Sequence[float] = (),
    walks: Sequence[tuple[Numbers, Numbers] | None] = (),
    alt: str = "",
) -> Plot:
    """Maps of planes through a picture, each point coloured by the class that wins there.

    winners: for each plane, the winning class at each point (rows upwards, columns to the right). sizes: how far the
    points lie from the picture along either direction, in pixel values, evenly spaced. axes: for each plane, words for
    its two directions. boxes: the epsilons to draw. walks: for each plane, a walk's points (n x 2, to the right and
    upwards) and the class that wins at each, or None. Both directions hold nothing but +1 and -1 (and a few zeros), and
    where their signs agree the moves add up: in such a plane the L-infinity box is a diamond.
    """
    classes, points = np.unique(np.stack(winners), return_counts=True)
    classes = classes[np.argsort(-points, kind="stable")]
    place = {int(c): min(i, len(MAP)) for i, c in enumerate(classes)}
    figure, all_axes = new_axes(3.6 * len(winners) + 1.5, 3.8, len(winners))
    half = (sizes[1] - sizes[0]) / 2
    ends = (sizes[0] - half, sizes[-1] + half)
    for i, (ax, plane, (right, up)) in enumerate(zip(all_axes.flat, winners, axes, strict=True)):
        ax.imshow(
            np.vectorize(place.__getitem__)(plane),
            origin="lower",
            extent=(*ends, *ends),
            cmap=ListedColormap([*MAP, OTHER]),
            vmin=-0.5,
            vmax=len(MAP) + 0.5,
            interpolation="nearest",
        )
        for epsilon in boxes:
            _diamond(ax, epsilon)
        if i < len(walks) and (walk := walks[i]):
            colours = [[*MAP, OTHER][place.get(int(c), len(MAP))] for c in walk[1]]
            ax.plot(*walk[0].T, color="white", linewidth=1.5)
            ax.scatter(*walk[0].T, c=colours, edgecolor="white", linewidth=0.8, s=22, zorder=3)
        ax.plot(0, 0, "+", color="black", markersize=10, markeredgewidth=2, zorder=4)
        ax.set(xlim=ends, ylim=ends, xlabel=right, ylabel=up)
        ax.xaxis.set_major_locator(MultipleLocator(2))
        ax.yaxis.set_major_locator(MultipleLocator(2))
    names = [labels[c] for c in classes[: len(MAP)]] + ["other classes"] * (len(classes) > len(MAP))
    keys = [Patch(color=colour, label=name) for colour, name in zip([*MAP, OTHER], names, strict=False)]
    figure.legend(handles=keys, loc="outside right center", frameon=False, fontsize=9)
    return Plot(figure, alt or f"Maps of the winning classes: {', '.join(names)}.")


def _diamond(ax: Axes, epsilon: float) -> None:
    """The points of a plane of two directions of signs that lie in the box: |right| + |up| at most epsilon."""
    corners = [(epsilon, 0), (0, epsilon), (-epsilon, 0), (0, -epsilon)]
    ax.add_patch(Polygon(corners, fill=False, edgecolor="black", linewidth=1.2))
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.annotate(f"ε = {epsilon:g}", (-epsilon / 2, epsilon / 2), fontsize=8, ha="center", va="center", bbox=box)
