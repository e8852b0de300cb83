"""The one list of lessons: what is named after it, and what is made from it."""

import re
import runpy
from itertools import takewhile

from lessons.course import LESSONS
from tests.project.test_docs import text
from tricknet.paths import DOCS, NOTEBOOKS, ROOT


def test_every_lesson_has_its_files_and_no_file_is_left_over():
    """Each by its slug. A page between the lessons may do without solutions, a package and tests of its own."""
    stems = {lesson.stem for lesson in LESSONS}
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == stems | {"index"}
    assert {path.stem for path in (DOCS / "lessons").iterdir()} == stems
    assert {path.stem for path in NOTEBOOKS.glob("solutions/*.ipynb")} == {one.stem for one in LESSONS if one.number}
    packages = {path.parent.name for path in ROOT.glob("lessons/*/__init__.py")}
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "lessons").glob("test_*.py")}
    assert {one.package for one in LESSONS if one.number} <= packages & tests
    assert packages <= {one.package for one in LESSONS}


def test_what_is_made_from_the_list_is_current():
    stale = runpy.run_path(str(ROOT / "scripts" / "generate" / "index.py"))["stale"]()
    assert not stale, f"run `make index`: {[*stale]}"


def test_each_lesson_ends_with_a_link_to_the_next():
    """To the next in the list, or past pages that are optional."""
    for place, lesson in enumerate(LESSONS[:-1], 1):
        optional = [*takewhile(lambda one: not one.number, LESSONS[place:])]
        following = LESSONS[place : place + len(optional) + 1]
        ends = text(lesson.notebook).splitlines()[-1]
        assert any(one.notebook.name in ends for one in following), f"{lesson.stem} leads to no next lesson"


def test_the_page_for_teachers_has_a_plan_for_each_lesson():
    plans = re.findall(r"^### (.+)$", (DOCS / "teaching.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert plans == [lesson.heading for lesson in LESSONS if lesson.number]


def test_each_question_to_discuss_has_an_answer_a_common_one_and_a_follow_up():
    """In the plan of every lesson: the question in italics, an answer, what is often said, and what to ask then."""
    plans = re.split(r"^### ", (DOCS / "teaching.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    plans = [plan for plan in plans if re.match(r"\d+\. ", plan)]
    for plan in plans:
        questions = re.findall(r"^\* (\*.+?)(?=^\S|\Z)", plan, re.MULTILINE | re.DOTALL)
        assert questions and "**Discuss.**\n\n* *" in plan, plan.partition("\n")[0]
        for question in questions:
            assert re.match(r"\*[^*]+\?\*\s+\S.+\sOften:\s+\S.+", question, re.DOTALL), question
    assert len(plans) == sum(lesson.number is not None for lesson in LESSONS)
