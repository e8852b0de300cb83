"""Lesson 11's figures: who is fooled by whose trick, a patch of a perturbation, and angles between gradients."""

from collections.abc import Mapping, Sequence
from itertools import count

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from PIL import Image as Pillow
from PIL import ImageDraw

from tricknet import Classifier, plots
from tricknet.arrays import Numbers, Picture
from tricknet.colours import BLUE, grey
from tricknet.counting import Row, interval
from tricknet.plots.charts import ACCENT, Plot, new_axes
from tricknet.plots.intervals import key, row_axes
from tricknet.plots.sheet import INK, Box, Sheet, font, wrap

FRAME = 7  # pixels
FACE, SHOULDER = np.s_[82:138, 18:74], np.s_[0:112, 60:172]  # of the panda: squares, whose sides divide 224


def grid(pictures: Mapping[str, Picture], judges: Sequence[Classifier], target: str) -> Sheet:
    """A row of equal pictures for each maker, and a column for each network that judges them, with its answer.

    pictures: maker -> its picture (uint8, 224 x 224 x 3). A thick frame says that the judge was fooled: that its first
    answer is the target.
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
            fooled = prediction.best.name == target
            edge, colour = (FRAME, ACCENT) if fooled else (1, grey(9))
            draw.rectangle((at - edge, top - edge, at + side + edge - 1, top + side + edge - 1), colour)
            paper.paste(Pillow.fromarray(picture), (at, top))
            caption = str(prediction)
            draw.text((at + side // 2, top - FRAME - 6), caption, ACCENT if fooled else INK, font(14), "ms")
            boxes.append(Box(at, top, side, side, 1, caption))
            descriptions.append(f"made on {maker}, shown to {judge.name}: {caption}")
    for column, judge in enumerate(judges):
        middle = left + column * wide + FRAME + side // 2
        draw.text((middle, 16), f"shown to {judge.name}", INK, font(15), "ms")
    return Sheet([paper], [boxes], f"{'; '.join(descriptions)}.", by=list(judges) * len(pictures))


def patch(change: Numbers, at: tuple[slice, slice] = FACE, scale: float | None = None) -> Picture:
    """A part of a perturbation or a gradient (224 x 224, or x 3), as large as the whole, and grey where it is 0.

    at: rows and columns. scale: what is white (and minus what is black); default: what one value in a hundred exceeds.
    """
    part = change[at]
    large = 224 // len(part)
    return plots.signed(part, scale or np.quantile(np.abs(part), 0.99)).repeat(large, axis=0).repeat(large, axis=1)


def agreement(pairs: Mapping[str, tuple[Numbers, Numbers]]) -> Plot:
    """Two gradients of the panda's face, where they agree (blue) and disagree (orange), and their angle, drawn.

    pairs: a row each, the gradients' names, joined by " and " -> the two (224 x 224 x 3). Where a colour is strong, the
    product of the two is large. The angle and the shares are of the whole picture.
    """
    figure, axes = new_axes(2.6 * len(pairs), 4, len(pairs), width=7.5)
    colours, words = LinearSegmentedColormap.from_list("", [ACCENT, "white", BLUE]), []
    for row, (names, two) in zip(axes, pairs.items(), strict=True):
        products = two[0] * two[1]
        shown = np.cbrt(products.sum(axis=2)[FACE])
        together = products[products > 0].sum() / np.abs(products).sum()
        angle = np.arccos(products.sum() / np.linalg.norm(two[0]) / np.linalg.norm(two[1]))
        for ax, name, gradient in zip(row, names.split(" and "), two, strict=False):
            ax.imshow(patch(gradient.mean(axis=2)), "gray")
            ax.set_title(name.replace(", ", ",\n"), fontsize=14)
        strong = np.quantile(np.abs(shown), 0.97)
        row[2].imshow(shown, colours, vmin=-strong, vmax=strong)
        row[2].set_title(f"{together:.1%} for,\n{1 - together:.1%} against", fontsize=14)
        for turn in (0, angle):
            row[3].annotate("", (np.cos(turn), np.sin(turn)), (0, 0), arrowprops={"arrowstyle": "->", "linewidth": 2})
        row[3].set(xlim=(-0.4, 1.2), ylim=(-0.3, 1.3), aspect=1)
        row[3].text(0.3, 0.85, f"{np.degrees(angle):.1f}°", fontsize=14)
        for ax in row:
            ax.set_axis_off()
        words.append(f"{names}: {together:.1%} for, {1 - together:.1%} against, {np.degrees(angle):.1f}°")
    return Plot(figure, f"Two gradients, where they agree, and their angle. {'; '.join(words)}.")


def angles(rows: Sequence[Row]) -> Plot:
    """The rows of the table angles: a dot for each photograph, and the mean with its 95% interval."""
    pairs, words = list(dict.fromkeys(row["networks"] for row in rows)), []
    figure, (ax,), tops = row_axes(pairs, 3)
    kinds = [("as they are", "plain", "cosine"), ("wobbled", "wobbled", "cosine")]
    kinds += [("wobbled, but one upside down", "wobbled", "control")]
    for top, pair in zip(tops, pairs, strict=True):
        for y, (kind, gradient, column), colour in zip(count(top), kinds, (BLUE, ACCENT, grey(9)), strict=False):
            cosines = [one[column] for one in rows if (one["networks"], one["gradient"]) == (pair, gradient)]
            mean, high, low = np.degrees(np.arccos([np.mean(cosines), *interval(cosines)]))
            ax.plot(np.degrees(np.arccos(cosines)), [y - 0.3] * len(cosines), ".", color=colour, alpha=0.25)
            ax.plot([low, high], [y, y], color=colour, linewidth=3, solid_capstyle="butt", label=kind)
            ax.plot(mean, y, "|", color=colour, markersize=9, markeredgewidth=2)
            words.append(f"{pair}, {kind}: {mean:.1f}° ({low:.1f} to {high:.1f})")
    ax.axvline(90, color=grey(6), linewidth=0.8, zorder=0)
    ax.xaxis.set_major_formatter("{x:.0f}°")
    ax.set_xlabel(f"angle between two gradients:\n{len(cosines)} held-out photographs, means with 95% intervals")
    key(ax, len(kinds))
    return Plot(figure, f"Mean angles over {len(cosines)} held-out photographs: {'; '.join(words)}.")
