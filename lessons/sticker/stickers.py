"""Lesson 10's idea: a sticker against its rivals, each at the same place on the same photographs."""

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tricknet import images
from tricknet.arrays import Numbers, Picture, Pictures
from tricknet.attacks import sticker
from tricknet.plots.sheet import enlarged

SIDES = {57: "small", 104: "middle", 160: "large"}  # pixels


def rivals(name: str) -> dict[str, Picture]:
    """A sticker and its rivals by name, uint8, side x side x 3 each; what is beyond the disc is not shown.

    "sticker"; "shuffled", its own pixels in a different order; "note", its name in letters; and "object", a photograph
    of the thing itself, where images.EVIDENCE has one.
    """
    own, inside = sticker.ready(name).pixels[..., :3], sticker.disc()
    other = own.copy()
    other[inside] = np.random.default_rng(0).permutation(own[inside])
    discs = {"sticker": own, "shuffled": other, "note": note(name)}
    if name in images.EVIDENCE:
        discs["object"] = images.load(name)
    return discs


def candidate(kind: str, number: int) -> Picture:
    """One of forty real things, or of forty loud patterns (0 to 39): uint8, 224 x 224 x 3.

    "thing": a photograph of images.EVIDENCE. "loud": squares of random colours, of which every value is 0 or 255.
    """
    if kind == "thing":
        return images.load(images.EVIDENCE[number])
    square = (7, 14, 28, 56)[number % 4]
    loud = 255 * np.random.default_rng(number).integers(0, 2, (images.SIZE // square,) * 2 + (3,), dtype=np.uint8)
    return enlarged(loud, square)


def note(word: str, side: int = 2 * sticker.SIDE) -> Picture:
    """A white note with a word in black across its whole width: uint8, side x side x 3."""
    paper = Image.new("RGB", (side, side), "white")
    file = str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf"))
    hundred = ImageFont.truetype(file, 100).getlength(word)
    letters = ImageFont.truetype(file, 100 * 0.88 * side / hundred)
    ImageDraw.Draw(paper).text((side / 2, side / 2), word, "black", letters, anchor="mm")
    return np.array(paper)


def worn(photographs: Pictures, what: Numbers, share: float) -> Pictures:
    """Each photograph (uint8, n x 224 x 224 x 3) with a disc on it that covers this share of its area.

    what: side x side x 3, from which the disc is cut. The place, the angle and the light are drawn at random for each
    photograph, and are the same whatever the disc shows.
    """
    size, pictures = sticker.diameter(share), []
    for i, photograph in enumerate(photographs):
        random = np.random.default_rng(i)
        row, column = random.uniform(size / 2, images.SIZE - size / 2, 2)
        angle, light = random.uniform(*sticker.ANGLES), random.uniform(*sticker.LIGHTS)
        pictures.append(sticker.place(photograph, what, (row, column), size, angle=angle, light=light))
    return np.stack(pictures)


def squared(photographs: Pictures, what: Picture, share: float) -> Pictures:
    """As `worn`, with a square of the same area, angle and light in place of the disc."""
    edge = round((np.sqrt(2) - 1) / 2 * len(what))  # so that the square's corners lie on a disc
    wide, white = (np.pad(one, ((edge, edge), (edge, edge), (0, 0))) for one in (what, np.full_like(what, 255)))
    covered = worn(np.zeros_like(photographs), white, share * np.pi / 2) > 127
    return np.where(covered, worn(photographs, wide, share * np.pi / 2), photographs)
