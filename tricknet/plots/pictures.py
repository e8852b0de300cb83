"""Exact pictures: what the network was shown, what was added to it, and what its gradient looks like."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from tricknet import Classifier, Prediction, Trick
from tricknet.arrays import Numbers, Picture
from tricknet.colours import GREEN, RED, grey
from tricknet.networks.objectives import Target
from tricknet.plots.charts import ACCENT, PLAIN
from tricknet.plots.sheet import INK, Box, Sheet, font, lay, list_pictures, wrap


def show(
    pictures: Any,
    titles: str | Prediction | Iterable[str | Prediction] = (),
    alt: str = "",
    *,
    enlarge: int = 1,
    columns: int | None = None,
    size: int = 14,
    by: Classifier | Sequence[Classifier] | None = None,
) -> Sheet:
    """One picture, or several side by side, each with its title, pixel for pixel.

    pictures: uint8, height x width x 3 (or x 1, or height x width): one, a list, or a batch. enlarge: each pixel
    becomes a square of this many pixels per side. size: of the letters, in pixels; large ones stay legible when a page
    scales many pictures down. by: the network that the titles quote, if it is not GoogLeNet, or one for each picture. A
    title such as "vulture 100.0%", which is what a Prediction shows, is a claim: the tests cut the picture out again
    and ask the network.
    Raises ValueError for a picture that is not uint8, because it cannot be shown exactly.
    """
    titles = [titles] if isinstance(titles, str | Prediction) else titles
    captions = [str(title) for title in titles]
    paper, boxes = lay(list_pictures(pictures), captions, enlarge=enlarge, columns=columns, size=size)
    words = "; ".join(caption.replace(":\n", ": ").replace("\n", ", ") for caption in captions)
    return Sheet([paper], [boxes], alt or words or "A picture", by=by)


def signed(array: Numbers, scale: float) -> Picture:
    """A signed array as a uint8 picture: grey for zero, black for -scale and below, white for +scale and above."""
    return (127.5 + 127.5 * np.clip(array / (scale or 1), -1, 1)).astype(np.uint8)


HOLDS, FAILS = GREEN, RED
BARS = 208  # pixels: the width of the bars beside a photograph


def answers(
    pictures: Any,
    predictions: Prediction | Sequence[Prediction],
    target: Target | None = None,
    titles: str | Iterable[str] = (),
    *,
    k: int = 5,
    by: Classifier | None = None,
) -> Sheet:
    """Each picture beside its k most probable classes, with `target` in a colour of its own.

    predictions: one per picture. target: a class by index or name, or a set of them. by: as for `show`.
    """
    pictures = list_pictures(pictures)
    predictions = [predictions] if isinstance(predictions, Prediction) else list(predictions)
    titles = [titles] if isinstance(titles, str) else list(titles)
    cells = [_answer(p, prediction, target, k) for p, prediction in zip(pictures, predictions, strict=True)]
    paper, places = lay([np.asarray(cell) for cell in cells], titles, gap=16)
    boxes, words = [], []
    for place, picture, prediction in zip(places, pictures, predictions, strict=True):
        claims = "\n".join(map(str, prediction.top(k)))
        words.append(f"{place.caption}: {claims}" if place.caption else claims)
        boxes.append(Box(place.left, place.top, picture.shape[1], picture.shape[0], 1, words[-1]))
    return Sheet([paper], [boxes], "; ".join(words).replace("\n", ", "), by=by)


def _answer(picture: Picture, prediction: Prediction, target: Target | None, k: int) -> Pillow.Image:
    """A picture with bars on its right."""
    tall, wide = picture.shape[:2]
    paper = Pillow.new("RGB", (wide + 16 + BARS, max(tall, 44 * k)), "white")
    paper.paste(Pillow.fromarray(picture))
    draw, letters = ImageDraw.Draw(paper), font(14)
    targets = () if target is None else np.flatnonzero(prediction.labels.mask(target))
    left, right = wide + 16, wide + 16 + BARS
    for row, (c, name, p) in enumerate(prediction.top(k)):
        base = row * paper.height // k + 16
        start, *more = wrap(name, BARS - 60, letters)
        draw.text((left, base), start + ("…" if more else ""), INK, letters, anchor="ls")
        draw.text((right, base), f"{p:.1%}", INK, letters, anchor="rs")
        draw.rectangle((left, base + 7, right - 1, base + 16), grey(14))
        if length := round(BARS * p):
            draw.rectangle((left, base + 7, left + length - 1, base + 16), ACCENT if c in targets else PLAIN)
    return paper


def blink(trick: Trick, *, enlarge: int = 1, alone: bool = False) -> Sheet:
    """The pictures before and after, alternating in one place, as an animated PNG.

    enlarge: as for `show`. alone: without the magnified perturbation beside them.
    """
    captions = [str(trick.prediction_before), str(trick.prediction_after)]
    lines = max(len(wrap(caption, enlarge * trick.before.shape[1], font(14))) for caption in captions)
    beside = [] if alone else [signed(trick.perturbation, trick.largest)]
    legends = [f"perturbation: ±{trick.largest} out of 255, shown at full contrast"] * len(beside)
    sheets = [
        lay([picture, *beside], [caption, *legends], enlarge=enlarge, columns=1 + len(beside), lines=lines)
        for picture, caption in zip((trick.before, trick.after), captions, strict=True)
    ]
    papers, boxes = zip(*sheets, strict=True)
    words = " and ".join(of_one[0].caption for of_one in boxes)
    alt = f"Animation: {words} in turn, which look the same.{' Beside them is the perturbation.' * len(beside)}"
    # Milliseconds: 500 or more blink slowly enough for everybody.
    return Sheet(papers, boxes, alt, pauses=[1000] * 2, by=trick.model)
