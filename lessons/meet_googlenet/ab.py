"""A test of your own eyes: ten times one of two pictures, and you say which. Would a coin do as well?"""

import html
import random
import time
from collections.abc import Mapping
from math import comb

import ipywidgets as widgets
import numpy as np

from lessons.meet_googlenet import figures as coin
from tricknet import images
from tricknet.arrays import GREY, Picture
from tricknet.plots.sheet import enlarged
from tricknet.widgets import Described, Stored

ENLARGE = 2  # a pixel is shown as a square of this many pixels per side
PAUSE = 0.4  # seconds of grey between two pictures
TRIALS = 10


class Trials(Stored, widgets.VBox):  # type: ignore[misc]
    """Ten trials: one of the pictures, a button for each name, the answer; then the result, and ten new ones.

    pictures: two pictures (uint8, height x width x 3) by the names on their buttons; they are shown exactly.
    Each trial tosses a coin of its own. Equal numbers of both, shuffled, would be less fair: whoever counts would know
    the last one before seeing it. And there is no seed, so that nobody can learn the order, not even by running the
    cell again. `toss` and `pause` (seconds) are for tests.

    Where there is no kernel, what a coin gets is shown instead.
    """

    def __init__(self, pictures: Mapping[str, Picture], *, toss: random.Random | None = None, pause: float = PAUSE):
        self._pictures, self._toss, self._pause = dict(pictures), toss or random.SystemRandom(), pause
        self._question = f"{' or '.join(pictures).capitalize()}?"
        self._text = f"{self._question} Run this cell, and find out how many of {TRIALS} you get right."
        self._still, self.state = coin.tosses(TRIALS), {}
        self.image, self.status, self.result = Described(), widgets.HTML(), Described()
        self.answers = {name: widgets.Button(description=name) for name in pictures}
        self.next = widgets.Button(button_style="primary")
        for name, button in self.answers.items():
            button.on_click(lambda _, name=name: self._answer(name))
        self.next.on_click(lambda _: self._go_on())
        super().__init__([self.status, widgets.HBox([*self.answers.values(), self.next]), self.image, self.result])
        self._done = self._right = 0
        self._show_next()

    def _show_next(self) -> None:
        """Toss the coin, and show its picture after a moment of grey: in one place the eye would see the change."""
        self.result.layout.display = "none"
        self._truth = self._toss.choice(list(self._pictures))
        picture, what = self._pictures[self._truth], f"Picture {self._done + 1} of {TRIALS}"
        self._say("asked", f"{what}. {self._question}")
        self.image.draw(images.png(enlarged(np.full_like(picture, GREY), ENLARGE)), what)
        time.sleep(self._pause)
        self.image.draw(images.png(enlarged(picture, ENLARGE)), what)
        self._wait_for_answer(True)

    def _wait_for_answer(self, waiting: bool) -> None:
        """Enable either the answers or the button for the next trial."""
        for button in self.answers.values():
            button.disabled = not waiting
        self.next.disabled = waiting
        self.next.description = "Ten new ones" if self._done == TRIALS else "Next"

    def _answer(self, name: str) -> None:
        """The reader has answered: say what it was, and after the last one how many answers were right."""
        if self.answers[name].disabled:  # a second click before the first one's answer had arrived
            return
        right = name == self._truth
        self._done, self._right = self._done + 1, self._right + right
        state, word = ("right", "Right") if right else ("wrong", "Wrong")
        words = f"{word}: that was the {self._truth.lower()}."
        if self._done < TRIALS:
            self._say(state, f"{words} {_times(self._right, 'So far you have been right')} out of {self._done}.")
        else:
            self._say(state, f"{words} {verdict(self._right)}")
            chart = coin.tosses(TRIALS, self._right)
            self.result.draw(chart.data, chart.alt)
            self.result.layout.display = ""
        self._wait_for_answer(False)
        self.next.focus()  # or the keyboard would be left on a button that is disabled

    def _go_on(self) -> None:
        if self.next.disabled:  # a second click before the next picture was there
            return
        self.next.disabled = True
        if self._done == TRIALS:
            self._done = self._right = 0
        self._show_next()
        next(iter(self.answers.values())).focus()

    def _say(self, state: str, words: str) -> None:
        """A sentence that screen readers read out too. state, for programs: "asked", "right" or "wrong"."""
        self.status.value = f'<div role="status" data-state="{state}">{html.escape(words)}</div>'


def verdict(right: int, trials: int = TRIALS) -> str:
    """The result, and what it means: what a coin would get as often, or hardly ever."""
    half = trials / 2
    as_far = range(right, trials + 1) if right >= half else range(right + 1)
    coins = sum(comb(trials, k) for k in as_far) / 2**trials  # the share of coins that get as far from the half
    result = f"{_times(right, 'You were right')} out of {trials}. "
    if coins > 0.1:
        return result + "A coin does as well."
    once = f"once in {round(1 / coins)} tests"
    if right > half:
        return result + f"A coin does that well only {once}. Luck, or sharp eyes? Ten new ones will tell."
    return result + f"A coin does that badly only {once}. Bad luck, or do you see it and mix up the names?"


def _times(n: int, words: str) -> str:
    return f"{words} {'once' if n == 1 else f'{n} times'}"
