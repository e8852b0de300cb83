"""The lab's widgets, and how a run is shown. What they do is in lab.py."""

from collections.abc import Collection, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from traitlets import Unicode

from tricknet import images, plots
from tricknet.arrays import Floats, Picture, Pictures
from tricknet.lab import view
from tricknet.labels import Labels
from tricknet.model import Prediction
from tricknet.trick import METHODS

FAINT = 0.02  # a class that never had more gets no curve
# Without HEIC, so that phones turn their photographs into JPEG themselves.
ACCEPTED = ",".join(sorted(images.ENDINGS))

CHOSEN, LEAST, RANDOM, AWAY = "chosen", "least", "random", "away"
GOALS = [
    ("a class of your choice", CHOSEN),
    ("the class it is least like", LEAST),
    ("a class picked at random", RANDOM),
    ("anything but what it is", AWAY),
]


class Panel(widgets.VBox):  # type: ignore[misc]
    """All of the lab's widgets, each under its name, laid out by lab.css."""

    def __init__(self, labels: Labels):
        self.labels = labels
        self._colours: dict[int, str] = {}
        controls = self._build_controls()
        live = self._build_live()
        super().__init__([widgets.HTML(view.STYLE), _box("tn-columns", controls, live)])
        self.add_class("tn-lab")

    def _build_controls(self) -> widgets.Widget:
        self.source = _stacked(widgets.Dropdown, "One of these")
        self.refresh = widgets.Button(description="Refresh", tooltip="Look in the folder images/ again")
        self.upload = widgets.FileUpload(
            description="Upload a picture", accept=ACCEPTED, icon="", tooltip="Upload a picture from this device"
        )
        self.upload.add_class("tn-upload")
        self.whole = widgets.Checkbox(description="squashed to fit, not cropped", indent=False)
        self.goal = _stacked(widgets.Dropdown, "Turn it into", options=GOALS)
        self.search = _stacked(widgets.Text, "Search the 1000 classes", placeholder="part of a name")
        self.found = _stacked(widgets.Select, "Classes found", rows=4)
        self.epsilon = _number("Epsilon", value=2, min=1, max=8)
        self.steps = _number("Steps", value=30, min=1, max=100)
        epsilon, steps = _slider(self.epsilon), _slider(self.steps)
        self.method = _stacked(widgets.Dropdown, "Direction of a step", options=list(METHODS))
        self.start = widgets.Button(description="Start", button_style="primary", tooltip="Start the steps")
        self.stop = widgets.Button(description="Stop", disabled=True, tooltip="Stop, and keep the steps so far")
        self.message = widgets.HTML()
        self._inputs = [self.source, self.refresh, self.upload, self.whole, self.goal, self.search, self.found]
        self._inputs += [self.epsilon, epsilon, self.steps, steps, self.method, self.start]
        return _box(
            "tn-controls",
            _box(
                "tn-part",
                _head("The picture", 1),
                self.source,
                _box("tn-row", self.upload, self.refresh),
                self.whole,
            ),
            _box("tn-part", _head("The goal", 3, 6), self.goal, self.search, self.found),
            _box(
                "tn-part",
                _head("The steps", 3, 5),
                _box("tn-slide", self.epsilon, epsilon),
                _box("tn-slide", self.steps, steps),
                self.method,
            ),
        )

    def _build_live(self) -> widgets.Widget:
        self.before, self.change, self.now = (_Picture(format="png") for _ in range(3))
        self.before_caption, self.change_caption, self.now_caption = (widgets.HTML() for _ in range(3))
        self.curves, self.bars = widgets.HTML(), widgets.HTML()
        self.link = widgets.HTML()
        self.save = widgets.Button(
            description="Save into images/", tooltip="Save the exact PNG into the folder images/"
        )
        self.again = widgets.Button(
            description="Load it again and ask", tooltip="Read the saved file and ask the network what it is"
        )
        self.kept = widgets.HTML()
        self.keep = _box("", _head("Keep it", 8), _box("tn-row tn-keep", self.link, self.save, self.again), self.kept)
        return _box(
            "tn-live",
            _box("tn-row tn-go", self.start, self.stop, self.message),
            _box(
                "tn-pictures",
                _box("tn-picture", self.before, self.before_caption),
                _box("tn-picture", self.change, self.change_caption),
                _box("tn-picture", self.now, self.now_caption),
            ),
            _box("tn-graphs", self.curves, self.bars),
            self.keep,
        )

    # What it shows

    def say(self, text: str, wrong: bool = False) -> None:
        """Show one sentence beside Start and Stop."""
        self.message.value = view.message(text, wrong)

    def tell(self, text: str, wrong: bool = False) -> None:
        """Show one sentence about saving the picture, below its buttons."""
        self.kept.value = view.message(text, wrong)

    def lock(self, running: bool) -> None:
        """Leave only Stop usable while steps are taken."""
        for widget in self._inputs:
            widget.disabled = running
        self.stop.disabled = not running

    def show_goal(self) -> None:
        """Show the search only where the reader chooses the class."""
        for widget in (self.search, self.found):
            widget.layout.display = None if self.goal.value == CHOSEN else "none"

    def show(self, picture: Picture, said: Prediction) -> None:
        """Show a picture and what the network says about it, as if there had never been a run."""
        self._colours = {}
        words = view.top(said)
        self.before.value = self.now.value = view.png(picture)
        self.before.tooltip = self.now.tooltip = f"The picture: {words}"
        self.before_caption.value = view.caption("before", words)
        self.now_caption.value = view.caption("now", words)
        self.change.value = view.png(np.full_like(picture, 128))
        self.change.tooltip = "No change yet"
        self.change_caption.value = view.caption("the change", "none yet")
        self.curves.value = view.curves(np.empty((0, len(self.labels)), np.float32), self.steps.value, {}, self.labels)
        self.bars.value = view.bars(said, {})
        self.kept.value = ""
        self.keep.layout.display = "none"

    def draw(
        self,
        frames: Sequence[Picture] | Pictures,
        history: Sequence[Floats] | Floats,
        target: Collection[int],
        epsilon: float,
        steps: int,
    ) -> None:
        """Show how far a run has got: the latest picture, the change, the curves, the bars."""
        history = np.asarray(history, np.float32)
        said = Prediction(history[-1], self.labels)
        classes = [c for c in plots.leading(history, target, k=4) if c in target or history[:, c].max() > FAINT]
        view.colour(classes, self._colours)
        change = frames[-1].astype(np.float32) - frames[0]
        self.now.value = view.png(frames[-1])
        self.change.value = view.png(plots.signed(change, epsilon))
        self.now_caption.value = view.caption("now", view.top(said))
        magnified = f"the change × {127.5 / epsilon:.0f}"
        self.change_caption.value = view.caption(magnified, f"at most {np.abs(change).max():.0f} out of 255")
        self.curves.value = view.curves(history, steps, {c: self._colours[c] for c in classes}, self.labels)
        self.bars.value = view.bars(said, self._colours)


class _Picture(widgets.Image):  # type: ignore[misc]
    """An Image whose `tooltip` becomes its title; ipywidgets' own lacks the description that this needs."""

    description = Unicode("").tag(sync=True)


def _box(kinds: str, *children: widgets.Widget) -> widgets.VBox:
    """Widgets in a box, of the given kinds in lab.css."""
    box = widgets.VBox(children)
    for kind in kinds.split():
        box.add_class(kind)
    return box


def _head(text: str, *lessons: int) -> widgets.HTML:
    return widgets.HTML(view.heading(text, *lessons))


def _stacked(kind: type[widgets.Widget], label: str, **options: Any) -> widgets.Widget:
    """A control below its label instead of beside it."""
    widget = kind(description=label, **options)
    widget.add_class("tn-stack")
    return widget


def _number(label: str, **options: Any) -> widgets.BoundedIntText:
    """A box for a number, with its label on the left."""
    box = widgets.BoundedIntText(description=label, **options)
    box.add_class("tn-number")
    return box


def _slider(number: widgets.BoundedIntText) -> widgets.IntSlider:
    """A slider beside a number's box: screen readers cannot name ipywidgets' sliders, so the box has the label."""
    slider = widgets.IntSlider(value=number.value, min=number.min, max=number.max, readout=False)
    slider.add_class("tn-slider")
    widgets.link((number, "value"), (slider, "value"))
    return slider
