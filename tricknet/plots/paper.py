"""What is printed: a sticker on a sheet of A4, in several sizes. docs/score-sheet.md is there to keep score."""

import io
from pathlib import Path

import numpy as np
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
SMOOTH = 416  # pixels: a sticker as it is printed, so that none of its own pixels is seen as a square


def save_sheet(sticker: Sticker, path: str | Path) -> Path:
    """Write a sheet of A4 with the sticker at each of SIZES, to cut out, as .pdf, and return the path.

    Raises ValueError for any other file extension, and files.NotWrittenError as `files.write` does.
    """
    path = Path(path)
    if path.suffix.lower() != ".pdf":
        raise ValueError(f"{path.name}: a sheet to print has to be a .pdf. Give a name that ends in .pdf.")
    figure = Figure(figsize=(A4[0] * CM, A4[1] * CM))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    words = f'A sticker for GoogLeNet: "{sticker.label}". Print it at 100% and cut along the lines.'
    ax.text(A4[0] / 2, 28.2, words, ha="center", fontsize=11)
    printed = smooth(sticker)
    for size, (x, y) in SIZES.items():
        circle = Circle((x, y), size / 2, fill=False, edgecolor=grey(6), linewidth=0.5, linestyle=(0, (4, 4)))
        ax.add_patch(circle)
        extent = (x - size / 2, x + size / 2, y - size / 2, y + size / 2)
        ax.imshow(printed, extent=extent, interpolation="none", clip_path=circle, zorder=0)
        ax.text(x, y - size / 2 - 0.3, f"{size} cm", ha="center", va="top", fontsize=9, color=grey(6))
    ax.set(xlim=(0, A4[0]), ylim=(0, A4[1]), aspect="auto")
    figure.savefig(content := io.BytesIO(), format="pdf")
    return files.write(path, content.getvalue())


def smooth(sticker: Sticker, side: int = SMOOTH) -> Picture:
    """A sticker enlarged without steps, on white, as it comes out of a printer: uint8, side x side x 3."""
    large = np.array(Image.fromarray(sticker.pixels[..., :3]).resize((side, side), Image.Resampling.BICUBIC))
    return np.where(disc(side)[..., None], large, 255).astype(np.uint8)
