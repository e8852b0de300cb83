"""Take docs/lab.png: the lab on its own page, after it has turned the panda into a vulture.

screenshots.py [FILE]
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import VOILA, browser, jupyter, missing, open_lab  # noqa: E402

COLOURS = 224  # of the file's palette: enough for two pandas and noise, at a third of the size
MARGIN = 16  # white pixels around


def lab() -> Image.Image:
    """The lab as the browser draws it."""
    with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder)) as address, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1200, "height": 900})
        widget = open_lab(page, address, VOILA)
        widget.get_by_label("Search the 1000 classes").fill("vult")
        widget.get_by_text("Goal: vulture").wait_for()
        widget.get_by_role("button", name="Start").click()
        widget.locator(".tn-go").get_by_text("→").wait_for()
        return Image.open(io.BytesIO(widget.screenshot(animations="disabled")))


def main() -> int:
    """The command line. Returns the exit status."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "lab.png"
    if missing():
        print(missing(), file=sys.stderr)
        return 1
    picture = ImageOps.expand(lab().convert("RGB"), MARGIN, "white").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    print(f"{path}: {picture.width} x {picture.height}, {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
