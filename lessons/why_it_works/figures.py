"""Lesson 5's figures: what a lead is worth, leads and flipped switches along a step, and where switches flip."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from tricknet.arrays import Numbers
from tricknet.colours import BLUE, GREEN, RED, grey
from tricknet.counting import interval
from tricknet.plots.charts import ACCENT, Plot, new_axes, plain, spread
from tricknet.plots.intervals import key, shares_upward

Curves = Mapping[str, Numbers]  # what it is: its height at each place
STYLES: dict[str, dict[str, Any]] = {  # of curves, by their names; others are grey
    "promised": {"color": grey(3), "linestyle": "--"},
    "as it is": {"color": RED, "linewidth": 2.5},
    "the step": {"color": RED, "linewidth": 2.5},
    "ReLUs frozen": {"color": BLUE},
    "everything frozen": {"color": grey(9), "linewidth": 5, "alpha": 0.5},
    "max-pooling frozen": {"color": GREEN},
    "32 pixels aside": {"color": BLUE},
    "coins of 40": {"color": GREEN},
}


def sure(lead: float = 12.44) -> Plot:
    """Lesson 4's sigmoid over the lead of a class, with a disc at this lead."""
    figure, ((ax,),) = new_axes(2.6)
    leads, p = np.linspace(-15, 15, 301), 1 / (1 + np.exp(-lead))
    for left in (-15, 5):
        ax.axvspan(left, left + 10, color=grey(14), zorder=0)
        ax.text(left + 5, 0.5, "flat here", ha="center", va="center", fontsize=11)
    ax.plot(leads, 1 / (1 + np.exp(-leads)), color=BLUE, linewidth=2)
    ax.plot(lead, p, "o", color=ACCENT, markersize=8)
    shares_upward(ax, xlim=(-15, 15), ylim=(-0.1, 1.1), xlabel="lead of the class", ylabel="probability")
    ax.set_title(f"lead {lead:.1f}, probability {p:.4%}".replace("-", "−"), fontsize=10)
    return Plot(figure, f"The sigmoid, flat on both sides. At a lead of {lead:.1f} it is {p:.4%}.")


def along(panels: Mapping[str, Curves], below: str) -> Plot:
    """Curves along one step, evenly spaced from 0 to 1: a panel each, of leads or scores, and then of shares (0..1).

    panels: {what is drawn: {curve: its height at each place}}. below: what it means if the first panel's are below 0.
    """
    figure, axes = new_axes(1.6 * len(panels) + 0.8, rows=len(panels))
    way = np.linspace(0, 1, len(next(iter(next(iter(panels.values())).values()))))
    words = [_draw(ax, way, curves, name) for ax, (name, curves) in zip(axes[:, 0], panels.items(), strict=True)]
    axes[0, 0].axhline(0, color=grey(9), linewidth=1)
    axes[0, 0].text(0.02, 0.1, below, color=grey(5), transform=axes[0, 0].transAxes)
    axes[-1, 0].set_xlabel("how far each value has moved (pixel values)")
    for ax in axes[1:, 0]:
        ax.yaxis.set_major_formatter("{x:.0%}")
    return Plot(figure, f"Along the step, from 0 to 1. {' '.join(words)}")


def by_depth(ratios: Mapping[str, Mapping[str, Sequence[float]]]) -> Plot:
    """How many times as many ReLUs flip in each module as with another step: the mean, its 95% interval as a band.

    ratios: {step: {module, from the picture upwards: a ratio for each photograph}}.
    """
    figure, ((ax,),) = new_axes(3)
    modules = list(next(iter(ratios.values())))
    means = {step: np.array([np.mean(values) for values in each.values()]) for step, each in ratios.items()}
    words = _draw(ax, np.arange(len(modules)), means, "ReLUs that flip, compared with\nthe same signs 32 pixels aside")
    for step, each in ratios.items():
        low, high = np.transpose([interval(values) for values in each.values()])
        ax.fill_between(np.arange(len(modules)), low, high, color=_style(step)["color"], alpha=0.25, linewidth=0)
    ax.set(ylim=(0, None), xlabel="layer or module, from the picture up to the scores")
    ax.set_xticks(range(len(modules)), [name.replace("conv", "c") for name in modules])
    ax.yaxis.set_major_formatter("{x:.0f}×")
    return Plot(figure, f"From the first layer to the last module, {words}")


def pushes(steps: Mapping[str, Sequence[tuple[float, float]]]) -> Plot:
    """What `push` gives for each step and photograph: a dot each, and a disc at a step's mean."""
    figure, ((ax,),) = new_axes(3.2)
    means = {step: np.mean(values, axis=0) for step, values in steps.items()}
    for step, values in steps.items():
        ax.plot(*np.transpose(values), ".", color=_style(step)["color"], alpha=0.4)
        ax.plot(*means[step], "o", color=_style(step)["color"], mec="white", markersize=9, label=step)
    ax.axhline(0, color=grey(9), linewidth=1)
    ax.set(xlim=0, xlabel="how far the features move", ylabel="← away from the class\ndirection (cosine)")
    ax.xaxis.set_major_formatter("{x:.0%}")
    key(ax, len(steps))
    words = [f"{step} by {x:.0%}, {y:.2f}" for step, (x, y) in means.items()]
    return Plot(figure, f"How far the features move, and the direction: {'; '.join(words)}.".replace(" -", " −"))


def maps(flipped: Mapping[str, Mapping[str, Any]], modules: Mapping[str, str]) -> Plot:
    """Where ReLUs flip: a column for each step, a row for each module, brighter where more of its units flip.

    flipped: {step: what `Switches.flipped` gives}. modules: {what a module's layers begin with: what to call it}.
    """
    figure, axes = new_axes(1.9 * len(modules), len(flipped), len(modules))
    words = []
    for row, (module, title) in zip(axes, modules.items(), strict=True):
        row[0].set_ylabel(title)
        for ax, (step, layers) in zip(row, flipped.items(), strict=True):
            units = np.concatenate([layers[name] for name in layers if name.startswith(f"{module}/relu")])
            ax.imshow(units.mean(axis=0), cmap="magma", vmin=0, vmax=0.25)
            ax.set(xticks=[], yticks=[])
            ax.set_title(f"{step}: {units.mean():.1%}", fontsize=10)
            words.append(f"{title}, {step}: {units.mean():.1%}")
    return Plot(figure, f"Maps of the places at which ReLUs flip. {'; '.join(words)}.")


def _draw(ax: Axes, x: Numbers, curves: Curves, ylabel: str) -> str:
    """Draw curves, each with its name where it ends; gives the same in words."""
    for name, curve in curves.items():
        ax.plot(x, curve, **_style(name))
    ax.set(xlim=(x[0], x[-1]), ylabel=ylabel)
    plain(ax)
    low, high = ax.get_ylim()
    ends = {i: (float(curve[-1]) - low) / (high - low) for i, curve in enumerate(curves.values())}
    apart = 0.2 / ax.get_window_extent().height * ax.figure.dpi  # of the height: a line of words, 0.2 inches
    for (name, _), height in zip(curves.items(), dict(sorted(spread(ends, apart).items())).values(), strict=True):
        ax.text(1.02, height, name, color=_style(name)["color"], va="center", transform=ax.transAxes)
    told = [f"{name} from {curve[0]:.2g} to {curve[-1]:.2g}".replace(" -", " −") for name, curve in curves.items()]
    return f"{ylabel.replace(chr(10), ' ')}: {', '.join(told)}."


def _style(name: str) -> dict[str, Any]:
    return {"linewidth": 1.5, "color": grey(8)} | STYLES.get(name, {})
