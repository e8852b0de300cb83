"""What the lab shows of a run: the pictures, exactly, and what the network says about them."""

from collections.abc import Collection

import ipywidgets as widgets
import numpy as np

from tricknet import plots
from tricknet.arrays import Picture
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, show
from tricknet.course.lab.run import Progress
from tricknet.networks.classifier import Prediction
from tricknet.networks.labels import Labels
from tricknet.widgets import Titled

FAINT = 0.02  # a class that never had more gets no curve


class Framed(Box):
    """A picture with its caption."""

    def __init__(self) -> None:
        self.image, self.caption = Titled(format="png"), widgets.HTML()
        super().__init__("tn-picture", self.image, self.caption)

    def show(self, picture: Picture, what: str, said: str, title: str) -> None:
        """Show a picture: what it is and what is said about it, and a title for those who cannot see it."""
        self.image.value, self.image.tooltip = view.png(picture), title
        self.caption.value = view.caption(what, said)


class Screen:
    """The pictures before and now, the perturbation, the curves and the bars. board: a picture beside them."""

    def __init__(self, labels: Labels, board: widgets.Widget):
        self._labels = labels
        self.before, self.perturbation, self.now = Framed(), Framed(), Framed()
        self.curves, self.bars = widgets.HTML(), widgets.HTML()
        self.pictures = Box("tn-pictures", self.before, self.perturbation, self.now, board)
        self.graphs = Box("tn-graphs", self.curves, self.bars)

    def arrange(self, dreams: bool, sticks: bool) -> None:
        """Show what belongs to the mode."""
        show(not dreams and not sticks, self.perturbation)
        show(not sticks, self.now, self.curves)

    def reset(self, picture: Picture, said: Prediction, steps: int) -> None:
        """Show a picture and what the network says about it, as if there had never been a run."""
        self._colours: dict[int, str] = {}
        words = view.top(said)
        for frame, what in ((self.before, "before"), (self.now, "now")):
            frame.show(picture, what, words, f"The picture: {words}")
        self.perturbation.show(np.full_like(picture, 128), "the perturbation", "none yet", "No perturbation yet")
        none = np.empty((0, len(self._labels)), np.float32)
        self.curves.value = view.curves(none, [], steps, {}, self._labels)
        self.draw_bars(said)

    def draw(self, progress: Progress) -> None:
        """Show how far a run has got: the picture, the curves, the bars, and the perturbation if it has a limit."""
        now, at = progress.now, progress.at
        target = set() if progress.target is None else {progress.target}
        rows = np.asarray(progress.history, np.float32)
        said = Prediction(rows[progress.shown], self._labels)
        words = view.top(said)
        classes = [c for c in plots.leading(rows, target, k=4) if c in target or rows[:, c].max() > FAINT]
        self.now.show(now, "now", words, f"The picture after {at[progress.shown]} steps: {words}")
        self.draw_bars(said, classes, progress.target)
        colours = {c: self._colours[c] for c in classes}
        self.curves.value = view.curves(rows, at, progress.steps, colours, self._labels)
        if progress.epsilon:
            added = now.astype(np.float32) - progress.before
            most = f"at most {np.abs(added).max():.0f} out of 255"
            title = f"The perturbation, magnified: {most} in any value"
            magnified = plots.signed(added, progress.epsilon)
            self.perturbation.show(magnified, f"the perturbation × {127.5 / progress.epsilon:.0f}", most, title)

    def draw_bars(self, said: Prediction, classes: Collection[int] = (), wanted: int | None = None) -> None:
        """Show what the network says; `classes` get colours of their own, and keep them. The wanted one is accented."""
        view.colour(classes, self._colours, wanted)
        self.bars.value = view.bars(said, self._colours)
