"""All that there is to click and to see in the lab, and which of it belongs to each mode. lab.css lays it out."""

import ipywidgets as widgets

from tricknet.arrays import Picture
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, show, within
from tricknet.course.lab.goal import AWAY, LAYER, WALKS, Goal, Steps
from tricknet.course.lab.keep import Keep
from tricknet.course.lab.run import Dreaming, Run, Tricking
from tricknet.course.lab.screen import Screen
from tricknet.course.lab.shelf import NOISE, Shelf
from tricknet.course.lab.sticker import Sticker
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.labels import Labels

TRICK, DREAM, STICK = "trick", "dream", "stick"
MODES = [("Trick", TRICK), ("Dream", DREAM), ("Sticker", STICK)]


class Panel(Box):
    """The lab's parts. layers: those of which it can dream."""

    def __init__(self, labels: Labels, layers: list[str]):
        self.mode = widgets.RadioButtons(description="Mode", options=MODES, orientation="horizontal")
        self.mode.add_class("tn-mode")
        self.shelf, self.goal, self.sticker, self.steps = Shelf(), Goal(labels, layers), Sticker(), Steps()
        self._controls = Box("tn-controls", self.mode, self.shelf, self.goal, self.sticker, self.steps)
        self.start = widgets.Button(description="Start", button_style="primary", tooltip="Start the steps")
        self.stop = widgets.Button(description="Stop", disabled=True, tooltip="Stop, and keep the steps so far")
        self.message = widgets.HTML()
        go = Box("tn-row tn-go", self.start, self.stop, self.message)
        self.screen, self.keep = Screen(labels, self.sticker.board), Keep()
        live = Box("tn-live", go, self.screen.pictures, self.screen.graphs, self.keep)
        super().__init__("tn-lab", widgets.HTML(view.STYLE), Box("tn-columns", self._controls, live))
        self.arrange()

    def say(self, text: str, wrong: bool = False) -> None:
        """Show one sentence beside Start and Stop."""
        self.message.value = view.message(text, wrong)

    def lock(self, running: bool) -> None:
        """Leave only Stop usable while steps are taken."""
        for widget in (*within(self._controls), self.start):
            if widget.has_trait("disabled"):
                widget.disabled = running
        self.stop.disabled = not running

    @property
    def sticks(self) -> bool:
        """Is a sticker to be moved over the picture?"""
        return bool(self.mode.value == STICK)

    @property
    def from_noise(self) -> bool:
        """Does a run begin with noise, and not with a picture?"""
        return bool(self.mode.value == DREAM and self.shelf.begin.value == NOISE)

    @property
    def _deep(self) -> bool:
        """Is a layer to dream on a picture? It does so in octaves."""
        return self.goal.kind == LAYER and not self.from_noise

    def arrange(self) -> None:
        """Show what belongs to the mode and to the choices in it, and hide the rest."""
        dreams, sticks = self.mode.value == DREAM, self.sticks
        self.shelf.arrange(dreams)
        self.goal.arrange(dreams)
        self.steps.arrange("octaves" if self._deep else "dream" if dreams else "trick")
        self.screen.arrange(dreams, sticks)
        show(not sticks, self.goal, self.steps, self.start, self.stop)
        show(sticks, self.sticker, self.sticker.board)

    def run(self, network: Classifier, start: Picture, said: Prediction) -> Run:
        """The run that the controls ask for. said: about the picture at its start. Raises LabelError without a goal."""
        goal, numbers, name = self.goal, self.steps, self.shelf.plain_name
        steps, seed, epsilon, method = (n.value for n in (numbers.count, numbers.seed, numbers.epsilon, numbers.method))
        if self.mode.value != DREAM:
            target, less_like = goal.target(said), goal.aim.value == AWAY
            return Tricking(
                network,
                start,
                name=name,
                steps=steps,
                target=target,
                less_like=less_like,
                epsilon=epsilon,
                method=WALKS[method],
            )
        objective, what, dreamt = goal.objective()
        name, deep = "" if self.from_noise else name, self._deep
        return Dreaming(
            network, start, name=name, steps=steps, target=dreamt, objective=objective, what=what, deep=deep, seed=seed
        )
