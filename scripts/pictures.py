"""Draw the README's pictures again: docs/panda-to-vulture.png and .gif. The lab's is scripts/screenshots.py's."""

from pathlib import Path

from PIL import Image

import tricknet
from tricknet import images, plots

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    """Trick the panda once more, and draw it."""
    trick = tricknet.trick(tricknet.GoogLeNet(), images.example("panda"), "vulture")
    path = plots.compare(trick).save(DOCS / "panda-to-vulture.png")
    # 256 colours are enough for a page's head, and a third of the bytes.
    Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)
    trick.animate(DOCS / "panda-to-vulture.gif")


if __name__ == "__main__":
    main()
