"""What the tables of benchmarks/classroom/pupils.py mean for a class: the advice in class/README.md, and its plot."""

import math
from textwrap import fill

from benchmarks.lessons.cases import Row
from benchmarks.machine import called, stored
from benchmarks.report import between, markdown
from tricknet.paths import ROOT
from tricknet.plots.charts import PALETTE, Plot, new_axes, plain

CLASS = ROOT / "class"
DOCUMENT, PLOT = CLASS / "README.md", CLASS / "sizing.png"
TABLE, KERNEL, MACHINE = "pupils", "kernel", "pupils_machine"
NAMES = {"lesson": "lesson 3", "lab": "the lab"}
HUB = 30  # MB: a jupyterhub-singleuser of the image (123, on the real Hub) less a JupyterLab that has just started (93)
QUIET = 0.05  # of the processors' time: if other programs took more, the text says so


def write(pupils: list[Row], kernel: list[Row]) -> str:
    """Put both tables into class/README.md and draw class/sizing.png. Returns what was written, in words."""
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), pupils, kernel), encoding="utf-8")
    chart(pupils).figure.savefig(PLOT, dpi=80, facecolor="white")
    return f"{DOCUMENT} and {PLOT}"


def written(document: str, pupils: list[Row], kernel: list[Row]) -> str:
    """The document with what the tables hold."""
    return between(between(document, "sizing", sizing(pupils)), "kernel", causes(pupils, kernel))


def of(rows: list[Row], what: str) -> list[Row]:
    """The rows of one task, the fewest pupils first."""
    return sorted((row for row in rows if row["what"] == what), key=lambda row: row["pupils"])


def sizing(rows: list[Row]) -> str:
    """The advice, how it was measured, the table and the plot."""
    last, heaviest = of(rows, "lesson")[-1], max(row["megabytes"] / row["pupils"] for row in rows) + HUB
    wait, busy = last["longest"] * last["cores"] / last["pupils"], max(row["others"] for row in rows)
    advice = (
        f"Allow {math.ceil(heaviest / 50) * 50} MB of memory for each pupil with one lesson open. How many processor "
        "cores you need depends on how long the class can wait. If everybody runs all of lesson 3 at the same moment, "
        f"the last pupil waits about {wait:.0f} seconds, multiplied by the number of pupils and divided by the number "
        "of cores."
    )
    how = (
        f"Measured on: {called(stored(MACHINE))}. Each pupil has a JupyterLab and a kernel. All start at the same "
        "moment, and nobody pauses to read. In lesson 3 they run every cell. In the lab they start one run of 30 "
        "steps. Times are for the median pupil and for the last. Memory is the peak for all servers and kernels "
        "together. What they share is counted once. Under a Hub, each JupyterLab has one more component, of about "
        f"{HUB} MB. The table leaves it out, but the advice above allows for it."
    )
    warning = f"Meanwhile, other programs used up to {busy:.0%} of the processors' time, so these times are too long."
    head = ("pupils at once", "lesson 3: seconds", "memory", "per pupil", "lab: seconds", "memory", "per pupil")
    found = {(row["what"], row["pupils"]): row for row in rows}
    counts = sorted({row["pupils"] for row in rows})
    lines = [(str(n), *cells(found.get(("lesson", n))), *cells(found.get(("lab", n)))) for n in counts]
    prose = [fill(words, 118) for words in (advice, how, *[warning] * (busy > QUIET))]
    return "\n\n".join([*prose, markdown(head, lines).strip(), f"![{alt(rows)}](sizing.png)"]) + "\n"


def cells(row: Row | None) -> tuple[str, str, str]:
    """Seconds (of the median pupil and of the last), memory of all, memory of each."""
    if row is None:
        return "", "", ""
    median, last = f"{row['seconds']:.0f}", f"{row['longest']:.0f}"
    seconds = last if row["pupils"] == 1 else f"{median} and {last}"
    return seconds, f"{row['megabytes'] / 1000:.1f} GB", f"{row['megabytes'] / row['pupils']:.0f} MB"


def causes(pupils: list[Row], kernel: list[Row]) -> str:
    """What the memory of one pupil is."""
    one = of(pupils, "lesson")[0]
    rest = one["megabytes"] - one["server"] - sum(row["megabytes"] for row in kernel)
    rows = [
        ("JupyterLab", one["server"]),
        *((row["stage"], row["megabytes"]) for row in kernel),
        ("the lesson: the picture after each step of each trick, its figures, and memory that is free again", rest),
        ("one pupil in lesson 3, at the peak", one["megabytes"]),
    ]
    return markdown(("what", "MB"), [(what, str(megabytes)) for what, megabytes in rows])


def alt(rows: list[Row]) -> str:
    """What the plot shows, in words."""
    said = []
    for what, name in NAMES.items():
        mine = of(rows, what)
        points = [f"{r['longest']:.0f} s and {r['megabytes'] / 1000:.1f} GB for {r['pupils']}" for r in mine]
        said.append(f"{name} takes {', '.join(points)}")
    return f"Two charts over the number of pupils at once, seconds and memory: {'; '.join(said)}."


def chart(rows: list[Row]) -> Plot:
    """Seconds and memory against the number of pupils at once."""
    figure, ((left, right),) = new_axes(8, 3, 2)
    beside = {"ha": "right", "xytext": (-6, 4)}, {"ha": "left", "xytext": (2, -14)}  # the label of a line's end
    for (what, name), colour, place in zip(NAMES.items(), PALETTE, beside, strict=False):
        mine = of(rows, what)
        n = [row["pupils"] for row in mine]
        for ax, heights, words in (
            (left, [row["longest"] for row in mine], "{:.0f} s"),
            (right, [row["megabytes"] / 1000 for row in mine], "{:.1f} GB"),
        ):
            ax.plot(n, heights, "o-", color=colour, label=name)
            end = (n[-1], heights[-1])
            ax.annotate(words.format(heights[-1]), end, textcoords="offset points", color=colour, **place)
    for ax, title in ((left, "seconds until the last pupil is done"), (right, "memory of all pupils, in GB")):
        ax.set_title(title, fontsize=11)
        ax.set_xlabel("pupils at once")
        ax.set_xticks(sorted({row["pupils"] for row in rows}))
        ax.margins(x=0.2, y=0.2)
        ax.set_ylim(bottom=0)
        plain(ax)
    right.legend(loc="upper left", frameon=False)
    return Plot(figure, alt(rows))
