"""What the lab does when its controls are used."""

import io
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from lessons.lab.run import WALKS, Run
from lessons.lab.view import View
from tricknet import Classifier, Prediction, Trick, images
from tricknet.arrays import Picture

SHARE = 0.2  # of the time at most is spent on drawing
GAP = 0.002  # seconds after each step in which a click on Stop can arrive: Caffe holds Python's lock during a pass


class Lab:
    """The lab: the last expression of a cell shows it. There is one at a time: a new lab closes the one before.

    picture: what was chosen (uint8, 224 x 224 x 3). trick: what the last run has led to, or None.
    """

    _open: ClassVar[Self | None] = None

    def __init__(self, model: Classifier):
        if Lab._open:
            Lab._open.close()
        Lab._open = self
        self.model, self.view = model, View(model.labels, WALKS)
        self.picture: Picture | None = None
        self.trick: Trick | None = None
        self._name = ""  # of the picture
        self._uploads: dict[str, Picture] = {}
        self._saved: Path | None = None
        self._run: Run | None = None
        self._network = model.copy()  # another cell may ask `model` while steps are taken here
        self._free = threading.Lock()  # held by whoever asks the network: it answers one question at a time
        self._connect()
        self._list("panda" if "panda" in images.examples() else "cat")

    def __repr__(self) -> str:
        return repr(self.view)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.view._repr_mimebundle_(**kwargs)

    def close(self) -> None:
        """Stop, and leave page and memory: Jupyter keeps each widget, and with it whatever its clicks lead to."""
        self.stop()
        for widget in (*self.view.settings, *self.view.buttons, *self.view.children, self.view):
            widget.close()

    def _connect(self) -> None:
        view = self.view
        for widget, action in ((view.source, self.choose), (view.upload, self.receive), (view.goal, self.aim)):
            widget.observe(lambda _, action=action: self._guarded(action), "value")
        for button, action in zip(view.buttons, (self.start, self.stop, self.save, self.ask_again), strict=True):
            button.on_click(lambda _, action=action: self._guarded(action))

    def _guarded(self, action: Callable[[], None]) -> None:
        """Do it, and turn any error into a sentence in the lab: nobody who uses it would see a traceback."""
        try:
            action()
        except Exception as error:
            text = str(error.args[0] if isinstance(error, KeyError) else error)  # whose own str would be in quotes
            self.view.say(text if text.endswith(".") else f"{type(error).__name__}: {text or '?'}", wrong=True)

    def _says(self, picture: Picture) -> str:
        with self._free:
            return str(self._network.predict(picture))

    # The picture and the target

    def _list(self, chosen: str) -> None:
        """List the pictures there are, and choose one. It comes first, for new options make the list select that."""
        self.view.source.options = list(dict.fromkeys([chosen, *self._uploads, *images.examples()]))
        self.view.source.value = chosen

    def choose(self) -> None:
        """Load the selected picture and ask the network. If it cannot be read, the one before stays."""
        name = self.view.source.value
        if name == self._name:
            return
        try:
            picture = self._uploads[name] if name in self._uploads else images.example(name)
        except Exception:
            if self._name:
                self.view.source.value = self._name
            raise
        self.stop()
        self.picture, self._name, self.trick, self._saved = picture, name, None, None
        says = self._says(picture)
        self.view.begin(picture, says)
        self.view.unlock(running=False)
        self.view.say(f"Ready: {name}. The network says {says}.")

    def receive(self) -> None:
        """Take an uploaded picture, and choose it. One that cannot be read changes nothing."""
        for file in self.view.upload.value:
            self.view.upload.value = ()  # so that the same file can come again
            content, name = io.BytesIO(file.content), f"{Path(file.name).stem} (uploaded)"
            content.name = file.name  # for error messages
            self._uploads[name] = images.load(content)
            self._name = ""  # which may have been this one's
            self._list(name)
            self.choose()  # the list says nothing if it has selected this one already

    def aim(self) -> None:
        """Say which class is meant by what was written."""
        self.view.say(f"Target: {self.model.labels.listed(self.view.target(), synonyms=3)}.")

    # The steps

    def start(self) -> None:
        """Take the steps, in a thread of their own so that Stop can be clicked."""
        view = self.view
        if self.picture is None:
            raise images.NotAPictureError("Choose a picture first: the one in the list could not be read.")
        how = {"epsilon": view.epsilon.value, "steps": view.steps.value, "method": view.method.value}
        run = Run(self._network, self.picture, view.target(), **how)
        if self._free.acquire(blocking=False):  # else steps are being taken: of two clicks one counts
            self._run, self.trick, self._saved = run, None, None
            threading.Thread(target=self._take, args=[run], daemon=True).start()

    def stop(self) -> None:
        """Take no more steps. What they have led to is kept."""
        if self._run:
            self._run.stopped = True
        self.wait()

    def wait(self) -> None:
        """Return once no more steps are being taken. Ctrl-C stops them."""
        try:
            with self._free:
                pass
        except KeyboardInterrupt:
            self.stop()

    def _take(self, run: Run) -> None:
        self.view.unlock(running=True)
        self._guarded(lambda: self._follow(run))
        self.view.unlock(running=False, made=self.trick is not None)
        self._free.release()

    def _follow(self, run: Run) -> None:
        """Show the steps as they are taken, and keep what they have led to, even if one of them fails."""
        due = 0.0
        try:
            for _ in run:
                if (began := time.perf_counter()) >= due:
                    self._show(run, len(run.frames) - 1)
                    due = time.perf_counter() + (time.perf_counter() - began) / SHARE
                time.sleep(GAP)
        finally:
            if run.frames:
                self.trick = run.trick(self.model)
                self._show(run, self.trick.best_index)
                self.view.say(f"{self.trick!r}.")

    def _show(self, run: Run, step: int) -> None:
        """Show a run so far, and the picture after one of its steps."""
        self.view.say(f"Step {len(run.frames) - 1} of {run.steps}, towards {self.model.labels[run.target]}.")
        self.view.draw(run.picture, run.frames[step], str(Prediction(run.history[step], self.model.labels)))
        self.view.plot(run.history, run.target, run.steps)

    # Keeping the picture

    def save(self) -> None:
        """Write the picture into images/, exactly, under a name that is free."""
        if self.trick and self._run:
            goal = self.model.labels[self._run.target]
            name = f"{file_name(self._name)}-to-{file_name(goal)}-eps{self._run.epsilon}"
            paths = (images.FOLDER / f"{name}{f'-{n}' if n > 1 else ''}.png" for n in range(1, 1000))
            self._saved = images.save(self.trick.after, next(path for path in paths if not path.exists()))
            self._list(self._name)
            self.view.unlock(running=False, made=True, saved=True)
            lost = " It is lost when this session ends, so right-click the picture and save it, too."
            self.view.say(f"Saved as images/{self._saved.name}.{lost * (os.environ.get('TRICKNET_KEPT') == 'no')}")

    def ask_again(self) -> None:
        """Read the saved picture back, and ask the network about it."""
        if self.trick and self._saved:
            picture = images.load(self._saved)
            same = "Every value is" if np.array_equal(picture, self.trick.after) else "But its values are not"
            self.view.say(f"Read back from images/{self._saved.name}: {self._says(picture)}. {same} as it was saved.")


def file_name(name: str) -> str:
    """A name that every file system accepts: letters, digits and single hyphens."""
    return re.sub(r"[\W_]+", "-", name.removesuffix(" (uploaded)").casefold())[:48].strip("-") or "picture"
