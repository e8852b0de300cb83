"""How long and how full the lessons are: none is over a limit without an excuse, and each states its minutes."""

import json
import re

import pytest

from benchmarks import table
from scripts import measure

every_lesson = pytest.mark.parametrize("path", measure.lessons(), ids=[path.stem for path in measure.lessons()])


@pytest.mark.parametrize("path", measure.lessons() + measure.pages(), ids=lambda path: path.stem)
def test_a_lesson_and_a_page_are_within_their_limits(path):
    assert not measure.over(path, measure.measure(path))


def test_excuses_are_for_lessons_that_need_them():
    words = {path.stem: measure.measure(path).words for path in measure.lessons()}
    for lesson, (most, reason) in measure.EXCUSED.items():
        assert measure.MOST_WORDS < words[lesson] <= most and reason


def test_an_excuse_has_a_ceiling(monkeypatch):
    lesson = measure.lessons()[0]
    size = measure.measure(lesson)
    monkeypatch.setitem(measure.EXCUSED, lesson.stem, (size.words - 1, "one word too few"))
    assert measure.over(lesson, size) == {"words"} and not measure.report()[1]
    monkeypatch.setitem(measure.EXCUSED, lesson.stem, (size.words, "just enough"))
    assert not measure.over(lesson, size)


def test_every_lesson_was_timed():
    assert [row["lesson"] for row in table("lessons")] == [path.stem for path in measure.lessons()]


@every_lesson
def test_the_first_cell_states_the_minutes(path):
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    stated = re.search(r"About (\d+) minutes", first)
    assert stated and int(stated[1]) == measure.measure(path).rounded


def test_folds_exercises_and_captions_do_not_count(tmp_path):
    def text(source, **metadata):
        return {"cell_type": "markdown", "source": [source], "metadata": metadata}

    def code(source, *outputs):
        return {"cell_type": "code", "source": [source], "metadata": {}, "outputs": outputs}

    cells = [
        text("# 1. Title\n\nOne two `three()` [four](five.md)."),
        code("sliders(draw)", {"text": ["1,000 of 2.5\n"]}, {"data": {"image/png": "", "text/plain": ["7 8 9"]}}),
        text("### How we know\n\nsix seven", **{"jp-MarkdownHeadingCollapsed": True}),
        code("scrub(x)", {"text": ["1 2 3"]}),
        text("#### Deeper\n\neight"),
        text("## Summary\n\nnine\n\n## Exercises\n\n### 1.1 Ten\n\neleven"),
        code('check("1.1", ...)', {"text": ["4 5"]}),
        text("### 1.2 Twelve"),
        text("## Read more\n\nthirteen\n\n## The end"),
    ]
    path = tmp_path / "99-lesson.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    size = measure.measure(path)
    # "1. Title", "One two four", "Summary nine", "The end"
    assert (size.words, size.numbers, size.pictures, size.movable) == (9, 2, 1, 1)
    assert size.minutes == pytest.approx(9 / measure.WORDS_PER_MINUTE + measure.MINUTES_PER_EXERCISE)
    assert not measure.over(path, size)
