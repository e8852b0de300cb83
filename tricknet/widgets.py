"""What a notebook shows: pictures that the reader moves with sliders, and the library's own source.

Each picture carries a still one too, for pages that no kernel serves. A stored notebook keeps the still only
(scripts/run_notebooks.py drops the widget, which would be an error message on the page of a reader who has not run the
cell).
"""

import base64
import html
import inspect
import os
import textwrap
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import ipywidgets as widgets
import numpy as np
from IPython.core.formatters import DisplayFormatter
from IPython.display import Markdown

from tricknet import Prediction, images, plots
from tricknet.arrays import Picture, Pictures
from tricknet.island import ISLAND

FRAMES = "application/x-frames+json"  # in a cell's output, where the environment asks for TRICKNET_FRAMES


class Stored:
    """What a stored notebook keeps of a widget: a still and a sentence. It comes first among a widget's base classes.

    state: what a page needs besides, as JSON. "moves" are the names of what the reader can move.
    """

    _still: Any
    _text: str
    state: dict[str, Any]

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        data, metadata = DisplayFormatter().format(self._still, include={"image/png"})  # type: ignore[no-untyped-call]
        data |= {ISLAND: self.state} if self.state else {}
        return bundle | data | {"text/plain": self._text}, metadata  # whole, where ipywidgets cuts it off


class Interactive(Stored, widgets.VBox):  # type: ignore[misc]
    """Sliders above what `draw` makes of their values; the last expression of a cell shows it.

    draw: called with the sliders' values by name, now and after each move. It returns a picture (uint8, height x width
    x 3), which is shown pixel for pixel, or a Plot; or a pair of one of those and its caption (a str or a Prediction).
    start: each slider's (low, high, step, value). still: shown where there is no kernel; default: what `draw` makes
    of the first values.
    """

    def __init__(self, draw: Callable[..., Any], start: dict[str, tuple[Any, Any, Any, Any]], still: Any = None):
        self._draw = draw
        self.controls = {name: _control(name, *numbers) for name, numbers in start.items()}
        self.image, self.caption = Described(), widgets.HTML()
        drawn, caption = self.update()
        self._apart = still is not None
        if still is None:
            still = plots.show(drawn, str(caption)) if isinstance(drawn, np.ndarray) else drawn
        self._still = still
        # It is shown where a picture is collapsed, so it says nothing about what is in it.
        self._text, self.state = f"(Run this cell to move: {', '.join(start)}.)", {"moves": [*start]}
        rows = [widgets.HBox([box, _slider(box)]) for box in self.controls.values()]
        picture = widgets.HBox([self.image, self.caption], layout=widgets.Layout(flex_flow="row wrap", grid_gap="16px"))
        super().__init__([*rows, picture])
        for box in self.controls.values():
            box.observe(lambda _: self._moved(), names="value")

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle, metadata = super()._repr_mimebundle_(**kwargs)
        return bundle | ({FRAMES: self.frames()} if os.environ.get("TRICKNET_FRAMES") else {}), metadata

    @property
    def values(self) -> dict[str, Any]:
        """The sliders' positions, by name."""
        return {name: box.value for name, box in self.controls.items()}

    def update(self) -> tuple[Any, Any]:
        """Draw again. Returns (what was drawn, its caption)."""
        drawn, caption = self._drawn(**self.values)
        self.image.draw(_data(drawn), str(caption) or str(getattr(drawn, "alt", None) or "A picture"))
        self.caption.value = _markup(caption)
        return drawn, caption

    def _drawn(self, **values: Any) -> tuple[Any, Any]:
        drawn = self._draw(**values)
        return drawn if isinstance(drawn, tuple) else (drawn, "")

    def frames(self, most: int = 36) -> dict[str, Any]:
        """What the sliders show at no more than `most` places, for pages that no kernel serves.

        "places": of each slider. "start": where each is. "frames": for each place, the last slider's first, a PNG in
        base64, its caption, and its alternative text. "apart": whether the still is a figure of its own.
        """
        each = int(most ** (1 / len(self.controls)))
        places = {name: _places(box, each) for name, box in self.controls.items()}
        drawn = [self._drawn(**dict(zip(places, values, strict=True))) for values in product(*places.values())]
        frames = [
            (base64.b64encode(_data(picture)).decode(), str(caption), getattr(picture, "alt", "") or str(caption))
            for picture, caption in drawn
        ]
        return {"places": places, "start": self.values, "frames": frames, "apart": self._apart}

    def _moved(self) -> None:
        try:
            self.update()
        except Exception as error:  # a traceback would land where nobody who moves a slider looks
            self.caption.value = _markup(f"{type(error).__name__}: {error}", role="alert")


def sliders(draw: Callable[..., Any], /, **ranges: tuple[Any, ...]) -> Interactive:
    """One slider per range, above what `draw` makes of their values.

        def push(epsilon=2):
            return plots.show(...)
        sliders(push, epsilon=(0, 8))

    A range is (low, high) or (low, high, step): whole numbers move by 1, others by a hundredth of the way, unless the
    step says otherwise. A slider starts at the default of `draw`'s parameter, or at the low end. For what `draw`
    returns, see Interactive.

    Raises ValueError for something that is not a range.
    """
    parameters, start = inspect.signature(draw).parameters, {}
    for name, numbers in ranges.items():
        if len(numbers) not in (2, 3) or not numbers[0] < numbers[1]:
            raise ValueError(f"The range of {name} should be (low, high) or (low, high, step); it is {numbers}.")
        low, high = numbers[:2]
        whole = all(isinstance(number, (int, np.integer)) for number in (low, high))
        step = numbers[2] if len(numbers) == 3 else 1 if whole else (high - low) / 100
        default = parameters[name].default
        start[name] = (low, high, step, low if default is inspect.Parameter.empty else default)
    return Interactive(draw, start)


def scrub(
    frames: Pictures | Sequence[Picture],
    captions: Sequence[Any],
    start: int = -1,
    *,
    name: str = "picture",
    still: Sequence[int] | plots.Sheet = (),
) -> Interactive:
    """A slider over pictures (uint8, height x width x 3), shown pixel for pixel, each with its caption.

    captions: a str or a Prediction per picture. start: the one shown first, -1 for the last. name: what the slider is
    called. still: those that the still picture shows, side by side (default: the first shown), or a figure to show in
    their place.
    Raises ValueError if there is not one caption per picture.
    """
    if len(frames) != len(captions) or not len(frames):
        raise ValueError(f"There are {len(frames)} pictures and {len(captions)} captions: give one for each picture.")

    def draw(**at: int) -> tuple[Picture, Any]:
        return frames[at[name]], captions[at[name]]

    first = range(len(frames))[start]
    slider = {name: (0, len(frames) - 1, 1, first)}
    if isinstance(still, plots.Sheet):
        return Interactive(draw, slider, still)
    chosen = list(still) or [first]
    titles = [f"{name} {i}: {captions[i]}" if still else str(captions[i]) for i in chosen]
    return Interactive(draw, slider, plots.show([frames[i] for i in chosen], titles))


class Described(widgets.HTML):  # type: ignore[misc]
    """A picture with its alternative text, for which ipywidgets' own Image has no place."""

    png, alt = b"", ""

    def draw(self, png: bytes, alt: str) -> None:
        """Show the picture in a PNG file's bytes, pixel for pixel where there is room."""
        self.png, self.alt = png, alt
        data = base64.b64encode(png).decode()
        self.value = f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt)}" style="max-width:100%">'


def show_source(*things: Callable[..., Any] | type) -> Markdown:
    """The source of functions, methods or classes as a highlighted block in a notebook: never a second copy of it."""
    code = "\n\n".join(textwrap.dedent(inspect.getsource(thing)) for thing in things)
    return Markdown(f"```python\n{code}```")  # type: ignore[no-untyped-call]


def _control(name: str, low: Any, high: Any, step: Any, value: Any) -> widgets.Widget:
    """A box for a number, labelled, which its slider follows: screen readers cannot name ipywidgets' sliders."""
    whole = all(isinstance(number, (int, np.integer)) for number in (low, high, step, value))
    kind = widgets.BoundedIntText if whole else widgets.BoundedFloatText
    layout = widgets.Layout(width="180px")  # label and box: all sliders begin in one line
    return kind(description=name, min=low, max=high, step=step, value=value, layout=layout)


def _places(box: widgets.Widget, most: int) -> list[Any]:
    """At most so many places of a slider, spaced evenly; the one that is nearest to where it is gives way to that."""
    steps = round((box.max - box.min) / box.step)
    spaced = box.min + box.step * np.linspace(0, steps, min(steps + 1, most)).round()
    spaced[np.abs(spaced - box.value).argmin()] = box.value
    return [type(box.value)(round(place, 6)) for place in spaced]


def _slider(box: widgets.Widget) -> widgets.Widget:
    kind = widgets.IntSlider if isinstance(box, widgets.BoundedIntText) else widgets.FloatSlider
    slider = kind(min=box.min, max=box.max, step=box.step, value=box.value, readout=False)
    widgets.link((box, "value"), (slider, "value"))
    return slider


def _markup(caption: Any, role: str = "status") -> str:
    """A caption as HTML, which screen readers read out when it changes."""
    inner = caption._repr_html_() if isinstance(caption, Prediction) else html.escape(str(caption))
    return f'<div role="{role}">{inner}</div>'


def _data(drawn: Any) -> bytes:
    """The bytes of a picture or a Plot, as a PNG."""
    if isinstance(drawn, np.ndarray):
        return images.png(drawn)
    if not isinstance(getattr(drawn, "data", None), bytes):
        raise TypeError(f"A picture (uint8) or a Plot can be shown here, but this is a {type(drawn).__name__}.")
    return drawn.data
