"""A sheet of exact pictures: a PNG that records where each picture lies, so that it can be cut out again."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from IPython.display import Image
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from tricknet import Classifier, images
from tricknet.arrays import Numbers, Picture
from tricknet.colours import grey

KEY = "tricknet"  # the name of the PNG's text chunk
PAGE = 930  # pixels: the widest image that JupyterLab shows at full size in a window of 1366
INK = grey(2)


@dataclass(frozen=True)
class Box:
    """Where a picture lies on its sheet, and the words above it.

    left, top: its corner, in pixels of the sheet. width, height: its size in its own pixels, each of which takes up
    enlarge x enlarge pixels of the sheet.
    """

    left: int
    top: int
    width: int
    height: int
    enlarge: int = 1
    caption: str = ""


class Sheet(Image):
    """A PNG that a notebook shows at one CSS pixel per pixel, with alternative text.

    papers: Pillow images; several are the frames of an animation. boxes: the pictures on each paper.
    pauses: milliseconds per frame. by: the network that the captions quote (None: GoogLeNet, mean subtracted), or one
    for each picture.
    """

    def __init__(
        self,
        papers: Sequence[Pillow.Image],
        boxes: Sequence[Sequence[Box]],
        alt: str,
        *,
        pauses: Sequence[int] = (),
        by: Classifier | Sequence[Classifier] | None = None,
    ):
        self.boxes = [list(of_one) for of_one in boxes]
        facts: dict[str, Any] = {"frames": [[asdict(box) for box in of_one] for of_one in boxes]}
        if isinstance(by, Sequence):
            facts |= {"network": [one.name for one in by], "mean": [one.mean.tolist() for one in by]}
        elif by is not None:
            facts |= {"network": by.name, "mean": by.mean.tolist()}
        data = _png(papers, pauses, json.dumps(facts))
        # Unconfined: in a narrow window JupyterLab scrolls instead of scaling.
        super().__init__(  # type: ignore[no-untyped-call]
            data=data, format="png", alt=alt, width=papers[0].width, unconfined=True
        )

    def __repr__(self) -> str:
        return "A figure: click to see it."  # where JupyterLab collapses it

    def save(self, path: str | Path) -> Path:
        """Write the PNG to a file and return its path.

        Raises ValueError for a name that does not end in .png, and files.NotWrittenError as `files.write` does.
        """
        return images.save(self.data, path)


def _png(papers: Sequence[Pillow.Image], pauses: Sequence[int], facts: str) -> bytes:
    """The papers as one PNG, animated if there are several, with `facts` in its text chunk."""
    info = PngInfo()
    info.add_text(KEY, facts)
    buffer = io.BytesIO()
    first, *rest = papers
    if rest:
        frames = [_difference(new, old) for old, new in zip(papers, rest, strict=False)]
        film: Any = {"save_all": True, "append_images": frames, "duration": list(pauses), "loop": 0, "blend": 1}
        first.convert("RGBA").save(buffer, "PNG", pnginfo=info, **film)
    else:
        first.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def _difference(new: Pillow.Image, old: Pillow.Image) -> Pillow.Image:
    """`new`, transparent wherever `old` can stay visible: just as exact, in far fewer bytes."""
    changed = (np.asarray(new) != np.asarray(old)).any(axis=2)
    rgba = np.dstack([np.asarray(new), np.full(changed.shape, 255, np.uint8)])
    return Pillow.fromarray(rgba * changed[..., None])


def read_back(source: bytes | str | Path | Image) -> list[tuple[Picture, str]]:
    """Cut the pictures out of a sheet again: (picture, caption) for each, frame by frame.

    source: the bytes of a PNG, a path, or a Sheet. The pictures are uint8, height x width x 3, exactly as drawn.
    Raises ValueError for a file that does not record where its pictures lie, or that has been scaled since.
    """
    content = source.data if isinstance(source, Image) else source
    with Pillow.open(io.BytesIO(content) if isinstance(content, bytes) else content) as image:
        frames = facts_of(image).get("frames")
        if frames is None:
            raise ValueError("This file does not record where its pictures lie. Make one that does with plots.show.")
        cut = []
        for number, boxes in enumerate(frames):
            image.seek(number)
            paper = np.asarray(image.convert("RGB"))
            cut += [(_cut(paper, Box(**box)), box["caption"]) for box in boxes]
        return cut


def facts_of(image: Pillow.Image) -> dict[str, Any]:
    """The text chunk of an opened PNG: "frames" of boxes, with "network" and "mean" if it names one ({}: no chunk).

    The last two are lists where each picture has a network of its own.
    """
    return json.loads(getattr(image, "text", {}).get(KEY, "{}"))


def _cut(paper: Picture, box: Box) -> Picture:
    """One picture from its sheet. Raises ValueError where an enlarged pixel has more than one colour."""
    tall, wide = box.height * box.enlarge, box.width * box.enlarge
    large = paper[box.top : box.top + tall, box.left : box.left + wide]
    small = large[:: box.enlarge, :: box.enlarge]
    if small.shape[:2] != (box.height, box.width) or not np.array_equal(enlarged(small, box.enlarge), large):
        raise ValueError("The sheet was scaled, smoothed or cropped, so its pictures are not exact. Make it again.")
    return small


def enlarged(picture: Picture, times: int) -> Picture:
    """Each pixel as a square of times x times pixels."""
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def thumbnail(picture: Picture, side: int, *, unit: int) -> Picture:
    """Scaled to side x side pixels, with values in steps of `unit`, which take fewer bytes. It is not exact."""
    small = np.array(Pillow.fromarray(picture).resize((side, side), Pillow.Resampling.LANCZOS))
    return small // unit * unit + unit // 2


def list_pictures(pictures: Any) -> list[Picture]:
    """A picture, a list or a batch as a list of arrays: uint8, height x width x 3. Grey ones (x 1) get three channels.

    Raises ValueError for pictures that cannot be drawn exactly.
    """
    if isinstance(pictures, np.ndarray) and pictures.ndim < 4:
        pictures = [pictures]
    return [_rgb(np.asarray(picture)) for picture in pictures]


def _rgb(picture: Numbers) -> Picture:
    if picture.dtype != np.uint8:
        raise ValueError(
            f"A picture is drawn exactly, so it must hold whole numbers (uint8); this one holds {picture.dtype}. "
            "Round it first: np.rint(picture).clip(0, 255).astype(np.uint8)."
        )
    if picture.ndim == 2:
        picture = picture[..., None]
    if picture.ndim == 3 and picture.shape[2] == 1:
        picture = picture.repeat(3, axis=2)
    if picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ValueError(f"A picture is height x width x 3 (or x 1, or height x width), and not {picture.shape}.")
    return picture


def lay(
    pictures: Sequence[Picture],
    captions: Sequence[str] = (),
    *,
    enlarge: int = 1,
    columns: int | None = None,
    size: int = 14,
    gap: int = 8,
    lines: int = 0,
) -> tuple[Pillow.Image, list[Box]]:
    """Lay pictures in rows on white paper, each below its caption. Returns the paper and where they lie.

    columns: pictures per row (default: as many as fit the page). size: of the letters. gap: between pictures. Both are
    in pixels. lines: the least room for a caption, so that the frames of an animation have their pictures in the same
    place.
    """
    if enlarge < 1 or enlarge != int(enlarge):
        raise ValueError(f"enlarge must be a whole number, 1 or more, so that pixels stay exact; it is {enlarge}.")
    if captions and len(captions) != len(pictures):
        raise ValueError(f"There are {len(pictures)} pictures and {len(captions)} titles: give one for each, or none.")
    letters = font(size)
    large = [enlarged(picture, int(enlarge)) for picture in pictures]
    # Captions widen small pictures, but not so far that the columns asked for leave the page.
    room = min(8 * size, PAGE // (columns or 1) - gap) if captions else 0
    cell = max(room, *(p.shape[1] for p in large), 0)
    columns = columns or _columns(len(large), cell, gap)
    words = [wrap(caption, cell, letters) for caption in captions or [""] * len(large)]
    line = round(1.35 * size)

    boxes, top = [], gap // 2
    for start in range(0, len(large), columns):
        row = range(start, min(start + columns, len(large)))
        top += line * max(lines, *(len(words[i]) for i in row)) + 4
        for column, i in enumerate(row):
            left = gap // 2 + column * (cell + gap) + (cell - large[i].shape[1]) // 2
            caption = (captions or [""] * len(large))[i]
            boxes.append(Box(left, top, pictures[i].shape[1], pictures[i].shape[0], int(enlarge), caption))
        top += max(large[i].shape[0] for i in row) + gap
    wide = min(columns, len(large)) * (cell + gap)

    paper = Pillow.new("RGB", (wide, top - gap // 2), "white")
    draw = ImageDraw.Draw(paper)
    for picture, box, rows in zip(large, boxes, words, strict=True):
        paper.paste(Pillow.fromarray(picture), (box.left, box.top))
        middle = box.left + picture.shape[1] // 2
        for up, text in enumerate(reversed(rows)):
            draw.text((middle, box.top - 6 - up * line), text, INK, letters, anchor="ms")
    return paper, boxes


def _columns(n: int, cell: int, gap: int) -> int:
    """As many columns as fit the page, with rows of nearly equal length."""
    fit = max(1, PAGE // (cell + gap))
    rows = -(-n // fit)
    return -(-n // rows)


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Matplotlib's own font, so that captions and charts look alike."""
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    # Pillow's other layout engine, Raqm, is missing from some builds and fails on control characters.
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def wrap(text: str, width: int, letters: ImageFont.FreeTypeFont) -> list[str]:
    """Break a text into lines of at most `width` pixels; a longer word gets a line to itself."""
    lines: list[str] = []
    for paragraph in text.split("\n") if text else []:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}".strip()
            if line and letters.getlength(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
