"""What there is to click and to see in the lab. It takes no steps and asks no network: lab.py does."""

import os
from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as widgets
import numpy as np
from IPython.display import Image

from tricknet import Labels, images, plots
from tricknet.arrays import Floats, Picture
from tricknet.paths import ROOT
from tricknet.plots.charts import colours_of
from tricknet.widgets import Described, Stored

STILL = ROOT / "docs" / "lab.png"  # drawn by scripts/generate/pictures.py
ALT = "The lab: controls; below them a panda before, the perturbation, the panda now, and curves of probabilities."
LEAST = 0.1  # a class gets a curve once it has been as probable as this
GRID = "".join(
    f'<path d="M36 {y}H600" stroke="#80808060"/><text x="0" y="{y + 4}" font-size="11" fill="currentColor">{p}%</text>'
    for p, y in ((100, 8), (50, 58), (0, 108))
)


class Framed(widgets.VBox):  # type: ignore[misc]
    """A picture with words below it."""

    def __init__(self) -> None:
        self.image = Described(layout=widgets.Layout(width="100%", margin="0"))
        self.words = widgets.HTML()
        # Pixel for pixel where there is room. On a telephone they look smaller, and yet each is saved as it is.
        super().__init__([self.image, self.words], layout=widgets.Layout(flex=f"0 1 {images.SIZE}px", min_width="0"))

    def show(self, picture: Picture, *lines: str) -> None:
        """Show a picture (uint8) and what it is."""
        self.image.draw(images.png(picture), ": ".join(lines))
        self.words.value = f'<div style="line-height:18px">{"<br>".join(map(escape, lines))}</div>'


class View(Stored, widgets.VBox):  # type: ignore[misc]
    """The controls, the pictures and the curves. labels: of the classes to choose from. methods: their names."""

    def __init__(self, labels: Labels, methods: Iterable[str]):
        self._text, self._labels, self.state = "The lab. Run this cell, and it appears here.", labels, {}
        self._still = Image(filename=str(STILL), alt=ALT)  # type: ignore[no-untyped-call]
        self._classes = {labels.listed(index): index for index in range(len(labels))}
        self.source = widgets.Dropdown(description="Picture")
        self.upload = widgets.FileUpload(accept=",".join(sorted(images.ENDINGS)), description="Upload a picture")
        self.goal = widgets.Combobox(description="Turn it into", value="vulture", continuous_update=False)
        self.goal.options = list(self._classes)
        self.epsilon = widgets.BoundedIntText(description="Epsilon", value=2, min=1, max=32)
        self.steps = widgets.BoundedIntText(description="Steps", value=30, min=1, max=100)
        self.method = widgets.Dropdown(description="Method", options=list(methods))
        self.settings = [self.source, self.upload, self.goal, self.epsilon, self.steps, self.method]
        for widget, width in zip(self.settings, (220, 160, 270, 115, 105, 180), strict=True):
            widget.style.description_width, widget.layout.width = "initial", f"{width}px"
        self.start = widgets.Button(description="Start", button_style="primary")
        self.stop = widgets.Button(description="Stop", tooltip="Stop, and keep the steps so far")
        self.save = widgets.Button(description="Save as PNG", tooltip="Save the exact picture into the folder images/")
        self.again = widgets.Button(description="Ask again", tooltip="Read the saved file, and ask the network")
        self.buttons = [self.start, self.stop, self.save, self.again]
        for button in self.buttons:
            button.layout.width = "104px"
        self.before, self.perturbation, self.now = self.frames = Framed(), Framed(), Framed()
        self.message, self.curves = widgets.HTML(), widgets.HTML(layout=widgets.Layout(max_width="700px"))
        pictures = widgets.HBox(self.frames, layout=widgets.Layout(grid_gap="12px"))
        what, how = _row(self.settings[:3]), _row(self.settings[3:] + self.buttons)
        super().__init__([what, how, self.message, pictures, self.curves, widgets.HTML(_elsewhere())])
        self.add_class("lab")
        self.unlock(running=False)

    def unlock(self, *, running: bool, made: bool = False, saved: bool = False) -> None:
        """Enable what can be used: while steps are taken, only Stop. made: is there a picture to save?"""
        for widget in (*self.settings, self.start):
            widget.disabled = running
        self.stop.disabled, self.save.disabled, self.again.disabled = not running, not made, not saved

    def say(self, state: str, text: str) -> None:
        """One sentence, which screen readers read out, at once if something has failed.

        state, for programs: "ready", "aimed", "running", "done", "saved", "same" or "other" (when read back), "failed".
        """
        role, mark = ("alert", "⚠ ") if state == "failed" else ("status", "")
        about = f'role="{role}" data-state="{state}"'
        self.message.value = f'<div {about} style="line-height:18px">{mark}{escape(text)}</div>'

    def target(self) -> int:
        """The class that is chosen there, or written by any of its names or its number. Raises LabelError for none."""
        text = self.goal.value
        return self._classes[text] if text in self._classes else self._labels.find(text)

    def draw(self, before: Picture, now: Picture, says: str) -> None:
        """Show a picture now, what the network says, and how the picture differs from the one before, magnified."""
        added = now.astype(int) - before
        most = int(np.abs(added).max())
        words = f"at most {most} out of 255" if most else "none yet"
        self.perturbation.show(plots.signed(added, most), "the perturbation, magnified", words)
        self.now.show(now, "now", says)

    def plot(self, history: Sequence[Floats], target: int, steps: int) -> None:
        """Draw what the network has said (moments x classes): the target, and each class that has ever had LEAST."""
        rows = np.stack(history)
        there = rows >= LEAST
        # In the order in which they came, so that no curve changes its colour.
        came = sorted(np.flatnonzero(there.any(axis=0)), key=lambda c: int(there[:, c].argmax()))
        classes = list(dict.fromkeys([target, *map(int, came)]))
        names = [f"{self._labels.listed(c)} {rows[-1, c]:.1%}" for c in classes]
        self.curves.value = curves(rows[:, classes], names, list(colours_of(classes).values()), steps)


def curves(rows: Floats, names: Sequence[str], colours: Sequence[str], steps: int) -> str:
    """Probabilities (moments x names) over all the steps as an SVG, with the names below it."""
    lines, words = "", ""
    for column, name, colour in zip(rows.T, names, colours, strict=True):
        ink = colour.replace("#000000", "currentColor")  # white on a dark page
        points = " ".join(f"{36 + 564 * step / steps:.1f},{108 - 100 * p:.1f}" for step, p in enumerate(column))
        lines += f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2"/>'
        words += f'<span style="white-space:nowrap"><b style="color:{ink}">—</b> {escape(name)} &emsp;</span> '
    alt = escape(f"Probabilities after {len(rows) - 1} of {steps} steps: {', '.join(names)}")
    drawing = f'<svg viewBox="0 0 600 114" role="img" aria-label="{alt}">{GRID}{lines}</svg>'
    return f"{drawing}<div>over {steps} steps: &ensp; {words}</div>"


def _row(parts: Sequence[widgets.Widget]) -> widgets.HBox:
    """Widgets side by side, as far as there is room."""
    return widgets.HBox(parts, layout=widgets.Layout(flex_flow="row wrap"))


def _elsewhere() -> str:
    """A link to the site's lab, where the Jupyter server has it."""
    site = os.environ.get("TRICKNET_SITE")
    words = "also paints, dreams, and puts a sticker on your picture."
    link = f'<a href="{escape(site or "")}web/lab/" target="_blank"><u>The lab in the browser</u></a>'
    return f"{link} {words}" if site else ""
