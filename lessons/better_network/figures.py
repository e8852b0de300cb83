"""Lesson 15's figures: two networks as they learn, what tells twins apart, two walks."""

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.better_network.drawings import LENGTH
from tricknet import Classifier, walks
from tricknet.arrays import Numbers, Pictures
from tricknet.colours import grey
from tricknet.island import Island
from tricknet.plots import Sheet
from tricknet.plots.charts import Plot, new_axes
from tricknet.plots.intervals import shares_upward
from tricknet.plots.pictures import HOLDS

COLOURS = [grey(7), HOLDS]  # of a plain network, and of one that is trained on tricks: lesson 14 has them too


def learning(mine: Mapping[str, Numbers], stored: Mapping[str, Sequence[Numbers]], found: Mapping[str, str]) -> Plot:
    """How much of each new batch is right at first sight: a bold line for each network, and faint ones for stored runs.

    mine: shares, one for each batch. stored: per cent, a mean over each ten batches. found: of each of mine, in words.
    """
    figure, ((ax,),) = new_axes(3)
    words: list[str] = []
    for (name, firsts), colour in zip(mine.items(), COLOURS, strict=False):
        for curve in stored[name]:
            ax.plot(10 * np.arange(1, len(curve) + 1) - 5, np.divide(curve, 100), color=colour, alpha=0.25)
        tens = [np.mean(firsts[i : i + 10]) for i in range(0, len(firsts), 10)]
        ax.plot(10 * np.arange(1, len(tens) + 1) - 5, tens, color=colour, linewidth=2.5)
        ax.text(118, 0.18 - 0.1 * len(words), f"{name}: {found[name]}", color=colour, ha="right")
        words.append(f"{name}: from {tens[0]:.0%} to {tens[-1]:.0%}, and {found[name]}")
    shares_upward(ax, ylim=(0, 1), xlabel="batches", ylabel="right at first sight")
    return Plot(figure, f"Two curves that rise and level off. {'; '.join(words)}. Faint: five stored runs of each.")


def twins(panels: Mapping[str, Mapping[int, Mapping[str, Sequence[float]]]]) -> Plot:
    """A panel for each count: for each number of batches a line for each pair, from one twin's share to the other's."""
    figure, axes = new_axes(5.4, 2, len(panels) // 2)
    words = []
    for ax, (title, groups) in zip(axes.flat, panels.items(), strict=True):
        for left, (batches, both) in zip((0, 1.8), groups.items(), strict=True):
            for pair in zip(*both.values(), strict=True):
                ax.plot([left, left + 1], pair, color=grey(12), zorder=1)
                ax.scatter([left, left + 1], pair, color=COLOURS, zorder=2)
            words += [f"{title}, {batches}: {name} {min(one):.0%} to {max(one):.0%}" for name, one in both.items()]
        ax.set_xticks([0.5, 2.3], list(groups))
        ax.set_title(title, fontsize=11)
        shares_upward(ax, xlabel="batches", xlim=(-0.4, 3.2), ylim=(0, 1))
        ax.tick_params(labelleft=ax in axes[:, 0])
    for height, name, colour in zip((0.17, 0.06), both, COLOURS, strict=True):
        axes[0, 0].text(0, height, name, color=colour, fontsize=11, weight="bold")
    return Plot(figure, f"Each line joins the two networks of a pair. {'; '.join(words)}.")


def side_by_side(
    networks: Mapping[str, Classifier], stages: Sequence[Pictures], garments: Sequence[str], target: str, still: Sheet
) -> Island:
    """A garment's walk on both networks, step by step; the reader may then choose another garment or another class.

    stages: as `of_equal_length` gives them, for each network. garments: what the pictures are called; the first one's
    walk, to the target, is what is seen first.
    """
    models, shown = list(networks.values()), stages[0][0].repeat(3, axis=-1)
    state = {
        "rule": {"length": LENGTH, "steps": len(stages[0]) - 1},
        "networks": [(name, network.name) for name, network in networks.items()],
        "channels": 1,
        "starts": [*zip(garments, shown, strict=True)],
        "classes": list(models[0].labels),
        "target": target,
        "beside": "",
        "walks": [walks.pack_walk(model, each[:, 0], target) for model, each in zip(models, stages, strict=True)],
        "enlarge": 8,
        "note": "At each step both changes have the same length (L2). Each curve is a network's answer for the class.",
    }
    text = f"{garments[0]} → {target}, on each network (Run this cell to choose another garment or class.)"
    return Island("walk", state, *models, still=still, text=text)
