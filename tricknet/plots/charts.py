"""Charts: bars, curves and axes, drawn by Matplotlib."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from IPython.display import Image
from matplotlib.figure import Figure

# Okabe and Ito's colours (2008), which colour-blind people can tell apart too.
PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"]
# Classes that several lessons speak of keep their colour in all figures.
COLOURS = {
    388: "#000000",  # giant panda
    23: "#d55e00",  # vulture
    700: "#0072b2",  # paper towel
    885: "#8a3ba8",  # velvet
    235: "#000000",  # German shepherd
    852: "#009e73",  # tennis ball
}


class Plot(Image):
    """A drawn figure as a notebook shows it: a picture with alternative text. `.figure` is Matplotlib's own."""

    def __init__(self, figure: Figure, alt: str, photo: bool = False):
        self.figure = figure
        buffer = io.BytesIO()
        kind = "jpeg" if photo else "png"  # a photograph as PNG would make the notebook ten times heavier
        figure.savefig(buffer, format=kind, dpi=110, bbox_inches="tight", facecolor="white")
        super().__init__(data=buffer.getvalue(), format=kind, alt=alt)

    def save(self, path) -> Path:
        """Write the figure to a file; the name's ending chooses the format."""
        self.figure.savefig(path, dpi=150, bbox_inches="tight", facecolor="white")
        return Path(path)


def colours_of(classes: Sequence[int]) -> dict[int, str]:
    """A colour for each class: its own where it has one, else the next free one of the palette."""
    fixed = {c: COLOURS[c] for c in classes if c in COLOURS}
    free = (colour for colour in PALETTE if colour not in fixed.values())
    return {c: fixed.get(c) or next(free, "#bbbbbb") for c in classes}


def new_axes(width: float, height: float, columns: int = 1, rows: int = 1):
    """A figure of a size in inches, and its axes (rows x columns)."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def plain(axes, *, grid: bool = True) -> None:
    """Leave out the frame's top and right, and draw pale horizontal lines."""
    axes.spines[["top", "right"]].set_visible(False)
    if grid:
        axes.grid(axis="y", color="#dddddd")
        axes.set_axisbelow(True)


def bars(predictions, titles: Iterable[str] = (), k: int = 5) -> Plot:
    """The k most probable classes of one prediction, or of several side by side."""
    predictions = list(predictions) if isinstance(predictions, (list, tuple)) else [predictions]
    titles = [titles] if isinstance(titles, str) else list(titles)
    figure, axes = new_axes(4.2 * len(predictions), 0.35 * k + 0.9, len(predictions))
    said = []
    for ax, prediction in zip(axes.flat, predictions, strict=True):
        top = prediction.top(k)[::-1]
        colours = colours_of([i for i, _, _ in reversed(top)])
        drawn = ax.barh(
            [name for _, name, _ in top],
            [p for _, _, p in top],
            color=[colours[i] for i, _, _ in top],
        )
        ax.bar_label(drawn, [f"{p:.1%}" for _, _, p in top], padding=3)
        ax.set_xlim(0, 1.18)
        ax.set_xticks([])
        ax.spines[["top", "right", "bottom"]].set_visible(False)
        said.append(", ".join(f"{name} {p:.1%}" for _, name, p in reversed(top)))
    for ax, title in zip(axes.flat, titles, strict=False):
        ax.set_title(title, fontsize=11)
    return Plot(figure, "Bars: " + "; ".join(said))


def leading(history: np.ndarray, target: Iterable[int] = (), k: int = 5) -> list[int]:
    """The classes worth a curve: the targets, then those with the highest peak over the steps."""
    peaks = np.argsort(-history.max(axis=0), kind="stable")
    return list(dict.fromkeys([*sorted(target), *(int(c) for c in peaks[:k])]))


def plot_steps(trick, classes: Iterable[int] | None = None, title: str = "") -> Plot:
    """The probabilities over the steps, of `classes` or of those that lead at some time."""
    labels, history = trick.model.labels, trick.history
    classes = list(classes) if classes is not None else leading(history, trick.target)
    figure, ((ax,),) = new_axes(7.5, 3.4)
    draw_steps(ax, history, classes, labels)
    ax.set_title(title or repr(trick).split(" in ")[0], fontsize=11)
    last = ", ".join(f"{labels[c]} from {history[0, c]:.1%} to {history[-1, c]:.1%}" for c in classes)
    return Plot(figure, f"Probabilities over {len(history) - 1} steps: {last}.")


def draw_steps(ax, history: np.ndarray, classes: Sequence[int], labels, xs=None) -> None:
    """The curves of `plot_steps` on given axes: one line a class over the steps (or over `xs`)."""
    colours = colours_of(classes)
    xs = np.arange(len(history)) if xs is None else xs
    for c in classes:
        ax.plot(xs, history[:, c], color=colours[c], label=labels[c], linewidth=2)
    ax.set_ylim(-0.02, 1.02)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel("step")
    ax.set_ylabel("probability")
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    plain(ax)
