"""The lab's third mode: a sticker, and the picture over which the reader moves it."""

from pathlib import Path

import anywidget
import ipywidgets as widgets
from traitlets import Bool, Bytes, Int, List, Unicode

from tricknet.arrays import Picture
from tricknet.attacks import sticker
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, number, slide, stacked
from tricknet.networks.classifier import Prediction


class Sticker(Box):
    """Which sticker, and how large. board: the picture with it on, to be laid out where the other pictures are."""

    def __init__(self) -> None:
        names = [(name.replace("_", " "), name) for name in sticker.names()]
        self.which = stacked(widgets.Dropdown, "Stick on", options=names, value="toaster")
        self.size = number("Size", value=sticker.SIDE, min=30, max=150)
        self.movable, self.caption = Movable(), widgets.HTML()
        self.board = Box("tn-picture", self.movable, self.caption)
        super().__init__("tn-part", widgets.HTML(view.heading("The sticker", 10)), self.which, slide(self.size))

    def on(self, picture: Picture) -> Picture:
        """The picture with the sticker where the reader has moved it."""
        self.movable.size = self.size.value
        row, column = self.movable.at
        return sticker.ready(self.which.value).on(picture, (row, column), self.size.value)

    def draw(self, picture: Picture, said: Prediction) -> None:
        """Show the picture with the sticker on it, and what the network says."""
        words = view.top(said)
        with self.movable.hold_sync():
            self.movable.value = view.png(picture)
            self.movable.words = f"The picture with the sticker: {words}. The arrow keys move the sticker."
        self.caption.value = view.caption("with the sticker", words)


class Movable(anywidget.AnyWidget):
    """A picture with something on it that moves, by mouse, finger or arrow keys. movable.js is its half in the browser.

    The browser says where the thing is; whoever observes `at` draws the picture that has it there.
    value: the picture, as a PNG. words: what it shows, for those who cannot see it. at: the centre of the thing (row,
    column), in pixels. size: its diameter. held: is it being dragged?
    """

    _esm = Path(__file__).with_name("movable.js").read_text(encoding="utf-8")  # a Path would keep each widget for ever
    value = Bytes().tag(sync=True)
    words = Unicode("No picture yet").tag(sync=True)
    at = List(Int(), [112, 112]).tag(sync=True)
    size = Int().tag(sync=True)
    held = Bool().tag(sync=True)
