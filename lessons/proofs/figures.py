"""Figures of the page on proofs: bells and clouds at a border, scores that swell, and how many pictures are proved."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from tricknet.arrays import Doubles, Numbers
from tricknet.colours import GREEN, RED, grey
from tricknet.plots.charts import Plot, new_axes

SAFE, BROKEN, OPEN = GREEN, RED, grey(13)
REACH = 200  # pixel values: how far the bells are drawn to both sides


def bells(distance: float = 40, *, share: float, sigma: float) -> Plot:
    """Where noisy pictures lie along one direction: around the picture, and around one changed by `distance`.

    share: of the picture's own bell that lies on this side of the border. sigma: the noise, in pixel values.
    """
    figure, ((ax,),) = new_axes(2.9)
    border, xs = sigma * float(stats.norm.ppf(share)), np.linspace(-REACH / 2, 1.5 * REACH, 601)
    kept, ys = float(stats.norm.cdf(border, distance, sigma)), np.exp(-(((xs - distance) / sigma) ** 2) / 2)
    colour, arrow = SAFE if kept > 0.5 else BROKEN, {"arrowstyle": "->", "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}
    for here, side in ((xs <= border, SAFE), (xs >= border, BROKEN)):
        ax.fill_between(xs[here], 0, ys[here], color=side, linewidth=0)
    ax.plot(xs, np.exp(-((xs / sigma) ** 2) / 2), color="black", linestyle=":")
    ax.plot([distance, distance], [0, 1], color="white", linewidth=1.5)
    ax.axvline(border, ymax=0.92, color="black", linewidth=2.5)
    ax.annotate("", (border, 1.1), (0, 1.1), arrowprops=arrow)
    ax.text(border, 1.1, f"  to the border: {border / sigma:.1f} widths of the noise", va="center", fontsize=11)
    ax.text(border, 0.85, "  here it isn't a panda", color=BROKEN, va="center", fontsize=11)
    name = f"Changed by {distance:.0f}" if distance else "The panda"
    ax.set_title(f"{name}: {kept:.1%} vote panda", loc="left", color=colour, weight="bold", fontsize=12)
    ax.set(xlim=(xs[0], xs[-1]), ylim=(0, 1.25), yticks=[], xlabel="distance along the change (pixel values)")
    ax.spines[["top", "right", "left"]].set_visible(False)
    words = f"The panda's bell, dotted, has {share:.1%} on the panda's side of a border {border:.0f} away"
    return Plot(figure, f"{words}. That of a picture changed by {distance:.0f} has {kept:.1%}.")


def clouds(distance: float, *, share: float, sigma: float) -> Plot:
    """2000 noisy pictures in two dimensions at a winding border and at a straight one, before and after they move."""
    figure, axes = new_axes(5.3, rows=2, columns=2)
    cloud, line = np.random.default_rng(0).normal(0, sigma, (2000, 2)), np.linspace(-150, 150, 601)
    for column, (name, bend) in zip(axes.T, (("a winding border", 45), ("a straight one", 0)), strict=True):
        across = cloud[:, 0] - bend * np.sin(cloud[:, 1] / 18)
        border = np.quantile(across, share)
        for ax, move in zip(column, (0, distance), strict=True):
            inside = across + move < border
            # rasterized: so many dots would make an SVG of a megabyte
            ax.scatter(cloud[:, 0] + move, cloud[:, 1], s=2, c=np.where(inside, SAFE, BROKEN), rasterized=True)
            ax.plot(border + bend * np.sin(line / 18), line, color="black", linewidth=2)
            ax.plot(move, 0, "o", color="white", markeredgecolor="black")
            ax.set(xlim=(-140, 210), ylim=(-150, 150), aspect="equal", xticks=[], yticks=[])
            ax.set_title(f"{f'moved by {move:g}' if move else name}: {inside.mean():.1%}", fontsize=12)
    words = "; ".join(ax.get_title() for ax in axes.T.flat)
    return Plot(figure, f"The same round cloud of dots and its share on the panda's side. {words}.")


def falls(lengths: Sequence[float], counts: Sequence[int], *, of: int, proved: float) -> Plot:
    """How many votes stay the picture's own as a change grows. proved: the length up to which most must stay."""
    figure, ((ax,),) = new_axes(2.7)
    ax.axvspan(0, proved, color=SAFE, alpha=0.25, linewidth=0)
    ax.text(proved / 2, of / 2, "proved", color=SAFE, ha="center", va="bottom", weight="bold")
    ax.plot(lengths, counts, "o-", color=BROKEN, linewidth=2, clip_on=False)
    ax.axhline(of / 2, color="black", linestyle=":")
    ax.set(xlim=(0, max(lengths)), ylim=(0, of), xlabel="length of the change", ylabel=f"votes for the panda, of {of}")
    ax.spines[["top", "right"]].set_visible(False)
    found = ", ".join(f"{length:.0f}: {count}" for length, count in zip(lengths, counts, strict=True))
    return Plot(
        figure, f"Votes for the panda of {of}, by the length of the change: {found}. Up to {proved:.0f} is proved."
    )


def swollen(
    networks: Mapping[str, tuple[Doubles, Doubles]], picture: Numbers, names: Sequence[str], answer: int, title: str
) -> Plot:
    """A bar for each class, from the least to the most that its score can be: orange where it reaches the answer's."""
    figure, axes = new_axes(3.4, columns=len(networks))
    for ax, (name, (low, high)) in zip(axes.flat, networks.items(), strict=True):
        colours = [SAFE if c == answer else BROKEN if high[c] >= low[answer] else grey(9) for c in range(len(names))]
        ax.barh(range(len(names)), high - low, left=low, height=0.6, color=colours, edgecolor=colours, linewidth=2)
        ax.axvline(low[answer], color=SAFE, linestyle=":")
        ax.set(xlim=(-32, 32), yticks=range(len(names)), yticklabels=names if ax is axes[0, 0] else [], xlabel="score")
        ax.set_title(f"{name}:\n{colours.count(BROKEN) or 'none'} may reach {names[answer]}", fontsize=11)
    inset = axes[0, -1].inset_axes((0.02, 0.02, 0.3, 0.3))
    inset.imshow(picture, cmap="gray")
    inset.axis("off")
    return Plot(figure, f"{title}. {'; '.join(ax.get_title() for ax in axes.flat)}.".replace("\n", " "))


def between(networks: Mapping[str, tuple[int, int]], of: int, *, title: str) -> Plot:
    """A bar for each network (how many are proved, how many an attack leaves): proved, open, and wrong or broken."""
    figure, ((ax,),) = new_axes(0.9 + 0.95 * len(networks))
    words = []
    for y, (name, (proven, left)) in enumerate(networks.items()):
        parts = {"proved": (0, proven, SAFE), "open": (proven, left, OPEN), "wrong or\nbroken": (left, of, BROKEN)}
        for word, (start, end, colour) in parts.items():
            middle = (start + end) / 2
            ax.barh(y, end - start, left=start, height=0.55, color=colour)
            if end - start > 0.14 * of:
                ink = "black" if word == "open" else "white"
                ax.text(middle, y, f"{word}: {end - start}", color=ink, ha="center", va="center", fontsize=11)
            elif end > start:
                ax.text(middle, y + 0.3, f"{word}: {end - start}", ha="center", va="top", fontsize=11)
        ax.text(0, y - 0.3, name, va="bottom", fontsize=11)
        words.append(f"{name}: {', '.join(f'{end - start} {word}' for word, (start, end, _) in parts.items())}")
    ax.set(xlim=(0, of), ylim=(len(networks) - 0.35, -0.65), yticks=[])
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_title(title, fontsize=11)
    return Plot(figure, f"{title}: {'; '.join(words)}.".replace("\n", " "))
