"""The lab: choose or upload a picture, choose a class, watch the picture turn into it, and keep the picture.

from tricknet.lab import Lab
Lab(model)
"""

import io
import random
import threading
from contextlib import contextmanager
from pathlib import Path

import ipywidgets as widgets
import numpy as np
from traitlets import Unicode

from tricknet import images, lab_view, plots
from tricknet.lab_run import follow
from tricknet.labels import LabelError
from tricknet.model import Classifier, Prediction
from tricknet.trick import METHODS, Trick, climb

MAX_UPLOAD = 30_000_000  # bytes
FAINT = 0.02  # a class that never had more gets no curve
SUGGESTIONS = ["vulture", "tennis ball", "teapot", "cocktail shaker", "paper towel", "shower cap"]
# Without HEIC, so that phones turn their photographs into JPEG themselves.
ACCEPTED = ",".join(sorted(images.ENDINGS))

CHOSEN, LEAST, RANDOM, AWAY = "chosen", "least", "random", "away"
GOALS = [
    ("a class of your choice", CHOSEN),
    ("the class it is least like", LEAST),
    ("a class picked at random", RANDOM),
    ("anything but what it is", AWAY),
]


class _Picture(widgets.Image):
    """An Image whose `tooltip` becomes its title; ipywidgets' own fails for want of a description."""

    description = Unicode("").tag(sync=True)


class Lab(widgets.VBox):
    """The lab as a widget: the last expression of a cell shows it.

    `picture` is what was chosen (uint8, 224 x 224 x 3), `trick` the Trick of the last run, or None.
    """

    def __init__(self, model: Classifier):
        self.model = model
        self.picture: np.ndarray | None = None
        self.said: Prediction | None = None
        self.trick: Trick | None = None
        self._upload: tuple[str, bytes] | None = None
        self._saved: Path | None = None
        self._thread: threading.Thread | None = None
        self._running = False
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._listing = False
        super().__init__(self._build())
        self.add_class("tn-lab")
        self._connect()
        self._list("panda")
        self._suggest()

    def __repr__(self) -> str:
        return "The lab. Run this cell, and it appears here."

    # What there is to see

    def _build(self) -> list[widgets.Widget]:
        self.source = _stacked(widgets.Dropdown, "One of these")
        self.refresh = widgets.Button(description="Refresh", tooltip="Look again what is in the folder images/")
        self.upload = widgets.FileUpload(
            description="Upload a picture", accept=ACCEPTED, icon="", tooltip="Upload a picture from this device"
        )
        self.upload.add_class("tn-upload")
        self.whole = widgets.Checkbox(description="squeeze all of it in, instead of its centre", indent=False)
        self.goal = _stacked(widgets.Dropdown, "Turn it into", options=GOALS)
        self.search = _stacked(widgets.Text, "Search the 1000 classes", placeholder="part of a name")
        self.found = _stacked(widgets.Select, "Classes found", rows=4)
        self.epsilon = _number("Epsilon", value=2, min=1, max=8)
        self.steps = _number("Steps", value=30, min=1, max=100)
        epsilon, steps = _slider(self.epsilon), _slider(self.steps)
        self.method = _stacked(widgets.Dropdown, "Direction of a step", options=list(METHODS))
        self.start = widgets.Button(description="Start", button_style="primary", tooltip="Start the steps")
        self.stop = widgets.Button(description="Stop", disabled=True, tooltip="Stop, and keep what there is")
        self.message = widgets.HTML()
        controls = _box(
            "tn-controls",
            _head("The picture", 1),
            self.source,
            _box("tn-row", self.upload, self.refresh),
            self.whole,
            _head("The goal", 3, 6),
            self.goal,
            self.search,
            self.found,
            _head("The steps", 3, 5),
            _box("tn-slide", self.epsilon, epsilon),
            _box("tn-slide", self.steps, steps),
            self.method,
        )
        self._inputs = [self.source, self.refresh, self.upload, self.whole, self.goal, self.search, self.found]
        self._inputs += [self.epsilon, epsilon, self.steps, steps, self.method, self.start]
        return [widgets.HTML(lab_view.STYLE), _box("tn-columns", controls, self._build_live())]

    def _build_live(self) -> widgets.Widget:
        self.before, self.change, self.now = (_Picture(format="jpeg") for _ in range(3))
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

    def _connect(self) -> None:
        def on(widget, name, action):
            widget.observe(lambda change: self._guarded(action), names=name)

        on(self.source, "value", self._choose)
        on(self.whole, "value", self._choose)
        on(self.upload, "value", self._receive)
        on(self.search, "value", self._suggest)
        on(self.goal, "value", self._show_goal)
        for button, action in (
            (self.refresh, self._refresh),
            (self.start, self._start),
            (self.stop, self._stop.set),
            (self.save, self._save),
            (self.again, self._ask_again),
        ):
            button.on_click(lambda _, action=action: self._guarded(action))

    def _guarded(self, action) -> None:
        """Do it, and let any error become a sentence in the page: the lab stays usable."""
        try:
            action()
        except Exception as error:  # whatever it is, a traceback would land where nobody in the lab looks
            self._say(_sentence(error), wrong=True)

    def _say(self, text: str, wrong: bool = False) -> None:
        self.message.value = lab_view.message(text, wrong)

    # The picture

    def _list(self, select: str | None = None) -> None:
        """List the pictures that there are, and keep the chosen one chosen."""
        options = [(name.replace("_", " "), name) for name in images.examples()]
        if self._upload:
            options.insert(0, (f"{self._upload[0]} (uploaded)", ""))
        wanted = self.source.value if select is None else select
        with self._quiet():
            self.source.options = options
            names = [name for _, name in options]
            self.source.value = wanted if wanted in names else names[0]
        if self.picture is None or self.source.value != wanted:
            self._choose()

    def _refresh(self) -> None:
        self._list()
        self._say(f"{len(self.source.options)} pictures to choose from.")

    @contextmanager
    def _quiet(self):
        """New options set a dropdown to the first of them, which is not a choice that anybody has made."""
        self._listing = True
        try:
            yield
        finally:
            self._listing = False

    def _choose(self) -> None:
        """Load what the dropdown says, ask the network, and start clean."""
        if not self._listing:
            self._halt()
            self._show(self._load(self.source.value))
            self._say(f"Ready: {lab_view.top(self.said)}.")

    def _load(self, name: str) -> np.ndarray:
        if name:
            return images.example(name, crop=not self.whole.value)
        return images.load(_file(*self._upload), crop=not self.whole.value)

    def _receive(self) -> None:
        """Take an uploaded file, if it is a picture."""
        if not self.upload.value:
            return
        self._halt()
        file = self.upload.value[0]
        self.upload.value = ()  # so that the same file can come again
        name = Path(file["name"].replace("\\", "/")).name[-60:] or "picture"
        if file["size"] > MAX_UPLOAD:
            raise images.NotAPictureError(
                f"{name} has {file['size'] / 1e6:.0f} MB, and the lab takes {MAX_UPLOAD / 1e6:.0f}. "
                "Make it smaller, or put it into the folder images/ and click Refresh."
            )
        content = bytes(file["content"])
        images.load(_file(name, content))  # before anything is changed: what is wrong with it is said at once
        self._upload = (name, content)
        self._list("")
        self._choose()

    def _show(self, picture: np.ndarray) -> None:
        """Show a picture and what the network says of it, without any steps."""
        self.picture, self.said, self.trick = picture, self.model.predict(picture), None
        self.before.value = self.now.value = lab_view.jpeg(picture)
        self.before.tooltip = self.now.tooltip = f"The picture, which the network takes for {lab_view.top(self.said)}"
        self.before_caption.value = lab_view.caption("before", lab_view.top(self.said))
        self._clear()

    def _clear(self) -> None:
        """As if there had never been a run."""
        self.trick, self._saved, self._colours = None, None, {}
        self.change.value = lab_view.jpeg(np.full_like(self.picture, 128))
        self.change.tooltip = "No change yet"
        self.change_caption.value = lab_view.caption("the change", "none yet")
        self.now_caption.value = lab_view.caption("now", lab_view.top(self.said))
        self.curves.value = lab_view.curves(np.empty((0, 1000)), self.steps.value, {}, self.model.labels)
        self.bars.value = lab_view.bars(self.said, {})
        self.kept.value = ""
        self.keep.layout.display = "none"

    # The goal

    def _suggest(self) -> None:
        """List the classes that the text may mean, best first."""
        labels, text = self.model.labels, self.search.value.strip()
        fits = [index for index, _ in labels.search(text)] if text else [labels.find(name) for name in SUGGESTIONS]
        self.found.options = [(", ".join(labels.names(index)[:2]), index) for index in fits]
        self.found.value = fits[0] if fits else None
        if not fits:
            self._say(f'No class has a name like "{text}".', wrong=True)

    def _show_goal(self) -> None:
        for widget in (self.search, self.found):
            widget.layout.display = None if self.goal.value == CHOSEN else "none"

    def _target(self) -> int:
        """The class that the goal means for this picture. Raises LabelError if none has been found."""
        if self.goal.value == CHOSEN:
            if self.found.value is None:
                raise LabelError("Choose a class first: no name fits the search.")
            return self.found.value
        if self.goal.value == RANDOM:
            return random.randrange(len(self.model.labels))
        p = self.said.probabilities
        return int(p.argmin() if self.goal.value == LEAST else p.argmax())

    # The steps

    def _start(self) -> None:
        with self._starting:  # two clicks may come in two threads, and make one run
            if self._running:
                return
            target, away = self._target(), self.goal.value == AWAY
            self._clear()
            self._stop.clear()
            self._lock(True)
            self._thread = threading.Thread(target=self._run, args=(target, away), daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Return when no steps are being taken any more."""
        if self._thread:
            self._thread.join()

    def _halt(self) -> None:
        """Stop, and wait until the network is free: it can answer one question at a time."""
        self._stop.set()
        self.wait()

    def _lock(self, running: bool) -> None:
        """While steps are taken, only Stop can be used."""
        self._running = running
        for widget in self._inputs:
            widget.disabled = running
        self.stop.disabled = not running

    def _run(self, target: int, away: bool) -> None:
        """All of a run, in its own thread."""
        epsilon, steps, method = self.epsilon.value, self.steps.value, self.method.value
        seen = ([], [])

        def draw(frames, history):
            nonlocal seen
            seen = frames, history
            self._draw(frames[-1], np.stack(history), {target}, epsilon, steps)

        wrong = ""
        try:
            walk = climb(self.model, self.picture[None], [target], epsilon, steps, method, "log-probability", away)
            follow(walk, draw, self._stop.is_set)
        except Exception as error:  # as in _guarded
            wrong = _sentence(error)
        if seen[0]:
            frames, history = map(np.stack, seen)
            self._finish(Trick(frames, history, frozenset({target}), epsilon, away, self.model))
        if wrong:
            self._say(wrong, wrong=True)
        self._lock(False)

    def _draw(self, picture: np.ndarray, history: np.ndarray, target: set[int], epsilon: int, steps: int) -> None:
        """Show one moment of a run: the picture, the change, the curves, the bars."""
        said = Prediction(history[-1], self.model.labels)
        classes = [c for c in plots.leading(history, target, k=4) if c in target or history[:, c].max() > FAINT]
        lab_view.colour(classes, self._colours)
        self.now.value = lab_view.jpeg(picture)
        self.change.value = lab_view.jpeg(plots.signed(picture - self.picture.astype(np.float32), epsilon), quality=40)
        self.now_caption.value = lab_view.caption("now", lab_view.top(said))
        self.change_caption.value = lab_view.caption(f"the change × {127.5 / epsilon:.0f}", f"at most {epsilon} of 255")
        self.curves.value = lab_view.curves(history, steps, {c: self._colours[c] for c in classes}, self.model.labels)
        self.bars.value = lab_view.bars(said, self._colours)
        self._say(f"Step {len(history) - 1} of {steps}.")

    def _finish(self, trick: Trick) -> None:
        """Say what has come of it, and offer to keep it."""
        self.trick = trick
        moved = int(np.abs(trick.change).max())
        self.change.value = lab_view.jpeg(plots.signed(trick.change, trick.epsilon))
        self.now.tooltip = f"The picture after the steps, which the network takes for {lab_view.top(trick.said_after)}"
        self.change.tooltip = f"The change, at most {moved} of 255 in any value, magnified"
        self.link.value = lab_view.download(images.png(self.trick.after), self._name())
        self.keep.layout.display = None
        self._say(f"{trick!r}.")

    # Keeping the picture

    def _name(self) -> str:
        """A file name that tells what the picture is: "panda-to-vulture-eps2.png"."""
        trick = self.trick
        (target,) = trick.target
        came_from = self.source.value or Path(self._upload[0]).stem
        to = f"{'not' if trick.less_like else 'to'}-{lab_view.plain(self.model.labels[target])}"
        return f"{lab_view.plain(came_from)}-{to}-eps{trick.epsilon}.png"

    def _save(self) -> None:
        path = _free(images.FOLDER / self._name())
        try:
            self._saved = self.trick.save(path)
        except OSError as error:
            why = error.strerror or error
            self._tell(f"{path.name} could not be saved into images/ ({why}). Download it instead.", wrong=True)
            return
        self._list()
        self._tell(f"Saved as images/{path.name}.")

    def _ask_again(self) -> None:
        """Read the picture back from its file (or from the bytes of the download) and ask what it is."""
        picture = images.load(self._saved or io.BytesIO(images.png(self.trick.after)))
        where = f"images/{self._saved.name}" if self._saved else "the PNG to download"
        if np.array_equal(picture, self.trick.after):
            same = "Every pixel is as it was"
        else:
            same = "Its pixels are not those that were saved: has something else written the file?"
        self._tell(f"Read back from {where}: {lab_view.top(self.model.predict(picture))}. {same}.")

    def _tell(self, text: str, wrong: bool = False) -> None:
        self.kept.value = lab_view.message(text, wrong)


def _box(kinds: str, *children: widgets.Widget) -> widgets.VBox:
    """Widgets in a box, of the given kinds in lab.css."""
    box = widgets.VBox(children)
    for kind in kinds.split():
        box.add_class(kind)
    return box


def _head(text: str, *lessons: int) -> widgets.HTML:
    head = widgets.HTML(lab_view.heading(text, *lessons))
    head.add_class("tn-part")
    return head


def _stacked(kind, label: str, **options) -> widgets.Widget:
    """A control below its label, instead of beside it."""
    widget = kind(description=label, **options)
    widget.add_class("tn-stack")
    return widget


def _number(label: str, **options) -> widgets.BoundedIntText:
    """A box for a number, with its label at the left."""
    box = widgets.BoundedIntText(description=label, **options)
    box.add_class("tn-number")
    return box


def _slider(number: widgets.BoundedIntText) -> widgets.IntSlider:
    """A slider for a number that has a box already: screen readers cannot name ipywidgets' sliders."""
    slider = widgets.IntSlider(value=number.value, min=number.min, max=number.max, readout=False)
    slider.add_class("tn-slider")
    widgets.link((number, "value"), (slider, "value"))
    return slider


def _file(name: str, content: bytes) -> io.BytesIO:
    """Bytes as an open file with a name, which error messages then can say."""
    file = io.BytesIO(content)
    file.name = name
    return file


def _free(path: Path) -> Path:
    """The path, or with the first number that no file has yet: nothing is overwritten."""
    candidates = (path.with_stem(f"{path.stem}-{n}") if n > 1 else path for n in range(1, 1000))
    return next(p for p in candidates if not p.exists())


def _sentence(error: Exception) -> str:
    """An error in a sentence: this library's own are sentences already."""
    text = str(error.args[0] if isinstance(error, KeyError) and error.args else error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        name = Path(error.filename).name if error.filename else "a file"
        return f"{name} could not be read ({error.strerror}). Click Refresh to see which pictures there are."
    return text if text.endswith((".", "?", ")")) else f"{text} ({type(error).__name__})."
