"""Are targets drawn as they should be, and does an experiment measure what is missing and write its page?"""

import sys

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import Prose, count, tabulate
from tricknet import images
from tricknet.counting import Tables


def test_targets_hang_on_the_picture_and_are_none_of_its_likeliest(googlenet):
    names = images.EVIDENCE[:6]
    cases = draw_cases(googlenet, names)
    assert [case.target for case in draw_cases(googlenet, names[3:])] == [case.target for case in cases[3:]]
    for case in cases:
        assert case.target not in {index for index, _, _ in googlenet.predict(case.picture).top(5)}


def test_an_experiment_measures_what_is_missing_and_writes_its_page(tmp_path, monkeypatch):
    table, thrown = Tables(str(tmp_path / "tables" / "dogs")), []

    def throw(side):
        thrown.append(side)
        return [{"six": int(side == 6)}]

    for sides in (range(1, 4), range(1, 7)):
        makers = {"sixes": lambda sides=sides: complete(table, "sixes", combine(side=sides), throw)}
        monkeypatch.setattr(sys, "argv", ["dogs"])
        prose = Prose("How often does a die show a six?", {"sixes": "is a side of the die."})
        main(prose, table, makers, lambda: {"sixes": [tabulate(table("sixes"), [], {"": count("six")})]})
    assert thrown == [1, 2, 3, 4, 5, 6]
    page = (tmp_path / "dogs.md").read_text()
    assert "How often" in page and "`tables/dogs/sixes.csv` is a side" in page and "(3% " in page and " 56%)" in page
