"""The lab's second part: what the picture is to become, or what is dreamt of, and the numbers of the steps there."""

import difflib
import random
from dataclasses import replace
from typing import Any

import ipywidgets as widgets

from tricknet.attacks.steps import METHODS, constant
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, number, show, slide, stacked
from tricknet.networks.classifier import Prediction
from tricknet.networks.labels import LabelError, Labels
from tricknet.networks.objectives import Channel, Logit, Objective, Strength

CHOSEN, LEAST, RANDOM, AWAY = "chosen", "least", "random", "away"
AIMS = [
    ("a class of your choice", CHOSEN),
    ("the class it is least like", LEAST),
    ("a class picked at random", RANDOM),
    ("anything but what it is", AWAY),
]
CLASS, LAYER, CHANNEL = "class", "layer", "channel"
SUBJECTS = [("a class", CLASS), ("a layer", LAYER), ("one channel of a layer", CHANNEL)]
SUGGESTIONS = ["vulture", "tennis ball", "teapot", "cocktail shaker", "paper towel", "shower cap"]
# First the walk that is easiest to watch: an eighth of epsilon at each step, as in the README's animation.
WALKS = {"small steps": replace(METHODS["sign"], reach=1 / 8, size=constant), **METHODS}
STEPS = {"trick": (30, 100), "dream": (200, 500), "octaves": (40, 200)}  # (at first, at most)


class Goal(Box):
    """A class, or a layer of which to dream, found by a part of its name. layers: those below the classifier."""

    def __init__(self, labels: Labels, layers: list[str]):
        self.labels, self.layers = labels, layers
        self.kind = CLASS  # of what is searched: CLASS or LAYER
        self._head = widgets.HTML()
        self.aim = stacked(widgets.Dropdown, "Turn it into", options=AIMS)
        self.subject = stacked(widgets.Dropdown, "Dream of", options=SUBJECTS)
        self.search = stacked(widgets.Text, "", placeholder="part of a name")
        self.found = stacked(widgets.Select, "", rows=4)
        self.channel = number("Channel", value=0, min=0, max=9999)
        self._channel = Box("tn-slide", self.channel)
        super().__init__("tn-part", self._head, self.aim, self.subject, self.search, self.found, self._channel)
        self.suggest()

    def arrange(self, dreams: bool) -> None:
        """Show what belongs to the mode. Where layers take the place of classes, the search begins anew."""
        show(not dreams, self.aim)
        show(dreams, self.subject)
        show(dreams or self.aim.value == CHOSEN, self.search, self.found)
        show(dreams and self.subject.value == CHANNEL, self._channel)
        self._head.value = view.heading("The dream", 12) if dreams else view.heading("The goal", 3, 6)
        kind = LAYER if dreams and self.subject.value != CLASS else CLASS
        self.search.description = "Search the layers" if kind == LAYER else f"Search the {len(self.labels)} classes"
        self.found.description = "Layers found" if kind == LAYER else "Classes found"
        if kind != self.kind:
            self.kind = kind
            self.search.value = ""
            self.suggest()

    def suggest(self) -> str:
        """List what the text may mean, the best match first. Returns its name; raises LabelError if there is none."""
        text = self.search.value.strip()
        options = self._layers(text) if self.kind == LAYER else self._classes(text)
        # Dreams of the middle layers are the richest.
        first = len(options) // 2 if self.kind == LAYER and not text else 0
        self.found.options = options
        self.found.value = options[first][1] if options else None
        if not options:
            raise LabelError(f'No {self.kind} has a name like "{text}".')
        return options[first][0].split(", ")[0]

    def _classes(self, text: str) -> list[tuple[str, int | str]]:
        labels = self.labels
        fits = [index for index, _ in labels.search(text)] if text else [labels.find(name) for name in SUGGESTIONS]
        return [(labels.listed(index, synonyms=2), index) for index in fits]

    def _layers(self, text: str) -> list[tuple[str, int | str]]:
        """Those whose name has the text in it, or else a name like it; of no text, the ends of the modules."""
        ends = [name for name in self.layers if name.endswith(("/output", "/concat"))] or self.layers
        fits = [name for name in self.layers if text.casefold() in name.casefold()] if text else ends
        return [(name, name) for name in fits or difflib.get_close_matches(text, self.layers, n=8)]

    def target(self, said: Prediction) -> int:
        """The class to aim for, given what the network says now. Raises LabelError if none has been chosen."""
        if self.aim.value == CHOSEN:
            return int(self._choice())
        if self.aim.value == RANDOM:
            return random.randrange(len(self.labels))
        return int(said.probabilities.argmin() if self.aim.value == LEAST else said.probabilities.argmax())

    def objective(self) -> tuple[Objective, str, int | None]:
        """What to dream of, in words too, and its class, if it is one. Raises LabelError if nothing has been chosen."""
        found = self._choice()
        if self.subject.value == CLASS:
            return Logit(found), self.labels[found], found
        if self.subject.value == CHANNEL:
            return Channel(found, self.channel.value), f"channel {self.channel.value} of {found}", None
        return Strength(found), found, None

    def _choice(self) -> Any:
        if self.found.value is None:
            raise LabelError(f"Choose a {self.kind} first: no name matches the search.")
        return self.found.value


class Steps(Box):
    """How many steps, how far, and by which method."""

    def __init__(self) -> None:
        self.epsilon = number("Epsilon", value=2, min=1, max=8)
        self.count = number("Steps", value=30, min=1, max=100)
        self.seed = number("Seed", value=0, min=0, max=99)
        self.method = stacked(widgets.Dropdown, "Method", options=list(WALKS))
        self._head = widgets.HTML()
        self._epsilon, self._seed = slide(self.epsilon), slide(self.seed)
        super().__init__("tn-part", self._head, self._epsilon, slide(self.count), self._seed, self.method)

    def arrange(self, kind: str) -> None:
        """Show what belongs to the kind of run. Another kind takes another number of steps."""
        dreams = kind != "trick"
        show(not dreams, self._epsilon, self.method)
        show(dreams, self._seed)
        self._head.value = view.heading("The steps", *([12] if dreams else [3, 5]))
        value, most = STEPS[kind]
        if self.count.max != most:  # else the reader's number stays
            self.count.max, self.count.value = most, value
