"""Lesson 8's figures: what a change leaves of a perturbation, and which tricks hold through which changes."""

import io
from collections.abc import Mapping, Sequence

from PIL import Image as Pillow

from tricknet.arrays import Numbers, Picture
from tricknet.evidence import Rate
from tricknet.networks.classifier import Prediction
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain
from tricknet.plots.frames import in_frame
from tricknet.plots.intervals import Mark, dumbbell, in_words, share_axis
from tricknet.plots.pictures import signed
from tricknet.plots.sheet import Box, Sheet, lay

LEG = slice(124, 212), slice(116, 204)  # rows and columns of the panda's leg
EYE = slice(84, 128), slice(20, 64)  # and of its face: a smaller part, to be enlarged more
KINDS = {  # of pictures
    "the photograph itself": Mark("|", "#000000", "#000000", size=13, edge=2.5),
    "plain tricks": Mark("D", PALETTE[5], PALETTE[5], size=7),
    "sturdy tricks": Mark("o", PALETTE[0], PALETTE[0]),
}


def grain(perturbation: Numbers, scale: float, where: tuple[slice, slice] = LEG) -> Picture:
    """A part of a perturbation (height x width x 3), as the mean of its colours: white is +scale, black -scale.

    It has 16 greys, which take half the bytes.
    """
    return signed(perturbation.mean(axis=2)[where], scale) // 16 * 17


def framed(
    pictures: Mapping[str, Picture],
    predictions: Sequence[Prediction],
    *,
    target: str,
    columns: int,
    notes: Sequence[str] = (),
) -> Sheet:
    """Small pictures in frames: whole and green where the first answer is the target, otherwise broken.

    pictures: each after the change that it is named after. They are scaled, so they claim nothing about their pixels.
    notes: a line for each, or none.
    """
    names = [prediction.best.name for prediction in predictions]
    words = [f"{change}\n{name}" for change, name in zip(pictures, names, strict=True)]
    words = [f"{word}\n{note}" for word, note in zip(words, notes, strict=True)] if notes else words
    small = [in_frame(picture, name == target) for picture, name in zip(pictures.values(), names, strict=True)]
    paper, boxes = lay(small, words, columns=columns, gap=12)
    alt = "; ".join(line.replace("\n", ", ") for line in words)
    return Sheet([paper], [boxes], f"The panda after {len(names)} changes: {alt}.")


def saved(
    picture: Picture, prediction: Prediction, perturbation: Numbers, *, quality: int, curve: Mapping[int, float]
) -> Sheet:
    """A JPEG of one quality: the picture, what is left of the perturbation, and where it lies on the curve.

    perturbation: what is left of it, height x width x 3. curve: the probability of vulture at each quality.
    """
    parts = [
        lay([picture], [f"JPEG, quality {quality}\n{prediction}"]),
        lay([grain(perturbation, 2)], ["what is left on the leg,\nmagnified"], enlarge=2),
    ]
    chart = _curve(curve, quality, parts[0][0].height)
    paper = Pillow.new("RGB", (sum(part.width for part, _ in parts) + chart.width, parts[0][0].height), "white")
    boxes, left = [], 0
    for part, (box,) in parts:
        paper.paste(part, (left, 0))
        boxes.append(Box(left + box.left, box.top, box.width, box.height, box.enlarge, box.caption))
        left += part.width
    paper.paste(chart, (left, 0))
    alt = f"The panda saved as JPEG of quality {quality}: {prediction}. On the right, the curve over all qualities."
    return Sheet([paper], [boxes], alt)


def _curve(curve: Mapping[int, float], quality: int, height: int) -> Pillow.Image:
    """The probability of vulture over the quality, with a dot at one of them."""
    figure, ((ax,),) = new_axes(4.6, height / 100)
    ax.plot(list(curve), list(curve.values()), color=PALETTE[5], linewidth=2)
    ax.plot([quality], [curve[quality]], "o", ms=10, color=PALETTE[5], clip_on=False, zorder=3)
    ax.set_ylim(-0.03, 1.03)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel("quality of the JPEG")
    ax.set_ylabel("probability of vulture")
    plain(ax)
    figure.savefig(buffer := io.BytesIO(), dpi=100, facecolor="white")
    return Pillow.open(buffer).convert("RGB")


def counts(panels: Mapping[str, Mapping[str, Mapping[str, Rate]]], *, xlabel: str, alt: str) -> Plot:
    """Panels side by side, in each a row per change, as in `transfer.dumbbells`: the share that held of each kind.

    panels: {panel: {change: {kind in KINDS: rate}}}, all with the same changes and kinds.
    """
    changes = list(next(iter(panels.values())))
    figure, (axes,) = new_axes(8.6, 1.2 + 0.34 * len(changes), columns=len(panels))
    for ax, (panel, rows) in zip(axes, panels.items(), strict=True):
        for y, kinds in enumerate(rows.values()):
            dumbbell(ax, y, kinds, [KINDS[kind] for kind in kinds], named=y == 0)
        ax.set_title(panel, fontsize=11)
        ax.set_ylim(len(changes) - 0.5, -0.6)
        share_axis(ax, changes if ax is axes[0] else [""] * len(changes), xlabel, grid="#eeeeee")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=len(KINDS), frameon=False)
    return Plot(figure, f"{alt} {'; '.join(f'{panel}, {in_words(rows)}' for panel, rows in panels.items())}.")
