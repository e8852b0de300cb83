"""Lesson 17, A vulture you can see: its figures."""

from collections.abc import Mapping

from lessons.visible_vulture import STRANGERS, table
from lessons.visible_vulture.check import tally, tries
from tricknet.arrays import Picture
from tricknet.counting import rate
from tricknet.plots import Plot, Sheet, intervals, show

FACE = slice(48, 160), slice(0, 112)  # of the panda


def faces(pictures: Mapping[str, Picture], alt: str = "", columns: int = 3) -> Sheet:
    """The panda's face in each picture (uint8, 224 x 224 x 3), each pixel enlarged, below a name."""
    return show([picture[FACE] for picture in pictures.values()], pictures, alt, columns=columns, enlarge=2)


def strangers() -> Plot:
    """How often each stranger names the target, of the held-out photographs, and how often you did in the quiz."""
    groups = {}
    for way, name in {"both": "painted with noise", "prior": "painted without", "trick": "lesson 3's trick"}.items():
        rows = [row for row in table("paint") if row["way"] == way]
        groups[name] = {judge: rate(sum(row[judge] for row in rows), len(rows)) for judge in STRANGERS}
        if tries and way != "trick":
            groups[name]["you, in the quiz"] = tally(tries[0])[way == "both"]
    return intervals.rates(groups, xlabel="names the class from the hat, with 95% intervals")


def faint() -> Plot:
    """Of the pairs of the table `faint`: what GoogLeNet says about the picture itself, and through noise."""
    groups = {}
    for way, name in {
        "photograph": "the photograph",
        "no noise": "painted without noise",
        "noise": "painted with",
    }.items():
        rows = [(row["own"], int(row["seen"] >= 6)) for row in table("faint") if row["way"] == way]
        own, seen, both = (sum(hits) for hits in zip(*((a, b, a * b) for a, b in rows), strict=True))
        counts = {"clear: the photograph's class": own, "through noise: the target": seen, "both": both}
        groups[name] = {what: rate(k, len(rows)) for what, k in counts.items()}
    return intervals.rates(
        groups, xlabel="of 30 photographs, with 95% intervals; through noise: in at least 6 of 10 draws"
    )
