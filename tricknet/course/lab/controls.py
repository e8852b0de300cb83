"""What the lab's parts are made of: widgets, with the kinds by which lab.css lays them out."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets


class Box(widgets.VBox):  # type: ignore[misc]
    """Widgets in a box, of the given kinds in lab.css."""

    def __init__(self, kinds: str, *children: widgets.Widget):
        super().__init__(children)
        for kind in kinds.split():
            self.add_class(kind)


def within(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """The widget and all that it contains."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


def show(shown: bool, *chosen: widgets.Widget) -> None:
    """Show widgets, or hide them."""
    for widget in chosen:
        widget.layout.display = None if shown else "none"


def stacked(kind: type[widgets.Widget], label: str, **options: Any) -> widgets.Widget:
    """A control below its label instead of beside it."""
    widget = kind(description=label, **options)
    widget.add_class("tn-stack")
    return widget


def number(label: str, **options: Any) -> widgets.BoundedIntText:
    """A box for a number, with its label on the left."""
    box = widgets.BoundedIntText(description=label, **options)
    box.add_class("tn-number")
    return box


def slide(number: widgets.BoundedIntText) -> Box:
    """A number's box with a slider: screen readers cannot name ipywidgets' sliders, so the box has the label."""
    slider = widgets.IntSlider(value=number.value, min=number.min, max=number.max, readout=False)
    slider.add_class("tn-slider")
    for trait in ("max", "value"):
        widgets.link((number, trait), (slider, trait))
    return Box("tn-slide", number, slider)
