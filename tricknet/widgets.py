"""What a notebook shows: pictures that the reader moves with sliders, and the library's own source.

scripts/run_notebooks.py drops the widget, which would be an error message on the page of a reader who has not run the
cell: a stored notebook keeps a still picture, and what sliders show at some places.
"""

import asyncio
import inspect
import io
import os
import textwrap
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from IPython.display import Markdown
from PIL import Image

from tricknet import Prediction, images, plots
from tricknet.arrays import Picture, Pictures
from tricknet.island import STORE, Island, data_url, write_picture
from tricknet.plots.charts import Plot

TALLEST = 16383  # pixels of a WebP
LARGEST = 600_000  # bytes of a figure's strip, for which a reader may have to wait


class Slider(NamedTuple):
    """What one slider can be, and where it begins."""

    low: Any
    high: Any
    step: Any
    value: Any

    @classmethod
    def of(cls, *numbers: Any) -> "Slider":
        """From a low and a high end, a step and a value; all of them are floats if one is."""
        whole = all(isinstance(number, (int, np.integer)) for number in numbers)
        slider = cls(*map(int if whole else float, numbers))
        return slider._replace(value=slider.held(slider.value))

    def held(self, value: float) -> Any:
        """A value as the learner's function gets it: within the range, and a whole number where the range's are."""
        value = min(max(value, self.low), self.high)
        return round(value) if isinstance(self.low, int) else float(value)

    def places(self, most: int) -> list[Any]:
        """At most `most` places, spaced evenly. The first value takes the place of the one nearest to it."""
        steps = round((self.high - self.low) / self.step)
        spaced = self.low + self.step * np.linspace(0, steps, min(steps + 1, most)).round()
        spaced[np.abs(spaced - self.value).argmin()] = self.value
        return [self.held(round(float(place), 6)) for place in spaced]


class Interactive(Island):
    """Sliders above what `draw` makes of their values; the last expression of a cell shows it.

    draw: called with the sliders' values by name, now and after each move. It returns a picture (uint8, height x width
    x 3), which is shown pixel for pixel, or a Plot; or a pair of one of those and its caption (a str or a Prediction).
    start: each slider's (low, high, step, value). still: shown where there is no kernel; default: what `draw` makes
    of the first values.
    """

    def __init__(self, draw: Callable[..., Any], start: dict[str, tuple[Any, Any, Any, Any]], still: Any = None):
        self._function = draw
        self.sliders = {name: Slider.of(*numbers) for name, numbers in start.items()}
        drawn, caption = self._call([one.value for one in self.sliders.values()])
        apart = still is not None
        if still is None:
            still = plots.show(drawn, str(caption)) if isinstance(drawn, np.ndarray) else drawn
        # It is shown where a picture is collapsed, so it says nothing about what is in it.
        text = f"(Run this cell to move its sliders: {', '.join(start)}.)"
        state = {
            "sliders": [[name, slider._asdict()] for name, slider in self.sliders.items()],
            "shown": _show(drawn, caption),
        }
        super().__init__("slider", state, still=still, text=text, apart=apart)
        self._loop = _running_loop()

    def reply(self, question: dict[str, Any], buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """What `draw` makes of the sliders' values: the address of the picture, its caption, and alternative text.

        It draws in the kernel's main thread, after the cell that runs there: a learner's function, and the networks
        that it asks, need not bear that two threads use them.
        """

        async def draw() -> dict[str, Any]:
            return _show(*self._call(question["values"]))

        if self._loop is None or threading.current_thread() is threading.main_thread():
            return _show(*self._call(question["values"])), []
        return asyncio.run_coroutine_threadsafe(draw(), self._loop).result(), []

    def _call(self, values: Iterable[Any]) -> tuple[Any, Any]:
        given = zip(self.sliders.items(), values, strict=True)
        drawn = self._function(**{name: slider.held(value) for (name, slider), value in given})
        return drawn if isinstance(drawn, tuple) else (drawn, "")

    def stored(self, most: int = 36) -> dict[str, Any]:
        """For pages that no kernel serves: what it draws at no more than `most` places, on one strip.

        "sliders": the places of each, and the number of the one where it begins. "frames": the caption and the
        alternative text at each place, where the last slider moves fastest. "strip": their pictures, `width` x `height`
        each, below one another in columns of `rows`, since what repeats then takes few bytes; "exact": are its pixels?
        "lines", "answers": how many of them a caption has, for which a page makes room.
        """
        each = int(most ** (1 / len(self.sliders)))
        places = {name: slider.places(each) for name, slider in self.sliders.items()}
        drawn = [self._call(values) for values in product(*places.values())]
        pictures = [Image.open(io.BytesIO(_png(picture))).convert("RGB") for picture, _ in drawn]
        wide, high = (max(sides) for sides in zip(*(picture.size for picture in pictures), strict=True))
        rows = min(len(pictures), TALLEST // high)
        strip = Image.new("RGB", (wide * -(-len(pictures) // rows), high * rows), "white")
        for i, picture in enumerate(pictures):
            strip.paste(picture, (i // rows * wide, i % rows * high))
        folder = Path(os.environ[STORE])
        address = write_picture(np.asarray(strip), folder, LARGEST)
        with Image.open(folder / Path(address).name) as file:
            exact = np.array_equal(np.asarray(file.convert("RGB")), np.asarray(strip))
        sliders = [[name, {"places": of, "at": of.index(self.sliders[name].value)}] for name, of in places.items()]
        state = {"sliders": sliders, "bars": len(sliders), "strip": address, "exact": exact}
        state |= {"width": wide, "height": high, "rows": rows, "chart": all(isinstance(one, Plot) for one, _ in drawn)}
        told = [_words(caption) for _, caption in drawn]
        frames = [(words, _alt(*one)) for words, one in zip(told, drawn, strict=True)]
        lines = max((len(words.splitlines()) for words in told if isinstance(words, str)), default=0)
        answers = max((len(words) for words in told if not isinstance(words, str)), default=0)
        return state | {"frames": frames, "lines": lines, "answers": answers}


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


def show_source(*things: Callable[..., Any] | type) -> Markdown:
    """The source of functions, methods or classes as a highlighted block in a notebook: never a second copy of it."""
    code = "\n\n".join(textwrap.dedent(inspect.getsource(thing)) for thing in things)
    return Markdown(f"```python\n{code}```")  # type: ignore[no-untyped-call]


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The kernel's event loop; None outside a cell."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _show(drawn: Any, caption: Any) -> dict[str, Any]:
    """What an island shows of it."""
    return {"picture": data_url(_png(drawn)), "caption": _words(caption), "alt": _alt(drawn, caption)}


def _words(caption: Any) -> str | list[tuple[str, float]]:
    """A caption as data: a prediction is its first classes, each with its probability."""
    return [(name, round(p, 6)) for _, name, p in caption.top(5)] if isinstance(caption, Prediction) else str(caption)


def _alt(drawn: Any, caption: Any) -> str:
    return str(getattr(drawn, "alt", None) or caption or "A picture")


def _png(drawn: Any) -> bytes:
    """The bytes of a picture or a Plot, as a PNG."""
    if isinstance(drawn, np.ndarray):
        return images.png(drawn)
    if not isinstance(getattr(drawn, "data", None), bytes):
        raise TypeError(f"A picture (uint8) or a Plot can be shown here, but this is a {type(drawn).__name__}.")
    return drawn.data
