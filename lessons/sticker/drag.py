"""A sticker that the reader drags over a picture, in a lesson: the lab's third mode, made small."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from tricknet import plots
from tricknet.arrays import Picture
from tricknet.attacks.sticker import SIDE, Sticker
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, number, slide, stacked
from tricknet.course.lab.sticker import Movable
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.widgets import with_still


class Dragged(Box):
    """Pictures by name (uint8, 224 x 224 x 3), one of which is shown, and stickers by name, one of which lies on it.

    `drag` makes one; the last expression of a cell shows it. Pages that no kernel serves get a still picture of the
    start. at: the sticker's centre (row, column), in pixels.
    """

    def __init__(
        self,
        model: Classifier,
        pictures: Mapping[str, Picture],
        stickers: Mapping[str, Sticker],
        at: tuple[int, int],
    ):
        self._model, self._pictures, self._stickers = model, pictures, stickers
        self.picture = stacked(widgets.Dropdown, "Picture", options=list(pictures))
        self.sticker = stacked(widgets.Dropdown, "Sticker", options=list(stickers))
        self.size = number("Size", value=SIDE, min=30, max=150)
        self.movable, self.caption, self.bars = Movable(at=list(at)), widgets.HTML(), widgets.HTML()
        board = Box("tn-picture", self.movable, self.caption)
        side = Box("tn-part", self.picture, self.sticker, slide(self.size), self.bars)
        side.layout.width = side.layout.max_width = "320px"
        row = widgets.HBox([board, side], layout=widgets.Layout(flex_flow="row wrap", grid_gap="8px 32px"))
        super().__init__("tn-lab", widgets.HTML(view.STYLE), row)
        shown, said = self.update()
        self._still = plots.answers(shown, said, self._label, by=model)
        self._text = f"{self.movable.words} (Run this cell to drag it.)"
        for control in (self.picture, self.sticker, self.size):
            control.observe(lambda _: self.update(), names="value")
        self.movable.observe(lambda _: self.update(), names="at")

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs) | {"text/plain": repr(self)}
        return with_still(bundle, self._still)

    @property
    def _label(self) -> str:
        return self._stickers[self.sticker.value].label

    def update(self) -> tuple[Picture, Prediction]:
        """Draw again. Returns the picture with the sticker on it, and what the network says."""
        row, column = self.movable.at
        made = self._stickers[self.sticker.value]
        shown = made.on(self._pictures[self.picture.value], (row, column), self.size.value)
        said = self._model.predict(shown)
        words = view.top(said)
        with self.movable.hold_sync():
            self.movable.value, self.movable.size = view.png(shown), self.size.value
            self.movable.words = f"{self.picture.value} with a sticker: {words}"
        self.caption.value = view.caption("drag the sticker, or use the arrow keys", words)
        self.bars.value = view.bars(said, {self._model.labels.find(self._label): plots.ACCENT})
        return shown, said


def drag(
    model: Classifier, pictures: Mapping[str, Picture], *stickers: Sticker, at: tuple[int, int] = (112, 112)
) -> Dragged:
    """A picture with a sticker on it that the reader moves by mouse, finger or arrow keys, and what the network says.

    pictures: by name, of which the first is shown first; uint8, 224 x 224 x 3 each. stickers: the same. at: where
    the sticker's centre is at the start (row, column), in pixels.
    """
    return Dragged(model, pictures, {made.label: made for made in stickers}, at)
