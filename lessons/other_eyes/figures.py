"""Lesson 10's figures: who is fooled by whose trick, a patch of a perturbation, and where two gradients agree."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from PIL import ImageDraw

from tricknet import Classifier, plots
from tricknet.arrays import Numbers, Picture
from tricknet.plots.charts import ACCENT, PALETTE, Plot, new_axes
from tricknet.plots.sheet import Sheet, lay

FRAME = 5  # pixels
FACE, SHOULDER = np.s_[82:138, 18:74], np.s_[0:112, 60:172]  # of the panda: squares, whose sides divide 224


def grid(pictures: Mapping[str, Picture], judges: Sequence[Classifier], target: str) -> Sheet:
    """A row of equal pictures for each maker, and a column for each network that judges them, with its answer.

    pictures: maker -> its picture (uint8, 224 x 224 x 3). A thick frame says that the judge was fooled: that its first
    answer is the target.
    """
    shown = [(maker, judge, judge.predict(picture)) for maker, picture in pictures.items() for judge in judges]
    captions = [f"made on {maker},\nshown to {judge.name}:\n{prediction}" for maker, judge, prediction in shown]
    each = [picture for picture in pictures.values() for _ in judges]
    paper, boxes = lay(each, captions, columns=len(judges), gap=4 * FRAME)
    for box, (_, _, prediction) in zip(boxes, shown, strict=True):
        if prediction.best.name == target:
            left, top, right, bottom = box.left, box.top, box.left + box.width - 1, box.top + box.height - 1
            around = (left - FRAME, top - FRAME, right + FRAME, bottom + FRAME)
            ImageDraw.Draw(paper).rectangle(around, outline=ACCENT, width=FRAME)
    return Sheet([paper], [boxes], f"{'; '.join(captions)}.".replace("\n", " "), by=[judge for _, judge, _ in shown])


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
    colours, words = LinearSegmentedColormap.from_list("", [ACCENT, "white", PALETTE[0]]), []
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
