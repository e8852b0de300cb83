"""How we count, drawn: many intervals around one truth, and pairs beside the coins that they are held to."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from tricknet.colours import BLUE, SKY, grey
from tricknet.counting import holm, mcnemar, rate
from tricknet.plots.charts import ACCENT, Plot, new_axes
from tricknet.plots.intervals import row_axes, shares_upward

REPEATS = 100  # times that the imagined experiment is done


def many_intervals(share: float, n: int, *, seed: int = 0) -> Plot:
    """The 95% intervals of REPEATS experiments with n cases and the same true share (0..1). Misses are orange."""
    intervals = [rate(int(k), n) for k in np.random.default_rng(seed).binomial(n, share, REPEATS)]
    holds = [one.low <= share <= one.high for one in intervals]
    figure, ((ax,),) = new_axes(3.2)
    for x, (one, good) in enumerate(zip(intervals, holds, strict=True)):
        colour = BLUE if good else ACCENT
        ax.plot([x, x], [one.low, one.high], color=colour, linewidth=1.5 if good else 3)
        ax.plot([x], [one.share], "o", color=colour, markersize=3)
    ax.axhline(share, color="black", linewidth=1)
    ax.text(REPEATS, share, " the truth", va="center")
    words = f"{REPEATS} experiments with {n} photographs each"
    shares_upward(ax, xlim=(-1, REPEATS), ylim=(0, 1), xticks=[], xlabel=words)
    title = f"{sum(holds)} of {REPEATS} intervals contain the truth"
    ax.set_title(title, loc="left")
    return Plot(figure, f"{title}: the true share is {share:.0%}, and every experiment counts {n} photographs.")


def paired(a: Sequence[bool], b: Sequence[bool], names: tuple[str, str]) -> Plot:
    """Above, each case's pair of results (filled: a hit), and below, what fair coins would give for those that differ.

    names: what a and b are. Raises ValueError as counting.mcnemar does.
    """
    p = mcnemar(a, b)
    written = np.format_float_positional(p, 2, fractional=False, trim="-")  # 0.000011, not 1.1e-05
    first, second = np.asarray(a, dtype=bool), np.asarray(b, dtype=bool)
    differ = first != second
    order = np.lexsort((~first, ~differ))  # those that differ first
    figure, ((left,), (right,)) = new_axes(4.4, rows=2)
    for y, hits in ((1, first[order]), (0, second[order])):
        for x, hit in enumerate(hits):
            colour = BLUE if differ[order][x] else grey(10)
            left.plot([x], [y], "s", color=colour, fillstyle="full" if hit else "none", markersize=6)
    counts = [f"{name}: {hits.sum()} of {len(hits)}" for name, hits in zip(names, (first, second), strict=True)]
    left.set(yticks=[1, 0], yticklabels=counts, ylim=(-0.7, 1.7), xticks=[])
    left.set_xlabel(f"the same {len(first)} photographs (filled: a hit; blue: they differ)")
    left.spines[:].set_visible(False)
    left.tick_params(length=0)
    odds = "coins always do this: p = 1" if p > 1 - 1e-9 else f"orange: p = {written}"
    odds += f", once in {float(f'{1 / p:.2g}'):,.0f} tries" * (p < 0.5)
    total, ours = int(differ.sum()), int((first & differ).sum())
    chance = stats.binom.pmf(np.arange(total + 1), total, 0.5)
    extreme = chance <= chance[ours] * (1 + 1e-7)
    right.bar(range(total + 1), chance, color=[ACCENT if e else SKY for e in extreme])
    right.plot(ours, chance[ours], "v", ms=10, color=ACCENT, mec="black", clip_on=False)
    words = f"heads in {total} tosses of a fair coin\n(triangle: ours; orange: as lopsided)"
    shares_upward(right, xlabel=words, title=odds, ylim=(0, 1.25 * chance.max()))
    right.xaxis.get_major_locator().set_params(integer=True)
    alt = f"{', '.join(counts)}; they differ on {total}, and {names[0]} wins {ours} of these. McNemar's test: {odds}."
    return Plot(figure, alt)


def corrected(ps: Mapping[str, float]) -> Plot:
    """Each test's p (open) and what Holm's rule makes of it (filled; orange where it isn't below the 5% line)."""
    figure, (ax,), tops = row_axes(ps)
    after = dict(zip(ps, holm(list(ps.values())), strict=True))
    for y, name in zip(tops, ps, strict=True):
        colour = BLUE if after[name] < 0.05 else ACCENT
        ax.plot([ps[name], after[name]], [y, y], color=colour, linewidth=1, zorder=1)
        ax.plot(ps[name], y, "o", color="white", markeredgecolor=colour)
        ax.plot(after[name], y, "o", color=colour)
    ax.axvline(0.05, color="black", linewidth=1)
    ax.set(xscale="log", xlabel="p (open: alone, filled: by Holm's rule; line: 5%)")
    ax.xaxis.set_major_formatter("{x:g}")
    return Plot(figure, f"{'; '.join(f'{name}: p = {p:.4f}, by Holm {after[name]:.3f}' for name, p in ps.items())}.")
