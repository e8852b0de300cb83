"""Figures of the page on proofs: a bell at a border, the swap, noise beside a trick, and votes above their floor."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from lessons.proofs.smoothing import floor
from tricknet.arrays import Doubles
from tricknet.colours import GREEN, RED, grey
from tricknet.counting import Row, rate
from tricknet.plots.charts import Plot, new_axes
from tricknet.plots.intervals import shares_upward

SAFE, BROKEN = GREEN, RED
REACH = 200  # pixel values: how far the bells are drawn to both sides
ARROW = {"arrowstyle": "->", "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
BEND = 45  # pixel values: how far the winding border swings to both sides


def bells(distance: float = 0, *, share: float, sigma: float) -> Plot:
    """Where noisy pictures lie along one direction: around the picture, and around one changed by `distance`.

    share: of the picture's own bell that lies on this side of the border. sigma: the noise, in pixel values.
    """
    figure, ((ax,),) = new_axes(2.9)
    border, xs = sigma * float(stats.norm.ppf(share)), np.linspace(-REACH / 2, 1.5 * REACH, 601)
    kept, ys = float(stats.norm.cdf(border, distance, sigma)), np.exp(-(((xs - distance) / sigma) ** 2) / 2)
    colour = SAFE if kept > 0.5 else BROKEN
    for here, side in ((xs <= border, SAFE), (xs >= border, BROKEN)):
        ax.fill_between(xs[here], 0, ys[here], color=side, linewidth=0)
    ax.plot(xs, np.exp(-((xs / sigma) ** 2) / 2), color="black", linestyle=":")
    ax.plot([distance, distance], [0, 1], color="white", linewidth=1.5)
    ax.axvline(border, ymax=0.95, color="black", linewidth=2.5)
    if kept <= 0.5:  # or else it would give the answer away
        ax.annotate("", (border, 1.1), (0, 1.1), arrowprops=ARROW)
        ax.text(border, 1.1, f"  to the border: {border / sigma:.1f} widths of the noise", va="center", fontsize=11)
    ax.text(border, 1.23, "  here it isn't a panda", color=BROKEN, va="center", fontsize=11)
    name = f"Changed by {distance:.0f}" if distance else "The panda"
    ax.set_title(f"{name}: {kept:.1%} vote panda", loc="left", color=colour, weight="bold", fontsize=12)
    ax.set(xlim=(xs[0], xs[-1]), ylim=(0, 1.35), yticks=[], xlabel="distance along the change (pixel values)")
    ax.spines[["top", "right", "left"]].set_visible(False)
    words = f"The panda's bell, dotted, has {share:.1%} on the panda's side of a border {border:.0f} away"
    return Plot(figure, f"{words}. That of a picture changed by {distance:.0f} has {kept:.1%}.")


def swap(swaps: int = 0, *, move: float, sigma: float) -> Plot:
    """400 noisy pandas of one share each, 20 of them lost behind a winding border; so many are swapped for dearer ones.

    A dot's area is its share after the move (pixel values, to the right): it depends on how far to the right it lies.
    """
    column, row = np.divmod(np.arange(400), 20)
    jitter = np.random.default_rng(1).uniform(0.1, 0.9, (2, 400))
    x, y = sigma * stats.norm.ppf((np.stack([column, row]) + jitter) / 20)
    after = np.diff(stats.norm.cdf(stats.norm.ppf(np.linspace(0, 1, 21)), move / sigma))[column] / 20
    across, behind = x - BEND * np.sin(y / 18), np.arange(380, 400)
    first = np.argsort(-across)[:20]
    back, taken = np.setdiff1d(first, behind), np.setdiff1d(behind, first)
    swapped = np.r_[back[:swaps], taken[:swaps]]
    lost = np.setxor1d(first, swapped)
    figure, ((ax,),) = new_axes(3.8)
    colours = np.where(np.isin(np.arange(400), lost), BROKEN, SAFE)
    edges = np.where(np.isin(np.arange(400), swapped), "black", colours)
    ax.scatter(x, y, s=12 * 400 * after, c=colours, edgecolors=edges)
    heights, limits = np.linspace(-105, 105, 211), np.sort(across)[-21:-19]
    ax.plot(limits.mean() + BEND * np.sin(heights / 18), heights, color=grey(9), linestyle="--")
    ax.axvline(sigma * stats.norm.ppf(0.95), ymin=0.1, color="black", linewidth=2)
    ax.annotate("", (move, -118), (0, -118), arrowprops=ARROW)
    labels = {"the move": (-42, -118), "straight": (69, 113), "winding": (17, 113)}
    labels |= {"panda": (-122, 113), "lost": (92, -90)}
    for word, at in labels.items():
        colour = {"panda": SAFE, "lost": BROKEN, "winding": grey(9)}.get(word, "black")
        ax.text(*at, word, color=colour, va="center", fontsize=11)
    ax.text(-122, -92, "a dot's area:\nits share after\nthe move", fontsize=11)
    if swaps < len(back):  # the next one
        bent = {"arrowstyle": "<->", "linewidth": 2, "connectionstyle": "arc3,rad=-0.25"}
        ends = ((float(x[i]), float(y[i])) for i in (taken[swaps], back[swaps]))
        ax.annotate("", *ends, arrowprops=bent)
    words = f"{swaps} of {len(back)} swapped: {len(lost) / 400:.0%} lost, {after[lost].sum():.0%} after the move"
    ax.set(xlim=(-125, 130), ylim=(-130, 122), xticks=[], yticks=[])
    ax.set_title(words, fontsize=12, loc="left")
    return Plot(figure, f"Noisy pandas as dots, larger the further along the move they lie. {words}.")


def scale(noise: Doubles, change: Doubles, *, proved: float) -> Plot:
    """The noises' length beside the change's, to scale, and how far the noises (n x values) reach along the change."""
    length = float(np.linalg.norm(change))
    along, loud = noise @ (change / length), float(np.linalg.norm(noise, axis=1).mean())
    figure, ((top,), (low,)) = new_axes(4, rows=2)
    top.barh([1, 0], [loud, length], color=[grey(6), BROKEN], height=0.5)
    top.set_yticks([1, 0], [f"the noise: {loud:,.0f}", f"the trick: {length:,.0f}"])
    top.set_xticks(range(0, int(loud), 5000))
    top.set_title("length (pixel values)", loc="left", fontsize=11)
    low.hist(along, bins=25, color=grey(6))
    low.set_title(f"{len(along)} noises, along the trick (pixel values)", loc="left", fontsize=11)
    low.set_yticks([])
    for x, name, colour in ((proved, " proved", SAFE), (length, "the trick ", BROKEN)):
        low.axvline(x, color=colour, linewidth=2.5)
        low.text(x, low.get_ylim()[1] * 0.8, name, color=colour, ha="right" if x == length else "left", fontsize=11)
    for ax in (top, low):
        ax.spines[["top", "right", "left"]].set_visible(False)
    spread = f"Along the trick, {len(along)} noises reach {along.min():.0f} to {along.max():.0f}"
    return Plot(figure, f"The noise is {loud:,.0f} long, the trick {length:.0f}. {spread}; {proved:.0f} is proved.")


def falls(rows: Sequence[Row], *, share: float, sigma: float, of: int) -> Plot:
    """The panda's votes along attacks (table "votes"), the first one's with intervals, and those of its controls.

    share: what the panda has at least without a change, from which the proof's floor falls.
    """
    figure, ((ax,),) = new_axes(3.6)
    line = np.linspace(0, 600, 301)
    ax.fill_between(line, 0, floor(share, line, sigma), color=SAFE, linewidth=0)
    ax.text(8, 0.1, "proved:\nno attack\ngets in here", color="white", fontsize=11)
    ax.axhline(0.5, color="black", linestyle=":")
    walks = [row for row in rows if row["picture"].startswith("step")]
    for seed in {row["seed"] for row in walks} - {0}:
        other = [row for row in walks if row["seed"] == seed]
        ax.plot([row["length"] for row in other], [row["panda"] / of for row in other], color=grey(11), zorder=1)
    controls = [row for row in rows if row not in walks and row["seed"] == 0]
    attack = [row for row in walks if row["seed"] == 0]
    for some, style, colour in ((attack, "o-", BROKEN), (controls, "s", "black")):
        xs, counted = [row["length"] for row in some], [rate(row["panda"], of) for row in some]
        ax.plot(xs, [each.share for each in counted], style, color=colour, linewidth=2)
        ax.vlines(xs, [each.low for each in counted], [each.high for each in counted], color=colour, linewidth=2)
    ax.text(attack[-1]["length"], 0.15, "the trick", color=BROKEN, ha="right", fontsize=11)
    kept = [row["panda"] for row in controls]
    said = f"its four controls, one on another: {', '.join(map(str, kept))}"
    ax.text(max(xs), 1.08, said, ha="right", va="center", fontsize=11)
    ax.text(405, 0.34, "four more attacks", color=grey(9), ha="right", fontsize=11)
    end = stats.norm.ppf(share) * sigma
    ax.plot(end, 0.5, "o", color="black")
    ax.text(end, 0.52, f" {end:.0f}: the most that\n the count can prove", fontsize=11)
    ax.set_title("votes for the panda", fontsize=11, loc="left")
    shares_upward(ax, xlim=(0, 1.04 * max(xs)), ylim=(0, 1.14), xlabel="length of the change")
    found = ", ".join(f"{row['length']:.0f}: {row['panda']}" for row in attack)
    words = f"Its controls: {', '.join(map(str, kept))}"
    return Plot(figure, f"Votes for the panda of {of}, by the length of the trick: {found}. {words}.")
