"""What is printed: a sticker on a sheet of A4, in several sizes, and a second sheet on which to keep score."""

import io
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from PIL import Image

from tricknet import files
from tricknet.arrays import Picture
from tricknet.attacks.sticker import Sticker, disc
from tricknet.colours import grey

CM = 1 / 2.54  # inches
A4 = (21.0, 29.7)  # centimetres
SIZES = {12: (10.5, 19.8), 8: (6.2, 8.4), 5: (14.4, 9.7), 3: (14.4, 4.7)}  # diameters and their centres, in cm
SHOTS = 10
SMOOTH = 416  # pixels: a sticker as it is printed, so that none of its own pixels is seen as a square
RULES = (
    "1. Choose a scene and ten distances before you begin. Write them down here, the nearest first.",
    "2. At each distance, photograph the scene twice from the same place: without the sticker, then with it.",
    "3. At the nearest, the sticker is half as wide as the photograph is high. Avoid glare.",
    "4. Keep all twenty photographs, even the bad ones. Leaving some out is how people fool themselves.",
    '5. Copy them into the folder images, as without-1.jpg and with-1.jpg. The page "The world" counts them.',
)


def save_sheets(sticker: Sticker, path: str | Path) -> Path:
    """Write two sheets of A4, one to cut out and one to keep score on, as .pdf, and return the path.

    Raises ValueError for any other file extension, and files.NotWrittenError as `files.write` does.
    """
    path = Path(path)
    if path.suffix.lower() != ".pdf":
        raise ValueError(f"{path.name}: a sheet to print has to be a .pdf. Give a name that ends in .pdf.")
    with PdfPages(content := io.BytesIO()) as pages:
        for figure in (sheet(sticker), protocol(sticker)):
            pages.savefig(figure)
    return files.write(path, content.getvalue())


def _page(title: str) -> tuple[Figure, Axes]:
    """A figure of A4 size with a title, and its axes, in centimetres from the lower left."""
    figure = Figure(figsize=(A4[0] * CM, A4[1] * CM))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, A4[0]), ylim=(0, A4[1]))
    ax.set_axis_off()
    ax.text(A4[0] / 2, 28.2, title, ha="center", fontsize=11)
    return figure, ax


def sheet(sticker: Sticker) -> Figure:
    """A figure of A4 size with the sticker at each of SIZES."""
    figure, ax = _page(f'A sticker for GoogLeNet: "{sticker.label}". Print it at 100% and cut along the lines.')
    printed = smooth(sticker)
    for size, (x, y) in SIZES.items():
        circle = Circle((x, y), size / 2, fill=False, edgecolor=grey(6), linewidth=0.5, linestyle=(0, (4, 4)))
        ax.add_patch(circle)
        extent = (x - size / 2, x + size / 2, y - size / 2, y + size / 2)
        ax.imshow(printed, extent=extent, interpolation="none", clip_path=circle, zorder=0)
        ax.text(x, y - size / 2 - 0.3, f"{size} cm", ha="center", va="top", fontsize=9, color=grey(6))
    ax.set(xlim=(0, A4[0]), ylim=(0, A4[1]), aspect="auto")
    return figure


def protocol(sticker: Sticker) -> Figure:
    """A figure of A4 size on which to note what a network says at ten distances, with the sticker and without it."""
    figure, ax = _page(f'Ten with, ten without: is it a "{sticker.label}"?')
    for i, rule in enumerate(RULES):
        ax.text(1.5, 26.8 - 0.8 * i, rule, fontsize=9)
    top, tall, edges = 21.6, 1.5, (1.5, 8.5, 14, 19.5)
    for left, words in zip(edges, ("distance", "the network says, without", "the network says, with"), strict=False):
        ax.text(left + 0.2, top + 0.3, words, fontsize=9)
    ax.hlines([top - tall * i for i in range(SHOTS + 1)], edges[0], edges[-1], color=grey(9), linewidth=0.6)
    ax.vlines(edges, top - tall * SHOTS, top, color=grey(9), linewidth=0.6)
    for i in range(SHOTS):
        ax.text(edges[0] + 0.2, top - tall * i - 0.9, f"{i + 1}", fontsize=9, color=grey(6))
    words = f'"{sticker.label}": ______ of ten without the sticker, ______ of ten with it'
    ax.text(A4[0] / 2, top - tall * SHOTS - 1.6, words, ha="center", fontsize=11)
    return figure


def smooth(sticker: Sticker, side: int = SMOOTH) -> Picture:
    """A sticker enlarged without steps, on white, as it comes out of a printer: uint8, side x side x 3."""
    large = np.array(Image.fromarray(sticker.pixels[..., :3]).resize((side, side), Image.Resampling.BICUBIC))
    return np.where(disc(side)[..., None], large, 255).astype(np.uint8)
