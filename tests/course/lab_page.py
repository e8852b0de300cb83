"""What the tests of the lab without a browser share: to start it, to read it, and to look at its pictures."""

import io
import re

import numpy as np
from PIL import Image


def words(widget):
    """What a widget says, without tags."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", widget.value)).strip()


def run(page):
    """Start, and wait for the end."""
    page.panel.start.click()
    page.wait()


def decoded(content):
    """The pixels of a PNG, and nothing but a PNG."""
    image = Image.open(io.BytesIO(content), formats=["PNG"])
    assert image.mode == "RGB"
    return np.asarray(image)
