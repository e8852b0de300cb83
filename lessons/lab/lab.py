"""What the lab does when its controls are used."""

import io
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from lessons.lab.view import View
from tricknet import Class, Classifier, Prediction, Trick, images
from tricknet.arrays import Picture
from tricknet.attacks.attack import Counted, Moment, finish
from tricknet.attacks.steps import METHODS, Ascent, climb, constant
from tricknet.attacks.trick import best

# First the walk that is easiest to watch: an eighth of epsilon at each step, as in the README's animation.
WALKS = {"small steps": replace(METHODS["sign"], reach=1 / 8, size=constant), **METHODS}
SHARE = 0.2  # of the time at most is spent on drawing
GAP = 0.002  # seconds after each step in which a click on Stop can arrive: Caffe holds Python's lock during a pass


class Lab(View):
    """The lab: the last expression of a cell shows it. There is one at a time: a new lab closes the one before.

    picture: what was chosen (uint8, 224 x 224 x 3), or None before any could be read. trick: what the last run has led
    to, or None.
    """

    _open: ClassVar[Self | None] = None

    def __init__(self, model: Classifier):
        if Lab._open:
            Lab._open.close()
        Lab._open = self
        super().__init__(model.labels, WALKS)
        self.model = model
        self.picture: Picture | None = None
        self.trick: Trick | None = None
        self._name = ""  # of the picture
        self._uploads: dict[str, Picture] = {}
        self._saved: Path | None = None
        self.path: list[Moment] = []  # of the run: each picture, and what the network says about it
        self._network = model.copy()  # another cell may ask `model` while steps are taken here
        self._running: threading.Thread | None = None
        self._halted = False
        for widget, action in ((self.source, self.choose), (self.upload, self.receive), (self.goal, self.aim)):
            widget.observe(lambda _, action=action: self._guarded(action), "value")
        for button, action in zip(self.buttons, (self.begin, self.halt, self.keep, self.ask_again), strict=True):
            button.on_click(lambda _, action=action: self._guarded(action))
        self._list("panda" if "panda" in images.examples() else "cat")

    def close(self) -> None:
        """Stop, and leave page and memory: Jupyter keeps each widget, and with it whatever its clicks lead to."""
        self.halt()
        for widget in (*self.settings, *self.buttons, *self.children):
            widget.close()
        super().close()

    def _guarded(self, action: Callable[[], None]) -> None:
        """Do it, and turn any error into a sentence in the lab: nobody who uses it would see a traceback."""
        try:
            action()
        except Exception as error:
            text = str(error.args[0] if isinstance(error, KeyError) else error)  # whose own str would be in quotes
            self.say("failed", text if text.endswith(".") else f"{type(error).__name__}: {text or '?'}")

    # The picture and the target

    def _list(self, chosen: str) -> None:
        """List the pictures there are, and choose one. It comes first, for new options make the list select that."""
        self.source.options = list(dict.fromkeys([chosen, *self._uploads, *images.examples()]))
        self.source.value = chosen

    def choose(self) -> None:
        """Load the selected picture, and ask the network. If it cannot be read, the one before stays."""
        name = self.source.value
        if name == self._name:
            return
        try:
            picture = self._uploads[name] if name in self._uploads else images.load(name)
        except Exception:
            if self._name:
                self.source.value = self._name
            raise
        self.halt()
        self.picture, self._name, self.trick, self._saved = picture, name, None, None
        says = str(self._network.predict(picture))
        self.before.show(picture, "before", says)
        self.draw(picture, picture, says)
        self.curves.value = ""
        self.unlock(running=False)
        self.say("ready", f"Ready: {name}. The network says {says}.")

    def receive(self) -> None:
        """Take an uploaded picture, and choose it. One that cannot be read changes nothing."""
        for file in self.upload.value:
            self.upload.value = ()  # so that the same file can come again
            content, name = io.BytesIO(file.content), f"{Path(file.name).stem} (upload {len(self._uploads) + 1})"
            content.name = file.name  # for error messages
            self._uploads[name] = images.load(content)
            self._list(name)

    def aim(self) -> None:
        """Say which class is meant by what was written."""
        self.say("aimed", f"Target: {self.model.labels.listed(self.target(), synonyms=3)}.")

    # The steps

    def begin(self) -> None:
        """Take the steps, in a thread of their own so that Stop can be clicked."""
        if self.picture is None:
            raise images.NotAPictureError("Choose a picture first: the one in the list could not be read.")
        target = self.target()
        if not (self._running and self._running.is_alive()):  # two clicks count as one
            self.trick, self._saved, self.path, self._halted = None, None, [], False
            self.unlock(running=True)
            self._running = threading.Thread(target=self._take, args=[self.picture, target], daemon=True)
            self._running.start()

    def halt(self) -> None:
        """Take no more steps. What they have led to is kept."""
        self._halted = True
        self.wait()

    def wait(self) -> None:
        """Return once no more steps are being taken. Ctrl-C stops them."""
        try:
            if self._running:
                self._running.join()
        except KeyboardInterrupt:
            self.halt()

    def _take(self, picture: Picture, target: int) -> None:
        """Take the steps. Whatever fails, the lab can be used again."""
        self._guarded(partial(self._climb, picture, target))
        self.unlock(running=False, made=self.trick is not None)

    def _climb(self, picture: Picture, target: int) -> None:
        """Show the steps as they are taken, and keep what they have led to, even if one of them fails."""
        epsilon, steps, due, network = self.epsilon.value, self.steps.value, 0.0, Counted(self._network)
        ascent = Ascent(picture, epsilon=epsilon, steps=steps, method=WALKS[self.method.value])
        look = partial(network.predict_and_gradient, objectives=Class(target))
        try:
            for frame, prediction in climb(picture, look, ascent.further, steps=steps, last=network.predict):
                self.path.append((frame, prediction.probabilities))
                if (began := time.perf_counter()) >= due:
                    self.say("running", f"Step {len(self.path) - 1} of {steps}, towards {self.model.labels[target]}.")
                    self._show(target, -1)
                    due = time.perf_counter() + (time.perf_counter() - began) / SHARE
                time.sleep(GAP)
                if self._halted:
                    break
        finally:
            if self.path:
                goal = frozenset([target])
                made = finish(Trick, network, picture, self.path, target=goal, epsilon=epsilon, keep=best)
                self.trick = replace(made, model=self.model)
                self._show(target, self.trick.best_index)
                self.say("done", f"{self.trick!r}.")

    def _show(self, target: int, step: int) -> None:
        """Show the run so far, and the picture after one of its steps."""
        frame, probabilities = self.path[step]
        self.draw(self.path[0][0], frame, str(Prediction(probabilities, self.model.labels)))
        self.plot([row for _, row in self.path], target, self.steps.value)

    # Keeping the picture

    def keep(self) -> None:
        """Write the picture into images/, exactly, under a name that is free."""
        if self.trick:
            goal = self.model.labels[min(self.trick.target)]
            own = re.sub(r" \(upload \d+\)$", "", self._name)
            name = f"{file_name(own)}-to-{file_name(goal)}-eps{self.trick.epsilon}"
            paths = (images.FOLDER / f"{name}{f'-{n}' if n > 1 else ''}.png" for n in range(1, 1000))
            self._saved = images.save(self.trick.after, next(path for path in paths if not path.exists()))
            self._list(self._name)
            self.unlock(running=False, made=True, saved=True)
            lost = " It is lost when this session ends, so right-click the picture and save it, too."
            self.say("saved", f"Saved as images/{self._saved.name}.{lost * (os.environ.get('TRICKNET_KEPT') == 'no')}")

    def ask_again(self) -> None:
        """Read the saved picture back, and ask the network about it."""
        if self.trick and self._saved:
            picture = images.load(self._saved)
            same = np.array_equal(picture, self.trick.after)
            state, how = ("same", "Every value is") if same else ("other", "But its values are not")
            says = self._network.predict(picture)
            self.say(state, f"Read back from images/{self._saved.name}: {says}. {how} as it was saved.")


def file_name(name: str) -> str:
    """A name that every file system accepts: letters, digits and single hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold())[:48].strip("-") or "picture"
