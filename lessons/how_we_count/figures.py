"""How we count, drawn: many intervals around one truth, and pairs beside the coins that they are held to."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from tricknet.colours import BLUE, SKY, grey
from tricknet.counting import mcnemar, rate
from tricknet.plots.charts import ACCENT, Plot, new_axes
from tricknet.plots.intervals import shares_upward

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
    odds = f"p = {written}, once in {float(f'{1 / p:.2g}'):,.0f} tries" if p < 0.5 else f"p = {written}"
    total, ours = int(differ.sum()), int((first & differ).sum())
    chance = stats.binom.pmf(np.arange(total + 1), total, 0.5)
    extreme = chance <= chance[ours] * (1 + 1e-7)
    right.bar(range(total + 1), chance, color=[ACCENT if e else SKY for e in extreme])
    right.plot(ours, chance[ours], "v", ms=10, color=ACCENT, mec="black", clip_on=False)
    words = f"heads in {total} tosses of a fair coin\n(triangle: ours; orange: as lopsided)"
    shares_upward(right, xlabel=words, title=f"orange: {odds}")
    alt = f"{', '.join(counts)}; they differ on {total}, and {names[0]} wins {ours} of these. McNemar's test: {odds}."
    return Plot(figure, alt)
