"""Figures of the page on proofs: what is proved, what an attack has shown, and the truth, which lies in between."""

from collections.abc import Mapping
from typing import Any

from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

SAFE, BROKEN, OPEN = PALETTE[2], PALETTE[5], "#eeeeee"


def between(proven: int, attacked: int, of: int, *, what: str, truth: int | None = None, title: str = "") -> Plot:
    """One axis, from 0 to all pictures: proved right up to `proven`, shown wrong from `attacked` on, open in between.

    truth: where it really is, if that is known.
    """
    figure, ((ax,),) = new_axes(8.6, 1.75)
    _bar(ax, 0, proven, attacked, of)
    ax.text(proven / 2, 0, f"proved: {proven}", color="white", ha="center", va="center", weight="bold")
    ax.text((attacked + of) / 2, 0, f"shown wrong: {of - attacked}", color="white", ha="center", va="center")
    words = f"{attacked - proven} open: the truth lies here" if truth is None else f"the truth: {truth}"
    at = (proven + attacked) / 2 if truth is None else truth
    ax.annotate(words, (at, 0.42), (at, 0.95), ha="center", va="bottom", arrowprops={"arrowstyle": "->"})
    if truth is not None:
        ax.plot([truth, truth], [-0.42, 0.42], color="black", linewidth=2)
    ax.set_ylim(-0.5, 1.3)
    ax.set_yticks([])
    ax.set_xlim(0, of)
    ax.set_xlabel(what)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_title(title, fontsize=11)
    description = (
        f"Of {of}, {proven} are proved right, {of - attacked} are shown wrong, and {attacked - proven} are open."
    )
    return Plot(figure, f"{title}. {description}" + (f" The truth is {truth}." if truth is not None else ""))


def _bar(ax: Any, y: float, proven: float, attacked: float, of: float) -> None:
    """Green, open and orange."""
    ax.barh(y, proven, height=0.8, color=SAFE)
    ax.barh(y, attacked - proven, left=proven, height=0.8, color=OPEN, hatch="///", edgecolor="#999999", linewidth=0)
    ax.barh(y, of - attacked, left=attacked, height=0.8, color=BROKEN)


def bands(networks: Mapping[str, Mapping[float, tuple[float, float]]], *, xlabel: str, ylabel: str, alt: str) -> Plot:
    """A panel for each network: against epsilon, the share that is proved, the share that an attack leaves, and between
    them what is open.

    networks: {network: {epsilon: (proved, left)}}.
    """
    figure, (axes,) = new_axes(8.6, 3.1, len(networks))
    for ax, (name, shares) in zip(axes, networks.items(), strict=True):
        epsilons = list(shares)
        low, high = (list(edge) for edge in zip(*shares.values(), strict=True))
        ax.fill_between(epsilons, 0, low, color=SAFE, label="proved", linewidth=0)
        ax.fill_between(epsilons, low, high, fc=OPEN, hatch="///", ec="#999999", linewidth=0, label="open")
        ax.fill_between(epsilons, high, 1, color=BROKEN, label="shown wrong", linewidth=0)
        ax.set_title(name, fontsize=11)
        ax.set_xlabel(xlabel)
        ax.set_xlim(epsilons[0], epsilons[-1])
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter("{x:.0%}")
        plain(ax, grid=False)
    axes[0].set_ylabel(ylabel)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False)
    words = "; ".join(
        f"{name}: " + ", ".join(f"at {e:g} {low:.0%} to {high:.0%}" for e, (low, high) in shares.items())
        for name, shares in networks.items()
    )
    return Plot(figure, f"{alt} {words}.")


def distance(proven: float, lost: float, marks: Mapping[str, float], *, xlabel: str, alt: str) -> Plot:
    """One axis of distances: proved up to a radius, shown wrong from `lost` on, open in between.

    marks: what else has been found, and how far away.
    """
    figure, ((ax,),) = new_axes(8.6, 1.9)
    _bar(ax, 0, proven, lost, 1.2 * lost)
    ax.text(proven, -0.5, f" proved: {proven:.0f}", color=SAFE, ha="left", va="top", weight="bold")
    ax.text((proven + lost) / 2, 0, "not known", ha="center", va="center", backgroundcolor=OPEN)
    ax.text(lost, -0.5, f"lost: {lost:.0f}", color=BROKEN, ha="center", va="top", weight="bold")
    for name, at in marks.items():
        ax.plot([at, at], [-0.4, 0.5], color="black", linewidth=3)
        ax.text(at, 0.55, f"{name}: {at:.0f}", ha="left" if at < lost / 2 else "right", va="bottom")
    ax.set_ylim(-1, 1.2)
    ax.set_xlim(0, 1.2 * lost)
    ax.set_yticks([])
    ax.set_xlabel(xlabel)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return Plot(figure, alt)


def certified(curves: Mapping[str, tuple[list[float], list[float]]], *, xlabel: str, ylabel: str, alt: str) -> Plot:
    """For each curve, against a radius, the share of pictures that are proved right that far."""
    figure, ((ax,),) = new_axes(7.5, 3.2)
    colours = (PALETTE[5], PALETTE[0], PALETTE[2], PALETTE[3])
    for (name, (xs, ys)), colour in zip(curves.items(), colours, strict=False):
        ax.plot(xs, ys, color=colour, linewidth=2, label=name, linestyle="--" if "plain" in name else "-")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.set_ylim(0, 1)
    ax.set_xlim(left=0)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.legend(frameon=False)
    plain(ax)
    return Plot(figure, alt)
