"""Figures of the page on proofs: two bells and a border, and how many pictures are proved, open or broken."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from tricknet.plots.charts import PALETTE, Plot, new_axes

SAFE, BROKEN, OPEN = PALETTE[2], PALETTE[5], "#eeeeee"
REACH = 200  # pixel values: how far the bells are drawn to both sides


def bells(distance: float = 40, *, share: float, sigma: float) -> Plot:
    """Where noisy pictures lie along one direction: around the picture, and around one changed by `distance`.

    share: of the picture's own bell that lies on this side of the border. sigma: the noise, in pixel values.
    """
    figure, axes = new_axes(7.2, 3.6, rows=2)
    border, xs = sigma * float(stats.norm.ppf(share)), np.linspace(-REACH / 2, 1.5 * REACH, 601)
    middles = {"the panda": 0, "the changed panda": distance}
    shares = [float(stats.norm.cdf(border, middle, sigma)) for middle in middles.values()]
    for ax, (name, middle), kept in zip(axes.flat, middles.items(), shares, strict=True):
        ys = stats.norm.pdf(xs, middle, sigma)
        for here, colour in ((xs <= border, SAFE), (xs >= border, BROKEN)):
            ax.fill_between(xs[here], 0, ys[here], color=colour, linewidth=0)
        ax.plot([middle, middle], [0, ys.max()], color="white", linewidth=1.5)
        ax.axvline(border, color="black", linewidth=2.5)
        ax.text(xs[-1], 0.6 * ys.max(), f"{name}:\n{kept:.1%} vote panda", ha="right", va="center")
        ax.set_xlim(xs[0], xs[-1])
        ax.set_ylim(0, 1.1 * ys.max())
        ax.set_yticks([])
        ax.spines[["top", "right", "left"]].set_visible(False)
    axes[0, 0].set_xticks([])
    axes[0, 0].text(border, 1.0, " the border", transform=axes[0, 0].get_xaxis_transform(), va="top")
    axes[1, 0].set_xlabel("length of the change (pixel values)")
    words = f"The panda's bell has {shares[0]:.1%} on the panda's side of a border {border:.0f} away"
    return Plot(figure, f"{words}. That of a picture changed by {distance:.0f} has {shares[1]:.1%}.")


def between(
    networks: Mapping[str, tuple[int, int]], of: int, *, truths: Sequence[int] = (), title: str = "", what: str
) -> Plot:
    """A bar for each network, from 0 to all pictures: proved, then open, then shown wrong.

    networks: how many are proved, and how many an attack leaves. truths: where it really is, if that is known.
    """
    figure, ((ax,),) = new_axes(8.6, 0.9 + 0.75 * len(networks))
    words = []
    for y, (name, (proven, left)) in enumerate(networks.items()):
        ax.barh(y, proven, height=0.7, color=SAFE)
        ax.barh(y, left - proven, left=proven, height=0.7, color=OPEN, hatch="///", edgecolor="#999999", linewidth=0)
        ax.barh(y, of - left, left=left, height=0.7, color=BROKEN)
        for start, end, word, colour in (
            (0, proven, "proved", "white"),
            (proven, left, "open", "black"),
            (left, of, "broken", "white"),
        ):
            if end - start > 0.12 * of:
                box = {"facecolor": OPEN, "linewidth": 0, "pad": 2} if word == "open" else None
                ax.text(
                    (start + end) / 2, y, f"{word}: {end - start}", color=colour, ha="center", va="center", bbox=box
                )
        words.append(f"{name}: {proven} proved, {left - proven} open, {of - left} broken".lstrip(": "))
    for y, truth in enumerate(truths):
        ax.plot([truth, truth], [y - 0.45, y + 0.45], color="black", linewidth=2)
        ax.annotate(
            f"the truth: {truth}", (truth, y - 0.45), (truth, y - 0.8), ha="center", arrowprops={"arrowstyle": "->"}
        )
        words.append(f"the truth is {truth}")
    ax.set_yticks(range(len(networks)), list(networks))
    ax.set_ylim(len(networks) - 0.5, -1.1 if truths else -0.5)
    ax.set_xlim(0, of)
    ax.set_xlabel(what)
    ax.tick_params(left=False)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_title(title, fontsize=11)
    return Plot(figure, f"{title}, of {of}: {'; '.join(words)}.")
