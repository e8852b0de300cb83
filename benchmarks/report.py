"""Puts the committed measurements into the pages that tell of them: `python -m benchmarks.report [--check]`.

With --check nothing is written: the exit status is 1 if a page does not say what the tables hold. (The picture of the
times is not compared: another Matplotlib may draw it differently.)
"""

import re
import sys
from typing import Any

import numpy as np

from benchmarks.lessons.cases import Row, Setting, against, hits, of, saved, settings
from benchmarks.machine import stored
from benchmarks.speed import page
from benchmarks.speed import plot as speed_plot
from benchmarks.speed import report as speed_report
from benchmarks.speed.report import markdown
from benchmarks.speed.steps import text as steps
from benchmarks.speed.waiting import text as waiting
from tricknet.arrays import Doubles
from tricknet.evidence import holm, interval, mcnemar, rate
from tricknet.paths import DOCS, ROOT

PICTURES = {"evidence": "EVIDENCE", "held_out": "HELD_OUT"}


def main() -> int:
    """Write the pages' tables and the picture, or compare the tables. Returns the exit status."""
    check, status = "--check" in sys.argv[1:], 0
    rows, found = saved("speed"), stored("speed_machine")
    for name, parts in pages(rows, found).items():
        before = after = (ROOT / name).read_text(encoding="utf-8")
        for mark, text in parts.items():
            after = between(after, mark, text)
        if not check:
            (ROOT / name).write_text(after, encoding="utf-8")
        elif after != before:
            print(f"{name} does not say what benchmarks/tables/ holds: run `python -m benchmarks.report`.")
            status = 1
    if rows and not check:
        (DOCS / "speed.png").write_bytes(speed_plot.plot(rows).data)
    return status


def pages(rows: list[Row], found: Row) -> dict[str, dict[str, str]]:
    """For each page, the text between each pair of marks. rows, found: the times of a step, and its machine."""
    benchmarks = {one.__name__: one() for one in (methods, duel, attacks, least, nearer, graph, graph_tricks)}
    benchmarks["page"] = page.text(saved("page"), stored("page_machine"))
    how = {
        "steps": steps(saved("steps"), stored("steps_machine")),
        "waiting": waiting(saved("waiting"), stored("waiting_machine")),
    }
    if rows:
        benchmarks |= {
            "speed": speed_report.machine(rows, found),
            "speed_plot": f"![{speed_plot.alt(rows)}](speed.png)\n",
            "speed_steps": speed_report.steps(rows),
            "speed_aims": speed_report.aims(rows, found),
            "speed_longer": speed_report.longer(rows),
            "speed_learning": speed_report.learning(rows),
        }
        how |= {"step": speed_report.story(rows, found)}
    return {
        "docs/benchmarks.md": benchmarks,
        "caffe-cpu/how-it-got-fast.md": how,
        "models/fashion/README.md": {"judge": judge()},
    }


def between(text: str, name: str, table: str) -> str:
    """The text with a table between the marks <!-- name --> and <!-- /name -->."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    return re.sub(f"(?<={re.escape(start)}).*?(?={re.escape(end)})", lambda _: f"\n{table}\n", text, flags=re.DOTALL)


def methods() -> str:
    """Hits and calmness of each way of stepping, against the default's."""
    rows, lines = saved("methods"), []
    for setting in settings(rows):
        mine = of(rows, setting).values()
        turns, fall = (np.mean([row[key] for row in mine]) for key in ("reversals", "fall"))
        start = (PICTURES[setting.set], f"{setting.epsilon:g}", str(setting.steps), setting.method)
        lines.append(
            (*start, str(hits(rows, setting)), *compared(rows, setting, "momentum"), f"{turns:.1f}", f"{fall:.2f}")
        )
    return markdown(("pictures", "epsilon", "gradients", "method", "hits", *AGAINST, "reversals", "fall"), lines)


def duel() -> str:
    """`trick` against APGD-CE, for each number of gradients and each epsilon. Holm's correction is over all rows."""
    rows, lines, ps = saved("attacks"), [], []
    mine = [one for one in settings(rows) if one.set == "held_out" and one.method in OURS]
    for setting in sorted(mine, key=lambda one: (one.steps, one[:2])):
        for rival, rounded in RIVALS.items():
            found = against(rows, setting, rival)
            if found is None:
                continue  # not measured
            p, low, high = found
            both = (str(hits(rows, one)) for one in (setting, setting._replace(method=rival)))
            ps.append(p)
            difference = f"{100 * low:+.1f} to {100 * high:+.1f}".replace("-", "−")
            start = (str(setting.steps), f"{setting.epsilon:g}", OURS[setting.method])
            lines.append((*start, *both, rounded, difference, small(p)))
    head = ("gradients", "epsilon", "our method", "trick", "APGD-CE", "APGD-CE is rounded", "difference of probability")
    return markdown((*head, "p", "p, corrected"), [(*line, small(p)) for line, p in zip(lines, holm(ps), strict=True)])


def attacks() -> str:
    """Each attack where there are others than those of the duel: the best first."""
    rows, lines = saved("attacks"), []
    known = {*OURS, *RIVALS}
    for setting in sorted(settings(rows), key=lambda one: (one.steps, one[:2], -hits(rows, one).share)):
        alike = {one.method for one in settings(rows) if one[:3] == setting[:3]}
        if setting.set != "held_out" or alike <= known:
            continue
        mine = of(rows, setting).values()
        mean, last = np.mean([row["probability"] for row in mine]), [row["last"] for row in mine]
        start = (str(setting.steps), f"{setting.epsilon:g}", setting.method, str(hits(rows, setting)))
        lines.append((*start, "–" if "" in last else str(sum(last)), *compared(rows, setting, MOMENTUM), f"{mean:.0%}"))
    head = ("gradients", "epsilon", "attack", "hits", "by its last picture", *AGAINST, "mean probability")
    return markdown(head, lines)


def least() -> str:
    """The size of the smallest change that each attack found, and on how many photographs ours is smaller."""
    rows, lines = saved("least"), []
    for setting in settings(rows):
        theirs, ours = (of(rows, one) for one in (setting, setting._replace(method=SMALLEST)))
        # A miss is larger than any hit.
        a, b = (np.array([row["l2"] if row["hit"] else np.inf for row in one.values()]) for one in (ours, theirs))
        start = (str(setting.steps), setting.method, str(hits(rows, setting)), f"{np.median(b):.0f}")
        lines.append((*start, *(shorter(a, b) if setting.method != SMALLEST else ("", "", ""))))
    return markdown(("gradients", "attack", "hits", "median L2", "ours is smaller", "p", "ours / theirs"), lines)


def nearer() -> str:
    """How far `boundary` and HopSkipJump were from the picture after so many questions."""
    rows, lines = saved("nearer"), []
    for many in sorted({row["questions"] for row in rows}):
        far = {
            name: {row["picture"]: row["l2"] for row in rows if (row["method"], row["questions"]) == (name, many)}
            for name in WALKS
        }
        both = [picture for picture in far[WALKS[0]] if picture in far[WALKS[1]]]
        a, b = (np.array([far[name][picture] for picture in both]) for name in WALKS)
        lines.append((str(many), str(len(both)), f"{np.median(a):.0f}", f"{np.median(b):.0f}", *shorter(a, b)))
    head = ("questions", "photographs", "boundary: median L2", "HopSkipJump: median L2", "boundary is nearer", "p")
    return markdown((*head, "ours / theirs"), lines)


def graph() -> str:
    """How far the graphs of the page are from Caffe. Where a gradient differs by more than 1%, float64 has decided."""
    lines = []
    for (network,), rows in grouped(saved("graph"), "network").items():
        apart = [row for row in rows if row["graph from truth"] != ""]
        nearer = sum(row["graph from truth"] <= row["caffe from truth"] for row in apart)
        errors = (f"{max(row[f'p {weights}'] for row in rows):.0e}" for weights in ("exact", "half"))
        lines.append(
            (
                *(network, *errors, str(rate(len(rows) - len(apart), len(rows))), f"{nearer} of {len(apart)}"),
                ", ".join(sorted({row["picture"].replace("_", " ") for row in apart})),
                f"{np.median([row['g half'] for row in rows]):.0%}",
            )
        )
    head = ("network", "largest error of a probability", "in half precision", "gradients within 1% of Caffe's")
    others = ("of the others, nearer the truth than Caffe's", "photographs of the others")
    return markdown((*head, *others, "median error of a gradient in half precision"), lines)


def graph_tricks() -> str:
    """Tricks along the gradients of the page against those along Caffe's own. Holm's correction is over all rows."""
    found = grouped(saved("graph_tricks"), "network", "epsilon", "weights")
    lines, ps = [], []
    for (network, epsilon, weights), rows in found.items():
        if weights == "caffe":
            continue
        own = {row["picture"]: row for row in found[network, epsilon, "caffe"]}
        pairs = [(row, own[row["picture"]]) for row in rows]
        low, high = (100 * end for end in interval(a["probability"] - b["probability"] for a, b in pairs))
        both = (str(rate(sum(row["hit"] for row in side), len(pairs))) for side in zip(*pairs, strict=True))
        ps.append(mcnemar(*([row["hit"] for row in side] for side in zip(*pairs, strict=True))))
        lines.append((network, f"{epsilon:g}", weights, *both, f"{low:+.1f} to {high:+.1f}".replace("-", "−")))
    head = (
        "network",
        "epsilon",
        "weights",
        "hits along the page's gradients",
        "along Caffe's",
        "difference of probability",
    )
    cells = [
        (*line, small(p), small(corrected))
        for line, p, corrected in zip(lines, ps, holm(ps) if ps else (), strict=True)
    ]
    return markdown((*head, "p", "p, corrected"), cells)


def grouped(rows: list[Row], *fields: str) -> dict[tuple[Any, ...], list[Row]]:
    """The rows by what stands in some of their fields."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[field] for field in fields), []).append(row)
    return found


def shorter(a: Doubles, b: Doubles) -> tuple[str, str, str]:
    """Three cells: how often a is smaller than b, the sign test's p-value, and the interval of the mean ratio."""
    both = np.isfinite(a) & np.isfinite(b)
    ratio = "–"
    if both.sum() > 1:
        low, high = np.exp(interval(np.log(a[both] / b[both])))
        ratio = f"{low:.2f} to {high:.2f}"
    return f"{(a < b).sum()} of {len(a)}", f"{mcnemar(a < b, b < a):.3f}", ratio


def judge() -> str:
    """How many test pictures both of FashionNet's networks get right, not attacked and attacked by torchattacks."""
    rows, lines = saved("fashion_judge"), []
    for network, epsilon in dict.fromkeys((row["network"], row["epsilon"]) for row in rows):
        stand = [
            rate(row["stands"], row["of"]) for row in rows if (row["network"], row["epsilon"]) == (network, epsilon)
        ]
        lines.append((network, f"{epsilon:g}" if epsilon else "not attacked", *map(str, stand)))
    return markdown(("network", "epsilon", "first 1000 test pictures", "the other 9000"), lines)


MOMENTUM = "tricknet momentum"
OURS = {MOMENTUM: "momentum", "tricknet calm": "calm"}
RIVALS = {"adv-lib APGD-CE": "at every step", "adv-lib APGD-CE, rounded at the end": "at the end"}
SMALLEST = "tricknet smallest"
WALKS = ("tricknet boundary", "foolbox HopSkipJump")
AGAINST = ("against momentum: p", "difference of probability")


def compared(rows: list[Row], setting: Setting, rival: str) -> tuple[str, str]:
    """Two cells: McNemar's p-value, and the interval of the difference in percentage points."""
    found = against(rows, setting, rival)
    if found is None:
        return "", ""
    p, low, high = found
    return small(p), f"{100 * low:+.1f} to {100 * high:+.1f}".replace("-", "−")


def small(p: float) -> str:
    """A p-value."""
    return "under 0.001" if p < 0.001 else f"{p:.3f}"


if __name__ == "__main__":
    sys.exit(main())
