"""The page for teachers: a plan of 45 minutes for each lesson, under the lesson's own title."""

import json
import re

from tricknet.paths import NOTEBOOKS, ROOT

PLANS = re.findall(r"^### (.+?)\n\n(.+?)(?=\n### |\Z)", (ROOT / "docs" / "teaching.md").read_text(), re.M | re.S)


def test_every_lesson_has_a_plan():
    first_cells = (json.loads(path.read_text())["cells"][0] for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")))
    titles = ["".join(cell["source"]).splitlines()[0].removeprefix("# ") for cell in first_cells]
    assert [title for title, _ in PLANS] == titles


def test_every_plan_has_its_parts_and_fills_a_period():
    for title, plan in PLANS:
        parts = re.findall(r"^\*\*(\D+?)\*\*", plan, re.MULTILINE)
        assert parts == ["Goal.", "Plan.", "Short of time?", "Discuss.", "What goes wrong."], title
        assert sum(map(int, re.findall(r"\*\*(\d+)\*\*", plan))) == 45, title


def test_every_discussion_has_three_questions():
    for title, plan in PLANS:
        (questions,) = re.findall(r"^\*\*Discuss\.\*\* (.+?)\n\n", plan, re.MULTILINE | re.DOTALL)
        assert questions.count("?") == 3, title


def test_the_sections_that_a_plan_names_are_in_the_lesson():
    lessons = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
    for (title, plan), lesson in zip(PLANS, lessons, strict=True):
        text = "\n".join("".join(cell["source"]) for cell in json.loads(lesson.read_text())["cells"])
        # What stands in italics, too, is what a pupil says.
        for name in re.findall(r'(?<!\*)"([A-Z][^"]+)"(?!\*)', " ".join(plan.split())):
            assert name in text, f"{title}: no {name!r}"
