"""Exercises that check themselves: a yes for what holds, a hint for anything else, and never an exception."""

import builtins
import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.course import LESSONS
from tricknet.check import _known, answers, check, exercise, exercises

NUMBERED = [lesson for lesson in LESSONS if lesson.number]


def checks(path: Path) -> dict[str, dict]:
    """The cells of a notebook that check an exercise, by its number."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [(cell, "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    return {number: cell for cell, source in code for number in re.findall(r'\bcheck\(\s*"(\d+\.\d+)"', source)}


every_lesson = pytest.mark.parametrize("lesson", NUMBERED, ids=[lesson.slug for lesson in NUMBERED])


@every_lesson
def test_each_exercise_has_a_check_a_stub_without_a_hint_and_a_solution(lesson):
    """No hint is stored before a try. That all solutions are right is seen to by scripts/run_notebooks.py --check."""
    numbers, path = [n for n in exercises() if n.startswith(f"{lesson.number}.")], lesson.notebook
    stubs, solutions = checks(path), checks(path.parent / "solutions" / path.name)
    assert numbers and [*stubs] == [*solutions] == numbers
    assert not any(cell["outputs"] for cell in stubs.values())


# check itself
@exercise("99.1", start="Which number?", recipe="Give `1`.")
def _(value):
    if answers.number(value) == 4.5:
        raise ZeroDivisionError("four and a half")
    if value != 1:
        raise answers.Hint("Try <another> one.")
    return "it is 1"


def stub(picture):
    """As an exercise leaves it to the learner."""
    ...


def test_the_second_wrong_answer_in_a_row_gets_the_recipe_and_a_right_one_starts_again():
    right, wrong, again = (check("99.1", answer) for answer in (1, 2, 2))
    assert right and repr(right).startswith("✓ ") and "it is 1" in right.text
    assert not wrong and repr(wrong).startswith("→ ") and wrong.text.endswith("Try <another> one.")
    assert again.text.startswith(wrong.text) and again.text.endswith("Give `1`.")
    assert all(part in again._repr_html_() for part in ("&lt;another&gt; one.<br>", "Give <code>1</code>."))
    for wrong in (4.5, 2, stub.__doc__):
        assert check("99.1", 1)
        assert "Give" not in repr(check("99.1", wrong)) and "Give" in repr(check("99.1", wrong))


@pytest.mark.parametrize("missing", [(), (...,), (None,), ([1, ...],), ({"red": ...},), (stub,), (1, 1)])
def test_what_is_no_try_gets_the_first_hint_and_does_not_count(missing):
    assert check("99.1", 1)
    (verdict,) = {check("99.1", *missing) for _ in range(3)}
    assert verdict.state == "missing" and "Which number?" in verdict.text and "Give" not in verdict.text
    assert "Give" not in check("99.1", 2).text


@every_lesson
def test_recipes_call_what_the_lesson_has(lesson):
    """What a recipe calls or takes parts of is in the lesson's text or code, is Python's own, or is made by it."""
    text = lesson.notebook.read_text(encoding="utf-8")
    for number in (number for number in exercises() if number.startswith(f"{lesson.number}.")):
        recipe = " ".join(re.findall(r"`([^`]+)`", _known[number].recipe))
        made = {*re.findall(r"(?:def|class|for) (\w+)", recipe), *re.findall(r"(\w+) [-+*/]?= ", recipe)}
        called = {*re.findall(r"(?<![\w.\"'])([A-Za-z_]\w*)[.(\[]", recipe)} - made - {*vars(builtins)}
        lacking = {name for name in called if not re.search(rf"\b{name}\b", text)}
        assert not lacking, f"{number} calls {lacking}"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(np.zeros((2, 2))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.parametrize("number", exercises())
@settings(max_examples=20)
@given(answers=st.lists(anything, min_size=1, max_size=3))
def test_nothing_that_a_learner_can_give_raises(googlenet, number, answers):
    assert check(number, *answers).state != "broken"


def test_verdicts_are_recorded_only_where_somebody_wants_it_and_say_so(tmp_path, monkeypatch):
    kept = tmp_path / "checks.csv"
    assert "ecorded" not in check("99.9").text
    monkeypatch.setenv("TRICKNET_RECORD", str(kept))
    assert all(str(kept) in check(number, ...).text for number in ("99.9", exercises()[0]))
    assert [row[1:] for row in csv.reader(kept.open())] == [["99.9", "unknown"], [exercises()[0], "missing"]]
    monkeypatch.setenv("TRICKNET_RECORD", str(tmp_path))  # a folder: the verdict survives
    assert "could not be recorded" in check("99.9").text
