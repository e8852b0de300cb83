"""Draw the README's pictures again, still and animated. The lab's is scripts/screenshots.py's."""

from pathlib import Path

import tricknet
from tricknet import images, plots

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    """Trick the panda once more, and draw it: exact pictures, which the tests cut out again."""
    trick = tricknet.trick(tricknet.GoogLeNet(), images.example("panda"), "vulture")
    plots.compare(trick).save(DOCS / "panda-to-vulture.png")
    plots.animate(trick, DOCS / "panda-to-vulture-animated.png")


if __name__ == "__main__":
    main()
