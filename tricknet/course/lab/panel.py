"""The lab's widgets: what there is to click and to see in each mode. What they do is in lab.py."""

from collections.abc import Collection, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from traitlets import Unicode

from tricknet import images, plots
from tricknet.arrays import Floats, Picture
from tricknet.attacks import sticker
from tricknet.attacks.steps import METHODS
from tricknet.course.lab import view
from tricknet.course.lab.movable import Movable
from tricknet.course.lab.upload import Upload
from tricknet.networks.classifier import Prediction
from tricknet.networks.labels import Labels

FAINT = 0.02  # a class that never had more gets no curve
MAX_UPLOAD = 30_000_000  # bytes
# Without HEIC, so that phones turn their photographs into JPEG themselves.
ACCEPTED = ",".join(sorted(images.ENDINGS))

TRICK, DREAM, STICK = "trick", "dream", "stick"
MODES = [("Trick", TRICK), ("Dream", DREAM), ("Sticker", STICK)]
CHOSEN, LEAST, RANDOM, AWAY = "chosen", "least", "random", "away"
GOALS = [
    ("a class of your choice", CHOSEN),
    ("the class it is least like", LEAST),
    ("a class picked at random", RANDOM),
    ("anything but what it is", AWAY),
]
CLASS, LAYER, CHANNEL = "class", "layer", "channel"
SUBJECTS = [("a class", CLASS), ("a layer", LAYER), ("one channel of a layer", CHANNEL)]
NOISE, PHOTOGRAPH = "noise", "photograph"
STARTS = [("noise", NOISE), ("a picture", PHOTOGRAPH)]
STEPS = {"trick": (30, 100), "dream": (250, 500), "octaves": (40, 200)}  # (at first, at most)


class Panel(widgets.VBox):  # type: ignore[misc]
    """All of the lab's widgets, each under its name, laid out by lab.css."""

    def __init__(self, labels: Labels):
        self.labels = labels
        self._colours: dict[int, str] = {}
        self._kind = "trick"  # of steps
        self._build_picture()
        self._build_goal()
        self._build_sticker()
        self._build_steps()
        live = self._build_live()
        controls = _box("tn-controls", self.mode, *self._parts)
        super().__init__([widgets.HTML(view.STYLE), _box("tn-columns", controls, live)])
        self.add_class("tn-lab")
        self.arrange()

    def _build_picture(self) -> None:
        self.mode = widgets.RadioButtons(description="Mode", options=MODES, orientation="horizontal")
        self.mode.add_class("tn-mode")
        self.begin = _stacked(widgets.Dropdown, "Begin with", options=STARTS)
        self.source = _stacked(widgets.Dropdown, "One of these")
        self.refresh = widgets.Button(description="Refresh", tooltip="Look in the folder images/ again")
        self.upload = Upload(accept=ACCEPTED, most=MAX_UPLOAD)
        self.upload.add_class("tn-upload")
        self.whole = widgets.Checkbox(description="squashed to fit, not cropped", indent=False)
        self._shelf = [self.source, _box("tn-row", self.upload, self.refresh), self.whole]
        self._parts = [_box("tn-part", _head("The picture", 1), self.begin, *self._shelf)]
        self._inputs = [self.mode, self.begin, self.source, self.refresh, self.upload, self.whole]

    def _build_goal(self) -> None:
        self._goal_head = widgets.HTML()
        self.goal = _stacked(widgets.Dropdown, "Turn it into", options=GOALS)
        self.subject = _stacked(widgets.Dropdown, "Dream of", options=SUBJECTS)
        self.search = _stacked(widgets.Text, "", placeholder="part of a name")
        self.found = _stacked(widgets.Select, "", rows=4)
        self.channel = _number("Channel", value=0, min=0, max=9999)
        self._channel = _box("tn-slide", self.channel)
        goal = [self.goal, self.subject, self.search, self.found]
        self._goal = _box("tn-part", self._goal_head, *goal, self._channel)
        self._parts.append(self._goal)
        self._inputs += [*goal, self.channel]

    def _build_sticker(self) -> None:
        names = [(name.replace("_", " "), name) for name in sticker.names()]
        self.sticker = _stacked(widgets.Dropdown, "Stick on", options=names, value="toaster")
        self.size = _number("Size", value=sticker.SIDE, min=30, max=150)
        self._sticker = _box(
            "tn-part", _head("The sticker", 10), self.sticker, _box("tn-slide", self.size, _slider(self.size))
        )
        self._parts.append(self._sticker)

    def _build_steps(self) -> None:
        self.epsilon = _number("Epsilon", value=2, min=1, max=8)
        self.steps = _number("Steps", value=30, min=1, max=100)
        self.seed = _number("Seed", value=0, min=0, max=99)
        numbers = [self.epsilon, self.steps, self.seed]
        epsilon, self._steps, seed = sliders = [_slider(number) for number in numbers]
        self._epsilon, self._seed = _box("tn-slide", self.epsilon, epsilon), _box("tn-slide", self.seed, seed)
        self.method = _stacked(widgets.Dropdown, "Direction of a step", options=list(METHODS))
        self._steps_head = widgets.HTML()
        steps = _box("tn-slide", self.steps, self._steps)
        self._walk = _box("tn-part", self._steps_head, self._epsilon, steps, self._seed, self.method)
        self._parts.append(self._walk)
        self._inputs += [*numbers, *sliders, self.method]

    def _build_live(self) -> widgets.Widget:
        self.before, self.change, self.now = (_Picture(format="png") for _ in range(3))
        self.before_caption, self.change_caption, self.now_caption = (widgets.HTML() for _ in range(3))
        self._change = _box("tn-picture", self.change, self.change_caption)
        self._now = _box("tn-picture", self.now, self.now_caption)
        self.movable, self.movable_caption = Movable(), widgets.HTML()
        self._movable = _box("tn-picture", self.movable, self.movable_caption)
        self.curves, self.bars = widgets.HTML(), widgets.HTML()
        self.start = widgets.Button(description="Start", button_style="primary", tooltip="Start the steps")
        self.stop = widgets.Button(description="Stop", disabled=True, tooltip="Stop, and keep the steps so far")
        self.message = widgets.HTML()
        self._inputs.append(self.start)
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
                self._change,
                self._now,
                self._movable,
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

    @property
    def dreams(self) -> bool:
        """Is the lab to dream, and not to trick?"""
        return bool(self.mode.value == DREAM)

    @property
    def sticks(self) -> bool:
        """Is a sticker to be moved over the picture?"""
        return bool(self.mode.value == STICK)

    @property
    def deep(self) -> bool:
        """Is a layer to dream on a picture? It does so in octaves."""
        return self.dreams and self.begin.value == PHOTOGRAPH and self.subject.value != CLASS

    @property
    def of_layer(self) -> bool:
        """Are layers searched, and not classes?"""
        return self.dreams and self.subject.value != CLASS

    def arrange(self) -> None:
        """Show what belongs to the mode and to the choices in it, and hide the rest."""
        dream, stick = self.dreams, self.sticks
        searched = dream or self.goal.value == CHOSEN
        for widget, shown in (
            (self.begin, dream),
            *((widget, not dream or self.begin.value == PHOTOGRAPH) for widget in self._shelf),
            (self.goal, not dream),
            (self.subject, dream),
            (self.search, searched),
            (self.found, searched),
            (self._channel, dream and self.subject.value == CHANNEL),
            (self._epsilon, not dream),
            (self._seed, dream),
            (self.method, not dream),
            (self._change, not dream and not stick),
            (self._goal, not stick),
            (self._walk, not stick),
            *((widget, not stick) for widget in (self.start, self.stop, self.curves, self._now)),
            (self._sticker, stick),
            (self._movable, stick),
        ):
            widget.layout.display = None if shown else "none"
        self._goal_head.value = view.heading("The dream", 12) if dream else view.heading("The goal", 3, 6)
        self._steps_head.value = view.heading("The steps", *([12] if dream else [3, 5]))
        self.search.description = "Search the layers" if self.of_layer else f"Search the {len(self.labels)} classes"
        self.found.description = "Layers found" if self.of_layer else "Classes found"
        self._set_steps("octaves" if self.deep else "dream" if dream else "trick")

    def _set_steps(self, kind: str) -> None:
        """Another kind of run takes another number of steps; the same kind keeps the reader's."""
        if kind != self._kind:
            self._kind = kind
            value, most = STEPS[kind]
            for widget in (self.steps, self._steps):
                widget.max = most
            self.steps.value = value

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
        none = np.empty((0, len(self.labels)), np.float32)
        self.curves.value = view.curves(none, [], self.steps.value, {}, self.labels)
        self.bars.value = view.bars(said, {})
        self.kept.value = ""
        self.keep.layout.display = "none"

    def draw(
        self,
        picture: Picture,
        history: Sequence[Floats],
        at: Sequence[int],
        target: Collection[int],
        steps: int,
    ) -> None:
        """Show how far a run has got: the latest picture, the curves, the bars.

        history: what the network said (float32, one per class) at moments, and `at`: after which steps those were.
        """
        said = Prediction(history[-1], self.labels)
        rows = np.asarray(history, np.float32)
        classes = [c for c in plots.leading(rows, target, k=4) if c in target or rows[:, c].max() > FAINT]
        view.colour(classes, self._colours)
        self.curves.value = view.curves(rows, at, steps, {c: self._colours[c] for c in classes}, self.labels)
        self.draw_now(picture, said, at[-1])

    def draw_now(self, picture: Picture, said: Prediction, step: int) -> None:
        """Show the picture after a step, and what the network says about it."""
        self.now.value = view.png(picture)
        self.now.tooltip = f"The picture after {step} steps: {view.top(said)}"
        self.now_caption.value = view.caption("now", view.top(said))
        self.bars.value = view.bars(said, self._colours)

    def draw_sticker(self, picture: Picture, said: Prediction, classes: Collection[int]) -> None:
        """Show the picture with the sticker on it, and what the network says; `classes` get colours of their own."""
        words = view.top(said)
        view.colour(classes, self._colours)
        with self.movable.hold_sync():
            self.movable.value = view.png(picture)
            self.movable.words = f"The picture with the sticker: {words}. The arrow keys move the sticker."
        self.movable_caption.value = view.caption("with the sticker", words)
        self.bars.value = view.bars(said, self._colours)

    def offer(self, picture: Picture, file: str) -> None:
        """Offer to keep a picture, under the name of `file`."""
        self.link.value = view.download(images.png(picture), file)
        self.keep.layout.display = None

    def draw_change(self, change: Floats, epsilon: float) -> None:
        """Show a perturbation of at most epsilon, magnified."""
        most = f"at most {np.abs(change).max():.0f} out of 255"
        self.change.value = view.png(plots.signed(change, epsilon))
        self.change.tooltip = f"The change, magnified: {most} in any value"
        self.change_caption.value = view.caption(f"the change × {127.5 / epsilon:.0f}", most)


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
