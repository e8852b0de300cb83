"""What the lab does when its controls are used: load, search, start, stop, keep."""

import difflib
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
from tricknet.arrays import Picture
from tricknet.attacks import sticker
from tricknet.attacks.dream import noise
from tricknet.attacks.trick import Trick
from tricknet.course.interact import with_still
from tricknet.course.lab import view
from tricknet.course.lab.panel import AWAY, CHANNEL, CHOSEN, CLASS, LEAST, MAX_UPLOAD, NOISE, RANDOM, Panel
from tricknet.course.lab.run import Dreaming, Run, Tricking, follow
from tricknet.networks.caffe_net import LayerError
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.labels import LabelError
from tricknet.networks.objectives import Channel, Logit, Objective, Strength
from tricknet.paths import ROOT

type Action = Callable[[], Any]

STILL = ROOT / "docs" / "lab.png"  # made by scripts/generate/screenshots.py
SUGGESTIONS = ["vulture", "tennis ball", "teapot", "cocktail shaker", "paper towel", "shower cap"]


class Lab(Panel):
    """The lab as a widget: the last expression of a cell shows it.

    `picture` is what was chosen (uint8, 224 x 224 x 3). After a run `trick` is its Trick, or `dream` the picture that
    was dreamt (uint8, 224 x 224 x 3); `stuck` is the picture with a sticker (the same). Else they are None. The model
    is loaded a second time, for the lab alone.
    """

    def __init__(self, model: Classifier):
        self.model = model
        # A network answers one question at a time, and another cell may ask `model` while steps are taken here.
        self._network = model.copy()
        self.picture: Picture | None = None
        self.said: Prediction | None = None
        self.trick: Trick | None = None
        self.dream: Picture | None = None
        self.stuck: Picture | None = None
        self._first: tuple[Picture, Prediction] | None = None  # what a run begins with
        self._kept: tuple[Picture, str] | None = None  # the picture to keep, and a name for its file
        self._name = ""  # of the chosen picture; "" is the uploaded one
        self._upload: tuple[str, bytes] | None = None
        self._saved: Path | None = None
        self._thread: threading.Thread | None = None
        self._running = False
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._listing = False
        self._lists_layers = False
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
        self.upload.on_file(lambda *file: self._guarded(lambda: self._receive(*file)))
        on(self.search, "value", self._suggest)
        on(self.goal, "value", self.arrange)
        for widget in (self.mode, self.subject):
            on(widget, "value", self._switch)
        for widget in (self.mode, self.begin):
            on(widget, "value", self._reset)
        on(self.seed, "value", self._reseed)
        on(self.movable, "at", self._stick)
        on(self.movable, "held", self._offer)
        for widget in (self.sticker, self.size):
            on(widget, "value", self._stick)
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
        self._reset()

    def _reset(self) -> None:
        """Start afresh: as if there had never been a run."""
        self._halt()
        self.arrange()
        self._first = None
        if self._from_noise:
            picture = noise(seed=self.seed.value)
            self._first = picture, self._network.predict(picture)
        elif self.picture is not None and self.said is not None:
            self._first = self.picture, self.said
        if self._first:  # else it has been said what is wrong
            self._clear()
            name = "noise" if self._from_noise else self.source.label
            how = " Drag the sticker, or move it with the arrow keys." if self.sticks else ""
            self.say(f"Ready: {name}. The network says {view.top(self._first[1])}.{how}")
            self._stick()

    def _reseed(self) -> None:
        """Another seed is another noise. A picture stays as it is."""
        if self._from_noise:
            self._reset()

    def _clear(self) -> None:
        self.trick = self.dream = self.stuck = self._kept = self._saved = None
        self.show(*self._beginning())

    def _beginning(self) -> tuple[Picture, Prediction]:
        """What a run begins with. Raises NotAPictureError if there is nothing."""
        if self._first is None:
            raise images.NotAPictureError("Choose a picture first: the one in the list could not be read.")
        return self._first

    @property
    def _from_noise(self) -> bool:
        return self.dreams and self.begin.value == NOISE

    def _load(self, name: str) -> Picture:
        if self._upload and not name:
            return images.load(_file(*self._upload), crop=not self.whole.value)
        return images.example(name, crop=not self.whole.value)

    def _receive(self, name: str, size: int, content: bytes) -> None:
        """Take an uploaded file, if it is a picture."""
        self._halt()
        name = Path(name.replace("\\", "/")).name[-60:] or "picture"
        if size > MAX_UPLOAD:
            raise images.NotAPictureError(
                f"{name} has {size / 1e6:.0f} MB, and the lab takes {MAX_UPLOAD / 1e6:.0f} at most. "
                "Make it smaller, or put it into the folder images/ and click Refresh."
            )
        images.load(_file(name, content))  # a bad file is reported before anything changes
        self._upload = (name, content)
        self._list("")
        self._choose()

    # The goal

    def _switch(self) -> None:
        """The mode or the subject has changed, and with it what is searched."""
        self.arrange()
        if self._lists_layers != self.of_layer:
            self.search.value = ""
            self._suggest()

    def _suggest(self) -> None:
        """List the classes, or the layers, that the text may mean, the best match first."""
        text, self._lists_layers = self.search.value.strip(), self.of_layer
        options = self._layers(text) if self.of_layer else self._classes(text)
        first = len(options) // 2 if self.of_layer and not text else 0  # dreams of the middle layers are the richest
        self.found.options = options
        self.found.value = options[first][1] if options else None
        if text:
            kind = "layer" if self.of_layer else "class"
            goal = options[0][0].split(", ")[0] if options else ""
            self.say(f"Goal: {goal}." if options else f'No {kind} has a name like "{text}".', wrong=not options)

    def _classes(self, text: str) -> list[tuple[str, int]]:
        labels = self.model.labels
        fits = [index for index, _ in labels.search(text)] if text else [labels.find(name) for name in SUGGESTIONS]
        return [(labels.listed(index, synonyms=2), index) for index in fits]

    def _layers(self, text: str) -> list[tuple[str, str]]:
        """Layers below the classifier: those whose name has the text in it, or else a name like it."""
        layers = self._network.trunk
        fits = [name for name in layers if text.casefold() in name.casefold()] if text else _ends(layers)
        fits = fits or difflib.get_close_matches(text, layers, n=8)
        return [(name, name) for name in fits]

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
            run = self._dreaming() if self.dreams else self._tricking()
            self._clear()
            self._stop.clear()
            self._running = True
            self.lock(True)
            self._thread = threading.Thread(target=self._take, args=(run,), daemon=True)
            self._thread.start()

    @property
    def _plain_name(self) -> str:
        """The chosen picture's name, for file names."""
        return view.plain(self._name or (Path(self._upload[0]).stem if self._upload else ""))

    def _tricking(self) -> Tricking:
        picture, said = self._beginning()
        return Tricking(
            self._network,
            picture,
            self._target(said),
            away=self.goal.value == AWAY,
            epsilon=self.epsilon.value,
            steps=self.steps.value,
            method=self.method.value,
            name=self._plain_name,
        )

    def _dreaming(self) -> Dreaming:
        picture, _ = self._beginning()
        objective, what = self._objective()
        where = "" if self._from_noise else f"{self._plain_name}-"
        return Dreaming(
            self._network,
            objective,
            picture,
            what=what,
            target=None if self.of_layer else int(self.found.value),
            deep=self.deep,
            steps=self.steps.value,
            seed=self.seed.value,
            file=f"{where}dream-of-{view.plain(what)}-seed{self.seed.value}.png",
        )

    def _objective(self) -> tuple[Objective, str]:
        """What to dream of, and its name. Raises LabelError or LayerError if nothing has been chosen."""
        found, subject = self.found.value, self.subject.value
        if found is None:
            kind, error = ("class", LabelError) if subject == CLASS else ("layer", LayerError)
            raise error(f"Choose a {kind} first: no name matches the search.")
        if subject == CLASS:
            return Logit(found), self.model.labels[found]
        if subject == CHANNEL:
            return Channel(found, self.channel.value), f"channel {self.channel.value} of {found}"
        return Strength(found), found

    def wait(self) -> None:
        """Return once no more steps are being taken."""
        if self._thread:
            self._thread.join()

    def _halt(self) -> None:
        """Stop, and wait until the network is free: it can answer one question at a time."""
        self._stop.set()
        self.wait()

    def _take(self, run: Run) -> None:
        """A whole run, in its own thread."""
        wrong = ""

        def draw() -> None:
            run.draw(self)
            self.say(f"Step {run.done} of {run.steps}, {run.doing}.")

        try:
            follow(run, draw, self._stop.is_set)
        except Exception as error:  # as in _guarded
            wrong = _sentence(error)
        try:
            if run.done >= (1 if wrong else 0):
                self._finish(run)
            if wrong:
                self.say(wrong, wrong=True)
        finally:
            self._running = False
            self.lock(False)

    def _finish(self, run: Run) -> None:
        """Show where the run ended, sum it up, and offer to save the picture."""
        self._kept = run.after, run.file
        if isinstance(run, Tricking):
            self.trick = run.trick(self.model)
        else:
            self.dream = run.after
        run.draw(self)
        self.offer(*self._kept)
        self.say(run.sentence())

    # The sticker

    def _stick(self) -> None:
        """Put the sticker where the reader has moved it, and ask the network."""
        if not self.sticks:
            return
        picture, said = self._beginning()
        chosen = sticker.ready(self.sticker.value)
        row, column = self.movable.at
        self.movable.size = self.size.value
        self.stuck = chosen.on(picture, (row, column), self.size.value)
        before, wanted = int(said.probabilities.argmax()), self.model.labels.find(chosen.label)
        self.draw_sticker(self.stuck, self._network.predict(self.stuck), [wanted, before])
        self._offer()

    def _offer(self) -> None:
        """Offer to keep what has been dragged, once it has been let go."""
        if self.stuck is not None and not self.movable.held:
            self._kept, self._saved = (
                (self.stuck, f"{self._plain_name}-with-{view.plain(self.sticker.value)}.png"),
                None,
            )
            self.tell("")
            self.offer(*self._kept)

    # Keeping the picture

    def _save(self) -> None:
        if self._kept is None:
            return
        picture, file = self._kept
        path = _free(images.FOLDER / file)
        try:
            self._saved = images.save(picture, path)
        except OSError as error:
            why = error.strerror or error
            self.tell(f"{path.name} could not be saved into images/ ({why}). Download it instead.", wrong=True)
            return
        self._list()
        self.tell(f"Saved as images/{path.name}.")

    def _ask_again(self) -> None:
        """Read the picture back from its file (or from the bytes of the download) and ask the network about it."""
        if self._kept is None:
            return
        kept, _ = self._kept
        picture = images.load(self._saved or io.BytesIO(images.png(kept)))
        where = f"images/{self._saved.name}" if self._saved else "the PNG to download"
        if np.array_equal(picture, kept):
            same = "Every pixel is as it was"
        else:
            same = "Its pixels are not those that were saved: has something else written the file?"
        self.tell(f"Read back from {where}: {view.top(self._network.predict(picture))}. {same}.")


def _ends(layers: list[str]) -> list[str]:
    """The layers at which a network's modules end: a few to choose from."""
    return [name for name in layers if name.endswith(("/output", "/concat"))] or layers


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
