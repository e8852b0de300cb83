"""Pages of evidence: each says what its tables say, which count their rows, pair the same cases and follow a recipe.

An experiment asserts that its tables bear out the lessons, and measures only what is missing.
"""

import importlib
import re
import sys

import pytest

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import compare_counts, compare_means, count, fill_page, tabulate, total
from lessons.course import LESSONS
from tricknet import images
from tricknet.counting import Tables, mcnemar, rate
from tricknet.paths import ROOT

PAGES = sorted(ROOT.glob("evidence/*.md"))


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_page_says_what_the_tables_say_and_explains_each(path):
    experiment, page = importlib.import_module(f"evidence.{path.stem}"), path.read_text(encoding="utf-8")
    assert page == fill_page(page, experiment.make_tables())
    files = sorted(path.relative_to(ROOT / "evidence") for path in experiment.table.folder.iterdir())
    assert sorted(re.findall(r"^## .+\n\nEach row of `(\S+)`", page, re.MULTILINE)) == list(map(str, files))
    (lesson,) = (lesson for lesson in LESSONS if lesson.package == path.stem)
    number = f"lesson {lesson.number}, " if lesson.number else ""
    assert page.startswith(f"# Evidence for {number}{lesson.title}\n")


ROWS = [
    {"set": which, "how": how, "picture": picture, "sees": sees, "p": p}
    for which, how, cells in (
        ("held_out", "plain", [("a", "target", 0.9), ("b", "first", 0.1), ("c", "other", 0.2)]),
        ("held_out", "averaged", [("c", "target", 0.8), ("a", "target", 0.7), ("b", "target", 0.6)]),
        ("evidence", "plain", [("d", "first", 0.3)]),
    )
    for picture, sees, p in cells
]
HOWS = ({"how": "averaged"}, {"how": "plain"})


def lines(table):
    """The cells of a table, without its rule."""
    head, rule, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert set(rule) == {"---"} and {len(line) for line in body} == {len(head)}
    return [head, *body]


def test_every_cell_counts_its_own_rows():
    k_of_n = lambda k, n: f"{k} of {n} ({rate(k, n).interval})"  # noqa: E731
    assert lines(tabulate(ROWS, ["set"], {"": count("sees", "target", "other")}, across=["how"])) == [
        ["set", "plain", "averaged"],
        ["held out", k_of_n(2, 3), k_of_n(3, 3)],
        ["evidence", k_of_n(0, 1), "–"],
    ]
    counted = [{"kind": "x", "seed": 0, "k": 3, "n": 10}, {"kind": "x", "seed": 1, "k": 4, "n": 10}]
    assert lines(tabulate(counted, ["kind"], {"right": total("k", "n")})) == [["kind", "right"], ["x", k_of_n(7, 20)]]
    assert lines(tabulate(counted, ["kind"], {"": total("k", 10)}, across=["seed"]))[0] == ["kind", "seed 0", "seed 1"]


def test_pairs_are_of_the_same_cases_in_any_order():
    (_, one) = lines(compare_counts(ROWS, ["set"], [HOWS], counted=["sees", "target"]))
    p = f"{mcnemar([1, 1, 1], [1, 0, 0]):.2g}"
    assert one == ["held out", "averaged: 3 of 3", "plain: 1 of 3", "2", "0", p, p]
    (_, one) = lines(compare_means(ROWS, ["set"], [HOWS], column="p", digits=1))
    assert one[1:] == ["averaged", "plain", "0.6; -0.2; 0.5"]  # of c, a and b, as the first of the two has them
    with pytest.raises(ValueError):
        compare_counts(ROWS[:-2], [], [HOWS], counted=["sees", "target"])


def test_several_tests_are_corrected_together_and_seeds_averaged_before_cases_are_compared():
    twice = [row | {"set": which} for which in "xy" for row in ROWS if row["set"] == "held_out"]
    ps = [line[-2:] for line in lines(compare_counts(twice, ["set"], [HOWS], counted=["sees", "target"]))[1:]]
    assert ps == [["0.5", "1"]] * 2
    rows = [{"how": how, "picture": p, "v": v} for how, v in (("x", 1), ("x", 0), ("y", 0)) for p in "ab"]
    assert lines(compare_means(rows, [], [({"how": "x"}, {"how": "y"})], column="v"))[1][-1] == "0.50; 0.50"


def test_targets_hang_on_the_picture_and_are_none_of_its_likeliest(googlenet):
    names = images.EVIDENCE[:6]
    cases = draw_cases(googlenet, names)
    assert [case.target for case in draw_cases(googlenet, names[3:])] == [case.target for case in cases[3:]]
    for case in cases:
        assert case.target not in {index for index, _, _ in googlenet.predict(case.picture).top(5)}


def test_an_experiment_measures_what_is_missing_and_fills_in_its_page(tmp_path, monkeypatch):
    table, page, thrown = Tables(str(tmp_path / "tables" / "dogs")), tmp_path / "dogs.md", []
    page.write_text("Before.\n\n|\n\nAfter.\n")

    def throw(side):
        thrown.append(side)
        return [{"six": int(side == 6)}]

    for sides in (range(1, 4), range(1, 7)):
        makers = {"sixes": lambda sides=sides: complete(table, "sixes", combine(side=sides), throw)}
        monkeypatch.setattr(sys, "argv", ["dogs"])
        main(table, makers, lambda: [tabulate(table("sixes"), [], {"": count("six")})])
    assert thrown == [1, 2, 3, 4, 5, 6]
    assert re.fullmatch(r"Before.\n\n\|.*\n\|.*\n\| 1 of 6 \(3% to 56%\) \|\n\nAfter.\n", page.read_text())
    page.write_text("No table.\n")
    with pytest.raises(ValueError, match=r"\b0\b.*\b1\b"):
        main(table, {}, lambda: ["| |"])
