"""A picture with something on it that moves, by mouse, finger or arrow keys. movable.js is its half in the browser."""

from pathlib import Path

import anywidget
from traitlets import Bool, Bytes, Int, List, Unicode


class Movable(anywidget.AnyWidget):
    """The browser says where the thing is; whoever observes `at` draws the picture that has it there.

    value: the picture, as a PNG. words: what it shows, for those who cannot see it. at: the centre of the thing (row,
    column), in pixels. size: its diameter. held: is it being dragged?
    """

    _esm = Path(__file__).with_name("movable.js")
    value = Bytes().tag(sync=True)
    words = Unicode("No picture yet").tag(sync=True)
    at = List(Int(), [112, 112]).tag(sync=True)
    size = Int().tag(sync=True)
    held = Bool().tag(sync=True)
