"""Lesson 15's figures: one dot for each trained network, where a mark works, and clouds of activations."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tricknet.arrays import Numbers
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.intervals import share_axis

type Points = Mapping[str, Sequence[float]]  # {row: a share for each network}


def seeds(
    panels: Mapping[str, Points],
    alt: str,
    *,
    faint: Sequence[str] = (),
    close_up: Mapping[str, tuple[float, float]] | None = None,
) -> Plot:
    """Charts side by side, with a row for each setting and in it a dot for each network that was trained that way.

    panels: {what is counted: {setting: shares, 0..1}}; every panel has the same settings. faint: the controls among
    them, in grey. The range is written beside the dots. close_up: {what is counted: the ends of its axis}, if those
    aren't 0 and 1.
    """
    rows = list(next(iter(panels.values())))
    figure, (axes,) = new_axes(9.5 if len(panels) > 1 else 7.5, 0.8 + 0.32 * len(rows), len(panels))
    descriptions = []
    for ax, (title, shares_of) in zip(axes, panels.items(), strict=True):
        for row, (name, shares) in enumerate(shares_of.items()):
            colour = PALETTE[6] if name in faint else PALETTE[5]
            ax.plot(shares, [row] * len(shares), "o", color=colour, markersize=6, alpha=0.7, clip_on=False)
            words = f"{min(shares):.1%} to {max(shares):.1%}" if len(shares) > 1 else f"{shares[0]:.1%}"
            ax.text(1.02, row, words, fontsize=8, va="center", transform=ax.get_yaxis_transform())
            descriptions.append(f"{title}, {name}: {words}")
        ax.set_ylim(len(rows) - 0.5, -0.5)
        share_axis(ax, rows if ax is axes[0] else [""] * len(rows), title)
        if close_up and title in close_up:
            ax.set_xlim(*close_up[title])
    return Plot(figure, f"{alt} {'; '.join(descriptions)}.")


def places(panels: Mapping[str, Numbers], side: int, learnt: tuple[int, int], alt: str) -> Plot:
    """Maps of where a square mark works. panels: {title: shares, a row for each top edge, a column for each left edge}.

    side: of the mark, in pixels. learnt: the top and left edge that it had in training, which gets an arrow.
    """
    figure, (axes,) = new_axes(4 * len(panels) + 1, 3.8, len(panels))
    for ax, (title, shares) in zip(axes, panels.items(), strict=True):
        drawn = ax.imshow(shares, cmap="Oranges", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title=title, xlabel=f"left edge of the {side} × {side} mark")
    top, left = learnt
    axes[0].annotate("learnt here", (left, top), (left - 12, top - 9), arrowprops={"arrowstyle": "->"})
    axes[0].set_ylabel("its top edge")
    figure.colorbar(drawn, ax=axes, format="{x:.0%}", label="clothes that are bags")
    return Plot(figure, alt)


def clouds(panels: Mapping[str, tuple[Numbers, npt.NDArray[np.bool_]]], names: tuple[str, str], alt: str) -> Plot:
    """Charts side by side, each with a dot per picture. panels: {title: (n x 2 places, which have the second name)}."""
    figure, (axes,) = new_axes(4.4 * len(panels), 3.6, len(panels))
    for ax, (title, (at, second)) in zip(axes, panels.items(), strict=True):
        for name, inside, colour in zip(names, (~second, second), (PALETTE[4], PALETTE[5]), strict=True):
            ax.plot(*at[inside].T, ".", color=colour, markersize=4, label=name)
        ax.set(title=title, xticks=[], yticks=[])
        plain(ax, grid=False)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return Plot(figure, alt)
