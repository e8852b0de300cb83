"""Lesson 14's figures: training while it goes on, accuracy against epsilon, and the same walks on two networks."""

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from tricknet.arrays import Numbers, Picture
from tricknet.evidence import Rate
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.pictures import signed
from tricknet.plots.sheet import INK, Box, Sheet, checked, font, lay
from tricknet.topics.learn import Moment

COLOURS = [PALETTE[5], PALETTE[0], PALETTE[2], PALETTE[6]]


def progress(moments: Sequence[Moment]) -> Plot:
    """Loss and accuracy over the steps of training, so far."""
    figure, ((left, right),) = new_axes(8, 2.8, 2)
    steps = [moment.step for moment in moments]
    left.plot(steps, [moment.loss for moment in moments], color=PALETTE[0], linewidth=2)
    left.set_ylabel("loss")
    left.set_ylim(bottom=0)
    for name, colour, values in (
        ("pictures it learns from", PALETTE[0], [moment.right for moment in moments]),
        ("test pictures", PALETTE[5], [moment.tested for moment in moments]),
    ):
        right.plot(steps, values, color=colour, linewidth=2, label=name)
    right.set_ylabel("share of right answers")
    right.set_ylim(0, 1)
    right.yaxis.set_major_formatter("{x:.0%}")
    right.legend(loc="lower right", frameon=False)
    for ax in (left, right):
        ax.set_xlabel("step")
        plain(ax)
    last = moments[-1]
    return Plot(
        figure,
        f"After {last.step} steps the loss is {last.loss:.2f}, and {last.tested:.1%} of the test pictures are right.",
    )


def lines(
    found: Mapping[str, Mapping[float, Rate]], xlabel: str, ylabel: str, alt: str, *, dashed: Sequence[str] = ()
) -> Plot:
    """One line for each name: shares with their 95% intervals, against a number such as epsilon or the step."""
    figure, ((ax,),) = new_axes(7.5, 3.6)
    for (name, rates), colour in zip(found.items(), COLOURS, strict=False):
        xs, shares = list(rates), [rate.share for rate in rates.values()]
        ax.fill_between(
            xs, [r.low for r in rates.values()], [r.high for r in rates.values()], color=colour, alpha=0.2, linewidth=0
        )
        style = "--" if name in dashed else "-"
        ax.plot(xs, shares, "o" + style, color=colour, linewidth=2, markersize=4, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.legend(frameon=False)
    plain(ax)
    said = "; ".join(
        f"{name}: " + ", ".join(f"{r.share:.0%} at {x:g}" for x, r in rates.items()) for name, rates in found.items()
    )
    return Plot(figure, f"{alt} {said}.")


def walks(
    starts: Sequence[Picture],
    targets: Sequence[str],
    ends: Mapping[str, Sequence[Sequence[Picture]]],
    alt: str,
    *,
    enlarge: int = 2,
    gap: int = 6,
) -> Sheet:
    """A table of pictures for each network: a row for each start, with the start first, and a column for each target.

    starts: uint8, 28 x 28 x 1. ends: for each network ends[network][row][column].
    """
    cell = starts[0].shape[0] * enlarge + gap
    head, letters = 44, font(11)
    wide = cell * (len(targets) + 1) + 10
    paper = Pillow.new("RGB", (wide * len(ends) + 16 * (len(ends) - 1), head + cell * len(starts)), "white")
    draw, boxes = ImageDraw.Draw(paper), []
    for panel, (name, rows) in enumerate(ends.items()):
        left = panel * (wide + 16)
        draw.text((left + wide // 2, 14), name, INK, font(15), anchor="ms")
        for column, word in enumerate(["start", *targets]):
            middle = left + column * cell + (10 if column else 0) + (cell - gap) // 2
            draw.text((middle, 36), word, INK, letters, anchor="ms")
            for row, start in enumerate(starts):
                picture = rows[row][column - 1] if column else start
                box = Box(left + column * cell + (10 if column else 0), head + row * cell, 28, 28, enlarge)
                (rgb,) = checked(picture)
                large = rgb.repeat(enlarge, axis=0).repeat(enlarge, axis=1)
                paper.paste(Pillow.fromarray(large), (box.left, box.top))
                boxes.append(box)
    return Sheet([paper], [boxes], alt)


def slopes_of_loss(at: Numbers, losses: Mapping[str, Numbers], epsilon: float, alt: str) -> Plot:
    """The loss on each network along a line through a picture. The box is shaded; its worst points are marked."""
    figure, ((ax,),) = new_axes(7, 3.2)
    inside = np.abs(at) <= epsilon
    ax.axvspan(-epsilon, epsilon, color="#eeeeee")
    for (name, curve), colour in zip(losses.items(), COLOURS, strict=False):
        ax.plot(at, curve, color=colour, linewidth=2, label=name)
        worst = np.flatnonzero(inside)[np.argmax(np.asarray(curve)[inside])]
        ax.plot(at[worst], curve[worst], "o", color=colour)
        ax.text(at[worst], curve[worst], f"{curve[worst]:.1f}  ", color=colour, ha="right", va="bottom")
    ax.set_xlabel("how far every value moves (pixel values)")
    ax.set_ylabel("loss")
    ax.set_xlim(at[0], at[-1])
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, loc="upper left")
    plain(ax)
    return Plot(figure, alt)


def gradients(pictures: Sequence[Picture], slopes: Mapping[str, Numbers], alt: str, *, enlarge: int = 4) -> Sheet:
    """The pictures in the first row, and below them each network's gradients. Grey is zero; the largest 2% of each
    gradient's values are black or white.
    """
    rows = list(pictures)
    for of_one in slopes.values():
        rows += [signed(slope, float(np.percentile(np.abs(slope), 98))) for slope in of_one]
    names = ["", *slopes]
    captions = [names[i // len(pictures)] if i % len(pictures) == 0 else "" for i in range(len(rows))]
    paper, boxes = lay(checked(rows), captions, enlarge=enlarge, columns=len(pictures))
    return Sheet([paper], [boxes], alt)
