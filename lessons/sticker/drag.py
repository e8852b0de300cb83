"""A sticker that the reader drags over a picture, in a lesson."""

from collections.abc import Mapping
from pathlib import Path

import anywidget
import ipywidgets as widgets
from traitlets import Bytes, Int, List, Unicode

from tricknet import Classifier, Prediction, images, plots
from tricknet.arrays import Picture
from tricknet.attacks.sticker import SIDE, Sticker
from tricknet.widgets import Stored

HERE = Path(__file__).parent


class Movable(anywidget.AnyWidget):
    """A picture with something on it that moves, by mouse, finger or arrow keys. movable.js is its half in the browser.

    The browser says where the thing is; whoever observes `at` draws the picture that has it there.
    value: the picture, as a PNG. words: what it shows, for those who cannot see it. at: the centre of the thing (row,
    column), in pixels. size: its diameter.
    """

    _esm = (HERE / "movable.js").read_text(encoding="utf-8")  # a Path would keep each widget for ever
    _css = (HERE / "movable.css").read_text(encoding="utf-8")
    value = Bytes().tag(sync=True)
    words = Unicode("No picture yet").tag(sync=True)
    at = List(Int(), [112, 112]).tag(sync=True)
    size = Int().tag(sync=True)


class Dragged(Stored, widgets.HBox):  # type: ignore[misc]
    """A picture with a sticker on it that the reader moves by mouse, finger or arrow keys, and what the network says.

    pictures: by name, of which the first is shown first; uint8, 224 x 224 x 3 each. stickers: the same. at: where
    the sticker's centre is at the start (row, column), in pixels.
    """

    def __init__(
        self, model: Classifier, pictures: Mapping[str, Picture], *stickers: Sticker, at: tuple[int, int] = (112, 112)
    ):
        self._model, self._pictures, self._stickers = model, pictures, {one.label: one for one in stickers}
        self.picture = widgets.Dropdown(description="Picture", options=list(pictures))
        self.sticker = widgets.Dropdown(description="Sticker", options=list(self._stickers))
        self.size = widgets.BoundedIntText(description="Size", value=SIDE, min=30, max=150)
        slider = widgets.IntSlider(value=SIDE, min=30, max=150, readout=False)  # screen readers cannot name it
        widgets.link((self.size, "value"), (slider, "value"))
        self.movable, self.answer = Movable(at=list(at)), widgets.HTML()
        controls = widgets.VBox([self.picture, self.sticker, self.size, slider, self.answer])
        layout = widgets.Layout(flex_flow="row wrap", grid_gap="8px 32px")
        super().__init__([self.movable, controls], layout=layout)
        picture, prediction = self.update()
        self._still = plots.answers(picture, prediction, self.sticker.value, by=model)
        self._text = f"{self.movable.words} (Run this cell to drag it.)"
        self.state = {"moves": ["the sticker"], "says": f"{prediction.best}"}
        for control in (self.picture, self.sticker, self.size):
            control.observe(lambda _: self.update(), names="value")
        self.movable.observe(lambda _: self.update(), names="at")

    def update(self) -> tuple[Picture, Prediction]:
        """Draw again. Returns the picture with the sticker on it, and what the network says."""
        row, column = self.movable.at
        sticker = self._stickers[self.sticker.value]
        picture = sticker.on(self._pictures[self.picture.value], (row, column), self.size.value)
        prediction = self._model.predict(picture)
        with self.movable.hold_sync():
            self.movable.value, self.movable.size = images.png(picture), self.size.value
            self.movable.words = f"{self.picture.value} with a sticker: {prediction}"
        self.answer.value = f'<div role="status">{prediction._repr_html_()}</div>'
        return picture, prediction
