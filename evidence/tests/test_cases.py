"""Are targets drawn as they should be, and does an experiment measure what is missing and fill in its page?"""

import re
import sys

import pytest

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import count, tabulate
from tricknet import images
from tricknet.counting import Tables


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
