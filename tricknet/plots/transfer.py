"""Who is fooled by whose trick, and at what price: lesson 9."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import ScalarFormatter

from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

type Cells = Mapping[tuple[str, str], tuple[Rate, Rate]]  # (made on, shown to) -> (the trick, its control)


def matrix(panels: Mapping[str, Cells], alt: str = "") -> Plot:
    """One square of cells per panel: rows say where a trick was made, columns to whom it was shown.

    A cell is as dark as its share, and holds "k of n", the interval in per cent, and the control's k.
    """
    figure, axes = new_axes(2.5 * len(panels) + 0.9, 3, len(panels))
    said = []
    for ax, (title, cells) in zip(axes.flat, panels.items(), strict=True):
        networks = list(dict.fromkeys(maker for maker, _ in cells))
        shares = [[cells[maker, judge][0].share for judge in networks] for maker in networks]
        ax.imshow(shares, cmap="Blues", vmin=0, vmax=1.25)
        for (maker, judge), (rate, control) in cells.items():
            x, y = networks.index(judge), networks.index(maker)
            ink = "white" if rate.share > 0.7 else "black"
            ax.text(x, y - 0.2, f"{rate.k} of {rate.n}", ha="center", va="center", color=ink, fontsize=10)
            ax.text(x, y + 0.08, f"{rate.low:.0%} to {rate.high:.0%}", ha="center", va="center", color=ink, fontsize=7)
            ax.text(x, y + 0.32, f"control {control.k}", ha="center", va="center", color=ink, fontsize=8)
            said.append(f"{title}, made on {maker}, shown to {judge}: {rate.k} of {rate.n}, control {control.k}")
        names = [name.replace("Net", "\nNet") if len(name) > 10 else name for name in networks]
        ax.set_xticks(range(len(networks)), names, fontsize=7.5)
        ax.set_yticks(range(len(networks)), names if ax is axes.flat[0] else [], fontsize=7.5)
        ax.tick_params(length=0, top=True, bottom=False, labeltop=True, labelbottom=False)
        ax.set_title(f"{title}, shown to", fontsize=10)
        ax.set_ylabel("made on" if ax is axes.flat[0] else "")
        ax.spines[:].set_visible(False)
        for edge in range(1, len(networks)):
            ax.axhline(edge - 0.5, color="white", linewidth=2)
            ax.axvline(edge - 0.5, color="white", linewidth=2)
    return Plot(figure, f"{alt} {'; '.join(said)}.".strip())


def price(needed: Mapping[str, Sequence[int]], most: Mapping[str, int], xlabel: str = "", alt: str = "") -> Plot:
    """The share of pictures that an attack has fooled after so many questions, on a logarithmic axis.

    needed: attack -> how many each picture took, 0 for never. most: attack -> where it gave up.
    """
    figure, ((ax,),) = new_axes(7.5, 3.2)
    said = []
    for (name, counts), colour in zip(needed.items(), PALETTE[5::-5] + PALETTE[6:], strict=False):
        paid, n = np.sort([count for count in counts if count]), len(counts)
        x = [1, *paid, most[name]]
        y = [0, *(np.arange(1, len(paid) + 1) / n), len(paid) / n]
        ax.step(x, y, where="post", color=colour, linewidth=2)
        ax.plot(x[-1], y[-1], "o", color=colour)
        ax.annotate(f"{name}: {len(paid)} of {n}", (x[-1], y[-1]), (6, 0), textcoords="offset points", color=colour)
        said.append(f"{name}: {len(paid)} of {n} after {most[name]}")
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.set_xlim(1, 8 * max(most.values()))
    ax.set_xticks([1, 3, 10, 30, 100, 300, 1000])
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylim(-0.03, 1.06)
    ax.set_ylabel("pictures fooled")
    ax.set_xlabel(xlabel)
    plain(ax)
    return Plot(figure, f"{alt} {'; '.join(said)}.".strip())
