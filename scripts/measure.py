"""How much each stored lesson asks of its reader, beside the limits: words, numbers, pictures, minutes, bytes.

    measure.py          prints a table, and fails if a lesson is over a limit that it has to keep

Folds ("How we know"), exercises and "Read more" do not count as words, numbers or pictures: a reader may skip them.
"""

import itertools
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import table
from tricknet.paths import NOTEBOOKS

MOST_WORDS, MOST_NUMBERS, LEAST_MOVABLE, MOST_BYTES = 1300, 60, 1, 1_500_000
# Minutes are counted so; docs/benchmarks.md tells readers. They read slowly, for they learn.
WORDS_PER_MINUTE, MINUTES_PER_EXERCISE = 150, 8
MOVABLE = re.compile(r"\b(?:drag|sliders|scrub|scrub_steps|Interactive|Lab|Trials)\(")
# The lessons that may have more words: how many, and why. A test fails when one no longer needs them.
EXCUSED = {
    "01-meet-googlenet": (1410, "besides its story, it explains what a network, training and ImageNet are"),
}
# The pages beside the lessons. None of their figures has to move, and nobody keeps the times of their runs.
PAGES = ("how-we-count", "proofs", "the-lamp")


@dataclass(frozen=True)
class Size:
    """What a lesson holds for a reader who opens no fold."""

    words: int
    numbers: int  # printed by cells
    pictures: int
    movable: int  # figures
    minutes: float
    bytes: int

    @property
    def rounded(self) -> int:
        """The minutes as a lesson states them, to the next five."""
        return 5 * round(self.minutes / 5)


def lessons() -> list[Path]:
    """The numbered lessons, in their order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))


def pages() -> list[Path]:
    """The pages beside the lessons, which are measured, too."""
    return [NOTEBOOKS / f"{name}.ipynb" for name in PAGES]


def over(path: Path, size: Size) -> set[str]:
    """The limits that a lesson or a page of this size breaks."""
    most_words, _ = EXCUSED.get(path.stem, (MOST_WORDS, ""))
    broken = {
        "words": size.words > most_words,
        "numbers": size.numbers > MOST_NUMBERS,
        "movable": size.movable < LEAST_MOVABLE and path.stem not in PAGES,
        "bytes": size.bytes > MOST_BYTES,
    }
    return {name for name, is_broken in broken.items() if is_broken}


def measure(path: Path) -> Size:
    """The size of one stored lesson."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    story = _story(cells)
    outputs = [o for cell in story if cell["cell_type"] == "code" for o in cell["outputs"]]
    words = sum(map(_words, story))
    exercises = len({n for cell in cells for n in re.findall(r'\bcheck\(\s*"(\d+\.\d+)"', "".join(cell["source"]))})
    return Size(
        words=words,
        numbers=sum(map(_numbers, outputs)),
        pictures=sum("image/png" in o.get("data", {}) for o in outputs),
        movable=sum(len(MOVABLE.findall(c["source"])) for c in story if c["cell_type"] == "code"),
        minutes=words / WORDS_PER_MINUTE + _seconds(path) / 60 + exercises * MINUTES_PER_EXERCISE,
        bytes=path.stat().st_size,
    )


def _story(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells outside folds, exercises and "Read more". A heading ends those of its level and below."""
    shown, skipped = [], 7  # the level of the heading that is being skipped; there is none of level 7
    for cell in itertools.chain.from_iterable(map(_parts, cells)):
        heading = re.match(r"(#+) (.+)", cell["source"]) if cell["cell_type"] == "markdown" else None
        if heading and len(heading[1]) <= skipped:
            is_fold = cell["metadata"].get("jp-MarkdownHeadingCollapsed") or heading[2].startswith("How we know")
            is_aside = heading[2].startswith(("Exercises", "Read more"))
            skipped = len(heading[1]) if is_fold or is_aside else 7
        if skipped == 7:
            shown.append(cell)
    return shown


def _parts(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """A cell, or for text one for each of its headings: "## Summary" and "## Exercises" often share a cell."""
    source = "".join(cell["source"])
    pieces = re.split(r"^(?=#+ )", source, flags=re.MULTILINE) if cell["cell_type"] == "markdown" else [source]
    return [cell | {"source": piece} for piece in pieces if piece or cell["cell_type"] == "code"]


def _words(cell: dict[str, Any]) -> int:
    if cell["cell_type"] != "markdown":
        return 0
    prose = re.sub(r"<details>.*?</details>|`[^`]*`|\]\([^)]*\)|<[^>]+>", " ", cell["source"], flags=re.DOTALL)
    return len(re.findall(r"\S*\w\S*", prose))


def _numbers(output: dict[str, Any]) -> int:
    """How many numbers an output shows in text; the words that stand in for a picture are not seen."""
    data = output.get("data", {})
    text = "" if "image/png" in data else "".join(output.get("text", [])) + "".join(data.get("text/plain", []))
    return len(re.findall(r"\d+(?:[.,]\d+)*", text))


def _seconds(path: Path) -> float:
    """What a run of the lesson takes one core, from the table that `run_notebooks.py` keeps; 0 before the first run."""
    return next((float(row["seconds"]) for row in table("lessons") if row["lesson"] == path.stem), 0)


def report() -> tuple[str, bool]:
    """The table, and whether no lesson or page is over its limits."""
    lines = [f"{'lesson':32}{'words':>7}{'numbers':>9}{'pictures':>10}{'movable':>9}{'minutes':>9}{'bytes':>11}"]
    lines.append(f"{'limit':32}{MOST_WORDS:7,}{MOST_NUMBERS:9}{'':10}{f'>= {LEAST_MOVABLE}':>9}{'':9}{MOST_BYTES:11,}")
    good = True
    for path in lessons() + pages():
        size = measure(path)
        broken = over(path, size)
        good = good and not broken
        minutes = "" if path.stem in PAGES else size.rounded
        note = f"  over: {', '.join(sorted(broken))}" if broken else ""
        if path.stem in EXCUSED:
            note += "  at most {:,} words: {}".format(*EXCUSED[path.stem])
        lines.append(
            f"{path.stem:32}{size.words:7,}{size.numbers:9}{size.pictures:10}{size.movable:9}{minutes:9}"
            f"{size.bytes:11,}{note}"
        )
    return "\n".join(lines), good


if __name__ == "__main__":
    text, fine = report()
    print(text)
    sys.exit(not fine)
