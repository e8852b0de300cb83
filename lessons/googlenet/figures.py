"""What a coin gets in a test of so many trials, to compare yourself with."""

from math import comb

from tricknet.plots.charts import ACCENT, PLAIN, Plot, new_axes, plain


def tosses(trials: int, right: int | None = None) -> Plot:
    """How often a tossed coin is right 0, 1, 2, ... times in so many trials. right: your own result, in a colour."""
    figure, ((ax,),) = new_axes(6.2, 2.6)
    shares = [comb(trials, k) / 2**trials for k in range(trials + 1)]
    bars = ax.bar(range(trials + 1), shares, color=PLAIN)
    ax.set_title(f"If a coin answered: how often is it right in {trials} trials?", fontsize=11)
    ax.set_xlabel("right answers")
    ax.set_xticks(range(trials + 1))
    ax.yaxis.set_major_formatter("{x:.0%}")
    plain(ax)
    alt = (
        f"Bars: how often a coin is right in {trials} trials. The tallest, {max(shares):.0%}, is at {trials // 2}, and "
        f"hardly any is left at 0 or {trials}."
    )
    if right is not None:
        bars[right].set_color(ACCENT)
        ax.annotate("you", (right, shares[right]), (0, 3), textcoords="offset points", ha="center", color=ACCENT)
        ax.set_ylim(0, 1.15 * max(shares))
        alt += f" You were right {right} times, which a coin is in {shares[right]:.1%} of the tests."
    return Plot(figure, alt)
