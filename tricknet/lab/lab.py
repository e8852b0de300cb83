"""The lab: choose or upload a picture, choose a class, watch the picture turn into it, and save the result.

`Lab(model)` as the last line of a cell shows it. What there is to see is in lab_panel.py, its HTML in view.py, its
looks in lab.css, and how steps and drawings share the time in lab_run.py.
"""

import io
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
from IPython.display import Image

from tricknet import images
from tricknet.arrays import Floats, Picture
from tricknet.interact import with_still
from tricknet.lab import view
from tricknet.lab.panel import AWAY, CHOSEN, LEAST, RANDOM, Panel
from tricknet.lab.run import follow
from tricknet.labels import LabelError
from tricknet.model import Classifier, Prediction
from tricknet.objectives import Class
from tricknet.trick import Trick, climb

type Action = Callable[[], Any]

MAX_UPLOAD = 30_000_000  # bytes
STILL = Path(__file__).resolve().parents[2] / "docs" / "lab.png"  # made by scripts/screenshots.py
SUGGESTIONS = ["vulture", "tennis ball", "teapot", "cocktail shaker", "paper towel", "shower cap"]


class Lab(Panel):
    """The lab as a widget: the last expression of a cell shows it.

    `picture` is what was chosen (uint8, 224 x 224 x 3), `trick` the Trick of the last run, or None. The model is loaded
    a second time, for the lab alone.
    """

    def __init__(self, model: Classifier):
        self.model = model
        # A network answers one question at a time, and another cell may ask `model` while steps are taken here.
        self._network = Classifier(model.prototxt, model.weights, model.logits, model.mean, model.name)
        self.picture: Picture | None = None
        self.said: Prediction | None = None
        self.trick: Trick | None = None
        self._name = ""  # of the chosen picture; "" is the uploaded one
        self._upload: tuple[str, bytes] | None = None
        self._saved: Path | None = None
        self._thread: threading.Thread | None = None
        self._running = False
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._listing = False
        super().__init__(model.labels)
        self._connect()
        self._guarded(lambda: self._list("panda" if "panda" in images.examples() else "cat"))
        self._suggest()

    def __repr__(self) -> str:
        return "The lab. Run this cell, and it appears here."

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, with a still picture of it for pages that no kernel serves."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if not STILL.exists():
            return bundle, {}
        alt = "The lab: controls at the left; at the right a panda before, the change and a panda now, curves and bars."
        return with_still(bundle, Image(filename=str(STILL), alt=alt))  # type: ignore[no-untyped-call]

    def _connect(self) -> None:
        def on(widget: widgets.Widget, name: str, action: Action) -> None:
            widget.observe(lambda change: self._guarded(action), names=name)

        on(self.source, "value", self._choose)
        on(self.whole, "value", self._choose)
        on(self.upload, "value", self._receive)
        on(self.search, "value", self._suggest)
        on(self.goal, "value", self.show_goal)
        for button, action in (
            (self.refresh, self._refresh),
            (self.start, self._start),
            (self.stop, self._stop.set),
            (self.save, self._save),
            (self.again, self._ask_again),
        ):
            button.on_click(lambda _, action=action: self._guarded(action))

    def _guarded(self, action: Action) -> None:
        """Do it, and turn any error into a sentence on the page, so that the lab stays usable."""
        try:
            action()
        except Exception as error:  # nobody who uses the lab would see a traceback
            self.say(_sentence(error), wrong=True)

    # The picture

    def _list(self, select: str | None = None) -> None:
        """List the available pictures, and keep the current choice."""
        options = [(name.replace("_", " "), name) for name in images.examples()]
        if self._upload:
            options.insert(0, (f"{self._upload[0]} (uploaded)", ""))
        wanted = self.source.value if select is None else select
        with self._quiet():
            self.source.options = options  # this selects the first
        self._select(wanted)
        if self.picture is None or self.source.value != wanted:
            self._choose()

    def _select(self, name: str) -> None:
        """Select `name` in the dropdown, if it is listed, without loading it."""
        with self._quiet():
            if name in [option for _, option in self.source.options]:
                self.source.value = name

    def _refresh(self) -> None:
        self._list()
        self.say(f"{len(self.source.options)} pictures to choose from.")

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """New options make a dropdown select the first, and nobody has chosen that one."""
        self._listing = True
        try:
            yield
        finally:
            self._listing = False

    def _choose(self) -> None:
        """Load the selected picture, ask the network, and start afresh."""
        if self._listing:
            return
        self._halt()
        try:
            picture = self._load(self.source.value)
        except Exception:
            self._select(self._name)
            raise
        self._name = self.source.value
        self.picture, self.said = picture, self._network.predict(picture)
        self._clear(self.picture, self.said)
        self.say(f"Ready: {self.source.label}. The network says {view.top(self.said)}.")

    def _clear(self, picture: Picture, said: Prediction) -> None:
        """As if there had never been a run."""
        self.trick, self._saved = None, None
        self.show(picture, said)

    def _load(self, name: str) -> Picture:
        if self._upload and not name:
            return images.load(_file(*self._upload), crop=not self.whole.value)
        return images.example(name, crop=not self.whole.value)

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
                f"{name} has {file['size'] / 1e6:.0f} MB, and the lab takes {MAX_UPLOAD / 1e6:.0f} at most. "
                "Make it smaller, or put it into the folder images/ and click Refresh."
            )
        content = bytes(file["content"])
        images.load(_file(name, content))  # a bad file is reported before anything changes
        self._upload = (name, content)
        self._list("")
        self._choose()

    # The goal

    def _suggest(self) -> None:
        """List the classes that the text may mean, the best match first."""
        labels, text = self.model.labels, self.search.value.strip()
        fits = [index for index, _ in labels.search(text)] if text else [labels.find(name) for name in SUGGESTIONS]
        self.found.options = [(", ".join(labels.names(index)[:2]), index) for index in fits]
        self.found.value = fits[0] if fits else None
        if text:
            self.say(f"Goal: {labels[fits[0]]}." if fits else f'No class has a name like "{text}".', wrong=not fits)

    def _target(self, said: Prediction) -> int:
        """The class to aim for, given what the network says now. Raises LabelError if none has been chosen."""
        if self.goal.value == CHOSEN:
            if self.found.value is None:
                raise LabelError("Choose a class first: no name matches the search.")
            return int(self.found.value)
        if self.goal.value == RANDOM:
            return random.randrange(len(self.model.labels))
        p = said.probabilities
        return int(p.argmin() if self.goal.value == LEAST else p.argmax())

    # The steps

    def _start(self) -> None:
        with self._starting:  # two clicks may arrive in two threads; they start one run
            if self._running:
                return
            self.wait()
            if self.picture is None or self.said is None:
                raise images.NotAPictureError("Choose a picture first: the one in the list could not be read.")
            target, away = self._target(self.said), self.goal.value == AWAY
            self._clear(self.picture, self.said)
            self._stop.clear()
            self._running = True
            self.lock(True)
            self._thread = threading.Thread(target=self._run, args=(self.picture, target, away), daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Return once no more steps are being taken."""
        if self._thread:
            self._thread.join()

    def _halt(self) -> None:
        """Stop, and wait until the network is free: it can answer one question at a time."""
        self._stop.set()
        self.wait()

    def _run(self, picture: Picture, target: int, away: bool) -> None:
        """A whole run, in its own thread."""
        epsilon, steps, method = self.epsilon.value, self.steps.value, self.method.value
        goal = f"{'away from' if away else 'towards'} {self.model.labels[target]}"
        frames: list[Picture] = []
        history: list[Floats] = []
        wrong = ""

        def draw() -> None:
            self.draw(frames, history, {target}, epsilon, steps)
            self.say(f"Step {len(history) - 1} of {steps}, {goal}.")

        try:
            objective = -Class(target) if away else Class(target)
            walk = climb(self._network, picture[None], objective, epsilon=epsilon, steps=steps, method=method)
            follow(walk, frames, history, draw, self._stop.is_set)
        except Exception as error:  # as in _guarded
            wrong = _sentence(error)
        try:
            if history:
                trick = Trick(np.stack(frames), np.stack(history), frozenset({target}), epsilon, away, self.model)
                self._finish(trick, steps)
            if wrong:
                self.say(wrong, wrong=True)
        finally:
            self._running = False
            self.lock(False)

    def _finish(self, trick: Trick, steps: int) -> None:
        """Show where the run ended, sum it up, and offer to save the picture."""
        self.trick = trick
        self.draw(trick.frames, trick.history, trick.target, trick.epsilon, steps)
        self.now.tooltip = f"The picture after the steps: {view.top(trick.said_after)}"
        self.change.tooltip = f"The change, magnified: at most {np.abs(trick.change).max()} out of 255 in any value"
        self.link.value = view.download(images.png(trick.after), self._file_name(trick))
        self.keep.layout.display = None
        short = "" if trick.fooled else " To get further, try more steps or a larger epsilon."
        self.say(f"{trick!r}.{short}")

    # Keeping the picture

    def _file_name(self, trick: Trick) -> str:
        """A file name that tells what the picture is: "panda-to-vulture-eps2.png"."""
        (target,) = trick.target
        came_from = self._name or (Path(self._upload[0]).stem if self._upload else "")
        to = f"{'not' if trick.less_like else 'to'}-{view.plain(self.model.labels[target])}"
        return f"{view.plain(came_from)}-{to}-eps{trick.epsilon}.png"

    def _save(self) -> None:
        if self.trick is None:
            return
        path = _free(images.FOLDER / self._file_name(self.trick))
        try:
            self._saved = self.trick.save(path)
        except OSError as error:
            why = error.strerror or error
            self.tell(f"{path.name} could not be saved into images/ ({why}). Download it instead.", wrong=True)
            return
        self._list()
        self.tell(f"Saved as images/{path.name}.")

    def _ask_again(self) -> None:
        """Read the picture back from its file (or from the bytes of the download) and ask the network about it."""
        if self.trick is None:
            return
        picture = images.load(self._saved or io.BytesIO(images.png(self.trick.after)))
        where = f"images/{self._saved.name}" if self._saved else "the PNG to download"
        if np.array_equal(picture, self.trick.after):
            same = "Every pixel is as it was"
        else:
            same = "Its pixels are not those that were saved: has something else written the file?"
        self.tell(f"Read back from {where}: {view.top(self._network.predict(picture))}. {same}.")


def _file(name: str, content: bytes) -> io.BytesIO:
    """Bytes as an open file with a name, so that error messages can mention it."""
    file = io.BytesIO(content)
    file.name = name
    return file


def _free(path: Path) -> Path:
    """The path, or the same with the first free number: nothing is overwritten."""
    candidates = (path.with_stem(f"{path.stem}-{n}") if n > 1 else path for n in range(1, 1000))
    return next(p for p in candidates if not p.exists())


def _sentence(error: Exception) -> str:
    """An error as a sentence; this library's own already are."""
    text = str(error.args[0] if isinstance(error, KeyError) and error.args else error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        name = Path(error.filename).name if error.filename else "a file"
        return f"{name} could not be read ({error.strerror}). Click Refresh to update the list."
    return text if text.endswith((".", "?", ")")) else f"{text} ({type(error).__name__})."
