"""What the lab does when its controls are used."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self

import ipywidgets as widgets
from IPython.display import Image

from tricknet import images
from tricknet.arrays import Picture
from tricknet.attacks.dream import noise
from tricknet.attacks.trick import Trick
from tricknet.course.lab import view
from tricknet.course.lab.controls import within
from tricknet.course.lab.panel import Panel
from tricknet.course.lab.run import Run, Tricking, follow
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.paths import ROOT
from tricknet.widgets import with_still

STILL = ROOT / "docs" / "lab.png"  # made by scripts/generate/screenshots.py


class Lab:
    """The lab: the last expression of a cell shows it. There is one at a time: a new lab closes the one before.

    `picture` is what was chosen (uint8, 224 x 224 x 3). After a run `trick` is its Trick, or `dream` the picture that
    was dreamt; `stuck` is the picture with a sticker. Otherwise they are None. `panel` is what there is to see.
    """

    _open: ClassVar[Self | None] = None

    def __init__(self, model: Classifier):
        # Jupyter keeps every widget and every output, and with them a network of 40 MB or more for each run of a cell.
        if Lab._open:
            Lab._open.close()
        Lab._open = self
        self.model = model
        # A network answers one question at a time, and another cell may ask `model` while steps are taken here.
        self._network = model.copy()
        self.panel = Panel(model.labels, self._network.trunk)
        self.picture: Picture | None = None
        self.trick: Trick | None = None
        self.dream: Picture | None = None
        self.stuck: Picture | None = None
        self._chosen: tuple[Picture, Prediction] | None = None
        self._first: tuple[Picture, Prediction] | None = None  # what a run begins with: the same, or noise
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._connect()
        self._guarded(lambda: self._list("panda" if "panda" in images.examples() else "cat"))

    def __repr__(self) -> str:
        return "The lab. Run this cell, and it appears here."

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widgets, with a still picture of them for pages that no kernel serves."""
        bundle = self.panel._repr_mimebundle_(**kwargs) | {"text/plain": repr(self)}
        return with_still(bundle, _still()) if STILL.exists() else (bundle, {})

    def close(self) -> None:
        """Stop, leave the page, and free the network. What has been made stays: `trick`, `dream`, `stuck`."""
        self._halt()
        for widget in within(self.panel):
            widget.close()
        vars(self).pop("_network", None)
        if Lab._open is self:
            Lab._open = None

    def _connect(self) -> None:
        panel, shelf, goal, sticker = self.panel, self.panel.shelf, self.panel.goal, self.panel.sticker

        def on(action: Callable[[], Any], *chosen: widgets.Widget, name: str = "value") -> None:
            for widget in chosen:
                widget.observe(lambda change: self._guarded(action), names=name)

        shelf.on_choice(lambda: self._guarded(self._choose))
        shelf.upload.on_file(lambda *file: self._guarded(lambda: self._receive(*file)))
        on(self._search, goal.search)
        on(panel.arrange, goal.aim, goal.subject)
        on(self._reset, panel.mode, shelf.begin)
        on(lambda: self._reset() if panel.from_noise else None, panel.steps.seed)  # another seed is another noise
        on(self._stick, sticker.which, sticker.size)
        on(self._stick, sticker.movable, name="at")
        on(self._stick, sticker.movable, name="held")
        for button, action in (
            (shelf.refresh, self._refresh),
            (panel.start, self._start),
            (panel.stop, self._stop.set),
            (panel.keep.save, lambda: self._list() if panel.keep.write() else None),
            (panel.keep.again, lambda: panel.keep.ask_again(self._network)),
        ):
            button.on_click(lambda _, action=action: self._guarded(action))

    def _guarded(self, action: Callable[[], Any]) -> None:
        """Do it, and turn any error into a sentence on the page, so that the lab stays usable."""
        try:
            action()
        except Exception as error:  # nobody who uses the lab would see a traceback
            self.panel.say(_sentence(error), wrong=True)

    # The picture, the goal and the sticker

    def _list(self, wanted: str | None = None) -> None:
        """List the available pictures, and keep the current choice if it is still there."""
        if not self.panel.shelf.fill(wanted) or self.picture is None:
            self._choose()

    def _refresh(self) -> None:
        self._list()
        self.panel.say(f"{len(self.panel.shelf.source.options)} pictures to choose from.")

    def _receive(self, name: str, size: int, content: bytes) -> None:
        self._halt()
        self.panel.shelf.receive(name, size, content)
        self._choose()

    def _choose(self) -> None:
        """Load the selected picture, ask the network, and start afresh."""
        self._halt()
        self.picture = self.panel.shelf.load()
        self._chosen = self.picture, self._network.predict(self.picture)
        self._reset()

    def _reset(self) -> None:
        """Start afresh: as if there had never been a run."""
        panel = self.panel
        self._halt()
        panel.arrange()
        if panel.from_noise:
            picture = noise(seed=panel.steps.seed.value)
            self._first = picture, self._network.predict(picture)
        else:
            self._first = self._chosen
        if self._first:  # else it has been said what is wrong
            self._clear()
            name = "noise" if panel.from_noise else panel.shelf.source.label
            panel.say(f"Ready: {name}. The network says {view.top(self._first[1])}.")
            self._stick()

    def _clear(self) -> None:
        self.trick = self.dream = self.stuck = None
        self.panel.screen.reset(*self._beginning(), self.panel.steps.count.value)
        self.panel.keep.withdraw()

    def _beginning(self) -> tuple[Picture, Prediction]:
        """What a run begins with. Raises NotAPictureError if there is nothing."""
        if self._first is None:
            raise images.NotAPictureError("Choose a picture first: the one in the list could not be read.")
        return self._first

    def _search(self) -> None:
        found = self.panel.goal.suggest()
        if self.panel.goal.search.value.strip():
            self.panel.say(f"Goal: {found}.")

    def _stick(self) -> None:
        """Put the sticker where the reader has moved it, and ask the network. Once let go, it is offered to be kept."""
        panel, sticker = self.panel, self.panel.sticker
        if not panel.sticks:
            return
        picture, said = self._beginning()
        self.stuck = sticker.on(picture)
        now = self._network.predict(self.stuck)
        sticker.draw(self.stuck, now)
        panel.screen.draw_bars(now, [int(said.probabilities.argmax())], now.labels.find(sticker.which.value))
        if not sticker.movable.held:
            how = "Drag the sticker, or move it with the arrow keys."
            panel.say(f"{view.top(said)} → {view.top(now)}. {how}")
            panel.keep.tell("")
            panel.keep.offer(self.stuck, f"{panel.shelf.plain_name}-with-{view.plain(sticker.which.value)}.png")

    # The steps

    def _start(self) -> None:
        with self._starting:  # two clicks may arrive in two threads; they start one run
            if self.panel.start.disabled:
                return
            self.wait()
            run = self.panel.run(self._network, *self._beginning())
            self._clear()
            self._stop.clear()
            self.panel.lock(True)
            self._thread = threading.Thread(target=self._guarded, args=(lambda: self._take(run),), daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Return once no more steps are being taken."""
        if self._thread:
            self._thread.join()

    def _halt(self) -> None:
        """Stop, and wait until the network is free: it can answer one question at a time."""
        self._stop.set()
        self.wait()

    def _take(self, run: Run) -> None:
        """Take the steps, and keep what they have led to, even if one of them fails."""
        try:
            for progress in follow(run, self._stop.is_set):
                self.panel.screen.draw(progress)
                self.panel.say(f"Step {run.done} of {run.steps}, {run.doing}.")
        except Exception:
            if run.done > 0:
                self._finish(run)
            raise
        else:
            self._finish(run)
        finally:
            self.panel.lock(False)

    def _finish(self, run: Run) -> None:
        """Show what the run ends with, sum it up, and offer to save the picture."""
        end = run.end()
        if isinstance(run, Tricking):
            self.trick = run.trick(self.model)
        else:
            self.dream = end.now
        self.panel.screen.draw(end)
        self.panel.keep.offer(end.now, run.file)
        self.panel.say(run.sentence())


def _still() -> Image:
    alt = "The lab: controls at the left; at the right a panda, the perturbation, the panda now, curves and bars."
    return Image(filename=str(STILL), alt=alt)  # type: ignore[no-untyped-call]


def _sentence(error: Exception) -> str:
    """An error as a sentence; this library's own already are."""
    text = str(error.args[0] if isinstance(error, KeyError) and error.args else error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        name = Path(error.filename).name if error.filename else "a file"
        return f"{name} could not be read ({error.strerror}). Click Refresh to update the list."
    return text if text.endswith((".", "?", ")")) else f"{text} ({type(error).__name__})."
