"""A stored figure as HTML: a sheet of pictures becomes its pictures, each exact, so that they wrap, save and move."""

import base64
import io
import re
from html import escape
from math import ceil
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

from tricknet.plots.sheet import facts_of, read_back

POINT = 110 / 72  # pixels of a chart's PNG (tricknet/plots/charts.py)
LETTERS = 9  # pixels: the smallest on a telephone
LIGHT = 350_000  # bytes: a heavier picture is shown in fewer, and its link leads to the file itself
WIDEST = 960  # pixels, on a page
MOST = 40  # pictures: more of them than that stay on their sheet


class Place(NamedTuple):
    """Where a figure's files are written, and how its page gets to the site's top."""

    folder: Path
    name: str
    up: str = ""

    def file(self, ending: str) -> Path:
        return self.folder / f"{self.name}{ending}"

    def address(self, ending: str) -> str:
        return f"{self.up}{self.folder.name}/{self.name}{ending}"


class Picture(NamedTuple):
    """Exact pixels (uint8, height x width x 3), the words above them, and how many times larger they are drawn."""

    pixels: np.ndarray
    caption: str
    enlarge: int


def figure(output: dict, place: Place, *, cut: bool = True) -> str:
    """The HTML of a stored PNG.

    output: as the notebook stores it, with "image/png" in its data. cut: is a sheet cut into its pictures?
    """
    content = base64.b64decode("".join(output["data"]["image/png"]))
    alt = output["metadata"]["image/png"]["alt"]
    with Image.open(io.BytesIO(content)) as image:
        paper = np.asarray(image.convert("RGB"))
        boxes, *more = facts_of(image).get("frames", [[]])
    if cut and 0 < len(boxes) <= MOST and not more and _nothing_else(paper, boxes):
        pictures = [Picture(*drawn, box["enlarge"]) for drawn, box in zip(read_back(content), boxes, strict=True)]
        columns = _columns(boxes)
        return sheet(pictures, alt, place, columns=columns, cell=paper.shape[1] // columns)
    return whole(content, alt, place)


def whole(content: bytes, alt: str, place: Place) -> str:
    """A picture as it is, or as the drawing it carries. One that moves stands still for readers who ask for that."""
    with Image.open(io.BytesIO(content)) as image:
        ending = f".{(image.format or '').lower()}"
        place.file(ending).write_bytes(content)
        if svg := getattr(image, "text", {}).get("svg"):
            return f'<a class="chart" href="{place.address(ending)}">{drawing(svg, alt, place)}</a>'
        (boxes, *more), paper = facts_of(image).get("frames", [[]]), image.convert("RGB")
        (wide, high), moves, shown = image.size, getattr(image, "n_frames", 1) > 1, ending
        parts = [(alt, f"--least:{wide * LETTERS // 14 * bool(boxes)}px")]
        if boxes and not more and _columns(boxes) == 2 and (np.asarray(paper)[:, (half := wide // 2)] == 255).all():
            # Pictures with bars beside them: a telephone shows one column below the other.
            captions = ["; ".join(box["caption"] for box in boxes[at::2]).replace("\n", ", ") for at in (0, 1)]
            column = f"--least:0px;aspect-ratio:{half}/{high};object-fit:cover;object-position:"
            wide, parts = half, [(captions[0], f"{column}left"), (captions[1], f"{column}right")]
        elif len(content) > LIGHT and not moves:
            shown = "-light.webp"
            paper.save(place.file(shown), lossless=True)
            if place.file(shown).stat().st_size > LIGHT:
                paper.thumbnail((WIDEST, paper.height))
                boxes = []  # they were on the large one
                paper.save(place.file(shown), quality=75)
        source = f'src="{place.address(shown)}" width="{wide}" height="{high}"'
        tags = [f'<img class="paper" {source} style="{how}" alt="{escape(of)}" loading="lazy">' for of, how in parts]
        if not moves and (dark := night(paper, boxes)):
            dark.save(place.file("-dark.webp"), lossless=shown == ending, quality=75)
            other = f'<source srcset="{place.address("-dark.webp")}" media="(prefers-color-scheme: dark)">'
            tags = [f"<picture>{other}{tag}</picture>" for tag in tags]
        html = "".join(tags)
        if not moves:
            return f'<a href="{place.address(ending)}" aria-label="{escape(alt)}">{html}</a>'
        paper.save(place.file("-still.webp"), quality=80)
    still = f'<source srcset="{place.address("-still.webp")}" media="(prefers-reduced-motion: reduce)">'
    return f'<div class="scrub"><picture>{still}{html}</picture><button type="button">Stop</button></div>'


def night(paper: Image.Image, boxes: list[dict]) -> Image.Image | None:
    """A picture on white paper as a dark page has it, or None if its paper is not white.

    Paper and letters change places, as style.css has it for charts. What is in the boxes stays as it is, and so do maps
    and bars, which are large and filled.
    """
    values = np.asarray(paper)
    if (values[[0, -1]] < 250).any():
        return None
    turned = 232 - 0.82 * values
    turned = 2 * (turned @ [0.213, 0.715, 0.072])[..., None] - turned  # each hue is its own again
    drawn, _ = ndimage.label((values < 250).any(axis=2), np.ones((3, 3)))
    for box in ndimage.find_objects(drawn):
        ink = drawn[box] > 0
        low, long = sorted(ink.shape)
        if ink.mean() > 0.7 and (low > 24 or (low > 10 and long > 80)):  # neither a letter nor a line
            turned[box] = np.where(ink[..., None] | (low > 40), values[box], turned[box])
    for box in boxes:
        turned[inside(box)] = values[inside(box)]
    return Image.fromarray(turned.clip(0, 255).astype(np.uint8))


def drawing(svg: str, alt: str, place: Place) -> str:
    """A chart's SVG for a page that has others. `--least` is the width at which all of its letters can be read."""
    svg = re.sub(r'( id="|url\(#|href="#)', lambda found: f"{found[1]}{place.name}-", svg)
    *_, wide, high = map(float, re.findall(r"[\d.]+", re.findall(r'viewBox="[^"]*', svg)[0]))
    least = wide * LETTERS / min(map(float, re.findall(r"font-size: ([\d.]+)px", svg)), default=LETTERS)
    size = f'width="{wide * POINT:.2f}" height="{high * POINT:.2f}" style="--least:{ceil(least)}px"'
    named = f' role="img" aria-label="{escape(alt)}" {size}'
    return re.sub(r' width="[^"]*" height="[^"]*"', lambda _: named, svg, count=1)


def sheet(pictures: list[Picture], alt: str, place: Place, *, columns: int, cell: int) -> str:
    """Pictures side by side, each in a file of its own.

    columns: pictures in a row. cell: the width of one in pixels, with the gap.
    """
    tags = []
    for number, (pixels, caption, enlarge) in enumerate(pictures, 1):
        Image.fromarray(pixels).save(place.file(f"-{number}.png"), optimize=True)
        words, (high, wide) = escape(caption), np.array(pixels.shape[:2]) * enlarge
        above = f"<figcaption>{words}</figcaption>" if words else ""
        image = f'<img src="{place.address(f"-{number}.png")}" width="{wide}" height="{high}" loading="lazy"'
        tags.append(f'<figure>{above}{image} alt="{words or escape(alt)}"></figure>')
    # On a narrow screen most sheets wrap. Where rows belong together, the pictures shrink instead.
    rows = columns < len(pictures) and (columns <= 4 or not any(picture.caption for picture in pictures))
    kind = f"sheet{' rows' * rows}"
    attributes = f'role="group" aria-label="{escape(alt)}" style="--cell:{cell}px;--columns:{columns}"'
    return f'<div class="{kind}" {attributes}>{"".join(tags)}</div>'


def name_of(path: Path) -> str:
    """A notebook's name in those of its figures: "solutions-" tells a lesson's solutions, which share its stem."""
    return f"solutions-{path.stem}" if path.parent.name == "solutions" else path.stem


def inside(box: dict) -> tuple[slice, slice]:
    """A box's rows and columns on its sheet."""
    high, wide = box["height"] * box["enlarge"], box["width"] * box["enlarge"]
    return slice(box["top"], box["top"] + high), slice(box["left"], box["left"] + wide)


def _columns(boxes: list[dict]) -> int:
    """How many pictures are in the first row."""
    return sum(abs(box["top"] - boxes[0]["top"]) < boxes[0]["height"] * boxes[0]["enlarge"] // 2 for box in boxes)


def _nothing_else(paper: np.ndarray, boxes: list[dict]) -> bool:
    """Is nothing drawn beside the pictures or below them, such as bars? Above each row are its captions."""
    drawn = (paper != 255).any(axis=2)
    rows = [inside(box)[0] for box in boxes]
    for box in boxes:
        drawn[inside(box)] = False
    return not drawn[rows[-1].stop :].any() and not any(drawn[row].any() for row in rows)
