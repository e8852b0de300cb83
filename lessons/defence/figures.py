"""Lesson 13's figures: gradients, some of them empty, photographs that stand or fall, and flags."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.frames import FAILS, HOLDS, in_frame
from tricknet.plots.pictures import signed
from tricknet.plots.sheet import Sheet, lay

CUP = slice(60, 156), slice(64, 160)  # rows and columns of the coffee cup


def gradients(slopes: Mapping[str, Numbers], alt: str, *, columns: int = 4, where: tuple[slice, slice] = CUP) -> Sheet:
    """A part of each gradient (height x width x 3), as the mean of its colours, each pixel as four: grey is zero.

    White and black are the largest 2% of the values. There are 16 greys, which take half the bytes.
    """
    grains = []
    for slope in slopes.values():
        grain = slope.mean(axis=2)[where]
        grains.append(signed(grain, float(np.percentile(np.abs(grain), 98))) // 16 * 17)
    paper, boxes = lay(grains, list(slopes), enlarge=2, columns=columns)
    return Sheet([paper], [boxes], alt)


def stood(pictures: Sequence[Picture], words: Sequence[str], stands: Sequence[bool], *, columns: int = 4) -> Sheet:
    """Photographs in frames: whole and green where the defence stood, otherwise broken.

    They are scaled, so they claim nothing about their pixels.
    """
    framed = [in_frame(picture, stand, 150) for picture, stand in zip(pictures, stands, strict=True)]
    paper, boxes = lay(framed, list(words), columns=columns, gap=12)
    descriptions = "; ".join(word.replace("\n", ", ") for word in words)
    return Sheet([paper], [boxes], f"Photographs in frames, green where the defence stood: {descriptions}.")


def thirty(rows: Mapping[str, Sequence[bool]], title: str = "", alt: str = "") -> Plot:
    """A row of squares for each attack, one for each photograph: green and whole if it stands, orange and crossed if
    not. All rows have the photographs in the same order.
    """
    many = len(next(iter(rows.values())))
    figure, ((ax,),) = new_axes(8.6, 0.5 + 0.42 * len(rows))
    for y, stands in enumerate(rows.values()):
        for x, stand in enumerate(stands):
            box = FancyBboxPatch((x + 0.1, y - 0.4), 0.8, 0.8, boxstyle="square,pad=0", color=HOLDS if stand else FAILS)
            ax.add_patch(box)
            if not stand:
                ax.plot([x + 0.3, x + 0.7], [y - 0.2, y + 0.2], color="white", linewidth=1.2)
                ax.plot([x + 0.3, x + 0.7], [y + 0.2, y - 0.2], color="white", linewidth=1.2)
        ax.text(many + 0.4, y, f"{sum(stands)} of {many}", va="center")
    ax.set_xlim(0, many)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_title(title, fontsize=11)
    words = "; ".join(f"{name}: {sum(stands)} of {many} stand" for name, stands in rows.items())
    return Plot(figure, f"{alt} {words}.".strip())


def along(
    near: Numbers,
    far: Numbers,
    stairs: tuple[Numbers, Numbers],
    smooth: tuple[Numbers, Numbers],
    *,
    xlabel: str,
    ylabel: str,
    alt: str,
) -> Plot:
    """Two curves, close up on the left and from afar on the right, where a box is around what the left one shows.

    near, far: the places along the line. stairs: the defended network's values there, of which the gradient says that
    they stay the same. smooth: the bare network's.
    """
    figure, ((left, right),) = new_axes(8.6, 3.1, 2)
    for ax, xs, closely in ((left, near, True), (right, far, False)):
        ax.plot(xs, smooth[not closely], color=PALETTE[6], linewidth=2, label="no defence")
        steps = "steps-post" if closely else "default"
        ax.plot(xs, stairs[not closely], color=PALETTE[0], linewidth=2, drawstyle=steps, label="behind JPEG")
        ax.set_title("close up" if closely else "from afar", fontsize=11)
        ax.set_xlabel(xlabel)
        ax.set_xlim(xs[0], xs[-1])
        plain(ax)
    left.plot(near, np.full(len(near), stairs[0][0]), "--", color=PALETTE[5], label="what JPEG's gradient says")
    left.legend(frameon=False, loc="upper left")
    left.set_ylabel(ylabel)
    _mark(right, near, np.concatenate([stairs[0], smooth[0]]))
    return Plot(figure, alt)


def _mark(ax: Axes, xs: Numbers, ys: Numbers) -> None:
    """A small box around the curves' beginning."""
    low, high = float(np.min(ys)), float(np.max(ys))
    room = 0.04 * float(np.ptp(ax.get_ylim()))
    box = FancyBboxPatch((xs[0], low - room), xs[-1], high - low + 2 * room, boxstyle="square,pad=0")
    box.set(fill=False, edgecolor=PALETTE[5], linewidth=1.5, clip_on=False)
    ax.add_patch(box)


def flags(raised: Mapping[str, Mapping[str, int]], many: int, *, proofs: Sequence[str], alt: str) -> Plot:
    """A table of evaluations (rows) and flags (columns): the darker, the more of `many` photographs raised it.

    proofs: the flags that prove something.
    """
    names = list(next(iter(raised.values())))
    figure, ((ax,),) = new_axes(8.6, 1.0 + 0.36 * len(raised))
    counts = np.array([list(counts_of.values()) for counts_of in raised.values()])
    ax.imshow(counts / many, cmap="Oranges", vmin=0, vmax=1.2, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        dark = "white" if count > many / 2 else "black"
        ax.text(column, row, count or "·", ha="center", va="center", color=dark, weight="bold" if count else "normal")
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(names)), [name.replace(" ", "\n", 1) for name in names], fontsize=9)
    for label, name in zip(ax.get_xticklabels(), names, strict=True):
        label.set_color(FAILS if name in proofs else "black")
    ax.set_yticks(range(len(raised)), list(raised))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for edge in range(2, len(raised), 2):
        ax.axhline(edge - 0.5, color="white", linewidth=4)
    words = "; ".join(
        f"{row}: " + (", ".join(f"{name} {count}" for name, count in counts_of.items() if count) or "none")
        for row, counts_of in raised.items()
    )
    return Plot(figure, f"{alt} {words}.".strip())
