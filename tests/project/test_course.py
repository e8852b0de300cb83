"""The one list of lessons: what is named after it, what is made from it, and that a lesson moves in one line."""

import re
import runpy
import subprocess
import sys
from itertools import takewhile

import pytest

from lessons.course import LESSONS, LIST
from tests.project.test_docs import local, text
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


@pytest.mark.long
def test_lessons_change_their_names_and_places_by_one_line_each_and_back(tmp_path):
    """In a clone, by what `make index` does first: links lead somewhere, and the way back ends where it began."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, clone], check=True)
    before, path = LIST.read_text(encoding="utf-8"), clone / LIST.relative_to(ROOT)
    parts = re.split(r"(?=\[\[part\.lesson\]\])", before)
    ten, twelve = (next(i for i, part in enumerate(parts) if f'slug = "{LESSONS[k].slug}"' in part) for k in (9, 12))
    parts[ten], parts[twelve] = parts[twelve], parts[ten]

    def become(listed: str) -> str:
        """What git says has changed once the list is this one."""
        path.write_text(listed, encoding="utf-8")
        subprocess.run([sys.executable, "scripts/generate/rename.py"], cwd=clone, env={"PYTHONPATH": "."}, check=True)
        return subprocess.check_output(["git", "status", "--porcelain"], cwd=clone, text=True)

    become("".join(parts))
    changed = become("".join(parts).replace(f'"{LESSONS[9].slug}"', '"another-name"'))
    assert "another_name" in changed and f"{LESSONS[12].number:02}-another-name" in changed
    for file in clone.glob("notebooks/[0-9]*.ipynb"):
        checks = re.findall(r'check\(\\"(\d+)\.', file.read_text(encoding="utf-8"))
        assert {int(number) for number in checks} <= {int(file.stem[:2])}, f"{file.name} checks another lesson"
    for file in [*clone.glob("notebooks/*.ipynb"), *clone.glob("docs/*.md"), clone / "README.md"]:
        for link, target, _ in local(file):
            assert target.exists(), f"{file.name}: {link} leads nowhere"
    assert subprocess.run(["git", "grep", "-qw", f"lessons.{LESSONS[9].package}"], cwd=clone).returncode == 1
    become("".join(parts))
    assert become(before) == ""
