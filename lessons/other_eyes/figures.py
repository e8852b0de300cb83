"""Who is fooled by whose trick, and at what price: lesson 10."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import ScalarFormatter
from PIL import Image as Pillow
from PIL import ImageDraw

from tricknet.arrays import Picture
from tricknet.evidence import Rate
from tricknet.networks.classifier import Classifier
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes, plain
from tricknet.plots.intervals import Mark, dumbbell, in_words, share_axis
from tricknet.plots.sheet import INK, Box, Sheet, font, wrap

FRAME = 7  # pixels
MARKS = [Mark("o", "#000000", "white"), Mark("D", PALETTE[0], PALETTE[0]), Mark("o", ACCENT, ACCENT)]


def grid(
    pictures: Mapping[str, Picture],
    judges: Sequence[Classifier],
    *,
    target: str,
    less_like: bool = False,
    alt: str = "",
) -> Sheet:
    """A row of equal pictures for each maker, and a column for each network that judges them, with its answer.

    pictures: maker -> its picture (uint8, 224 x 224 x 3). A thick frame says that the judge was fooled: that its first
    answer is the target or, with less_like, anything else.
    """
    side, left, head, words, gap = 224, 108, 30, 26, 14
    wide, tall = side + 2 * FRAME + gap, side + 2 * FRAME + words + gap
    paper = Pillow.new("RGB", (left + wide * len(judges), head + tall * len(pictures)), "white")
    draw, boxes, descriptions = ImageDraw.Draw(paper), [], []
    for row, (maker, picture) in enumerate(pictures.items()):
        top = head + row * tall + words + FRAME
        lines = ["made on", *wrap(maker.replace("-Lite0", "- Lite0"), left - 12, font(14))]
        draw.multiline_text((0, top + side // 2), "\n".join(lines).replace("- ", "-"), INK, font(14), "lm")
        for column, judge in enumerate(judges):
            at = left + column * wide + FRAME
            prediction = judge.predict(picture)
            fooled = (prediction.best.name == target) != less_like
            edge, colour = (FRAME, ACCENT) if fooled else (1, "#999999")
            draw.rectangle((at - edge, top - edge, at + side + edge - 1, top + side + edge - 1), colour)
            paper.paste(Pillow.fromarray(picture), (at, top))
            caption = str(prediction)
            draw.text((at + side // 2, top - FRAME - 6), caption, ACCENT if fooled else INK, font(14), "ms")
            boxes.append(Box(at, top, side, side, 1, caption))
            descriptions.append(f"made on {maker}, shown to {judge.name}: {caption}")
    for column, judge in enumerate(judges):
        middle = left + column * wide + FRAME + side // 2
        draw.text((middle, 16), f"shown to {judge.name}", INK, font(15), "ms")
    return Sheet([paper], [boxes], f"{alt} {'; '.join(descriptions)}.".strip(), by=list(judges) * len(pictures))


def dumbbells(rows: Mapping[str, Mapping[str, Rate]], xlabel: str = "", alt: str = "") -> Plot:
    """One line per row, on it a mark per series: its share, with the 95% interval above it and "k of n" at the right.

    rows: {row: {series: rate}}; every row has the same series, at most three, of which the first is the control.
    """
    series = list(next(iter(rows.values())))
    figure, ((ax,),) = new_axes(8.2, 1.1 + 0.46 * len(rows))
    for y, rates in enumerate(rows.values()):
        dumbbell(ax, y, rates, MARKS, named=y == 0)
        for at, (rate, mark) in enumerate(zip(rates.values(), MARKS, strict=False)):
            ax.text(1.05 + 0.145 * at, y, f"{rate.k} of {rate.n}", color=mark.colour, fontsize=9, va="center")
    ax.set_ylim(len(rows) - 0.5, -0.6)
    share_axis(ax, list(rows), xlabel, grid="#eeeeee")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(series), frameon=False)
    return Plot(figure, f"{alt} {in_words(rows)}.".strip())


def price(needed: Mapping[str, Sequence[int]], most: Mapping[str, int], xlabel: str = "", alt: str = "") -> Plot:
    """The share of pictures that an attack has fooled after so many questions, on a logarithmic axis.

    needed: attack -> how many each picture took, 0 for never. most: attack -> where it gave up.
    """
    figure, ((ax,),) = new_axes(7.5, 3.2)
    descriptions = []
    for (name, counts), colour in zip(needed.items(), PALETTE[5::-5] + PALETTE[6:], strict=False):
        paid, n = np.sort([count for count in counts if count]), len(counts)
        x = [1, *paid, most[name]]
        y = [0, *(np.arange(1, len(paid) + 1) / n), len(paid) / n]
        ax.step(x, y, where="post", color=colour, linewidth=2)
        ax.plot(x[-1], y[-1], "o", color=colour, clip_on=False)
        words = f"{name}: {len(paid)} of {n}"
        ax.annotate(words, (x[-1], y[-1]), (8, 0), textcoords="offset points", color=colour, va="center")
        descriptions.append(f"{words} after {most[name]}")
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.set_xlim(1, max(most.values()))
    ax.set_xticks([1, 3, 10, 30, 100, 300])
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_ylim(-0.03, 1.06)
    ax.set_ylabel("pictures fooled")
    ax.set_xlabel(xlabel)
    plain(ax)
    return Plot(figure, f"{alt} {'; '.join(descriptions)}.".strip())
