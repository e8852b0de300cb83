"""Gives the files of each lesson the names that lessons/course.toml gives, and corrects every mention of them.

`make index` does this first. A lesson is known by its slug. If one slug is new, it is taken to be the one that is gone.
"""

import re
import subprocess
import sys

from lessons.course import LESSONS, Lesson
from tricknet.paths import NOTEBOOKS, ROOT

# Where a lesson may be mentioned. What has changed is history, and keeps its names.
TEXTS = (".md", ".ipynb", ".py", ".js", ".toml", ".txt", ".yml", ".html")
KEPT = ("docs/changes.md", "scripts/generate/rename.py")
# The numbers of lessons, and of exercises as far as the dot. In this order: lessons 8, 9 and 10; exercise 8.1, ## 8.1,
# check("8.1"; the first line in @exercise(; [8](08- and [8. Title](08-; ### 8. Title.
MENTION = re.compile(
    r"""\b[Ll]essons?\ \d+(?:(?:,|\ and|\ or|\ to)\ \d+\b(?!\.\d))*
    | (?:[Ee]xercises?\ |\#\ |[("]\\?")\d+(?=\.\d)
    | ^\ {4}"\d+(?=\.\d",)
    | \[\d+(?=(?:\.\ [^]]*)?\]\([^)]*\d\d-)
    | ^\#{3}\ \d+(?=\.\ )""",
    re.VERBOSE | re.MULTILINE,
)
PACKAGE = r'\b((?:lessons|evidence)(?:[./]| import )|tables/|tests/(?:lessons/)?test_|Tables\(")'  # what is before one


def find_renamed() -> dict[str, Lesson]:
    """The lessons whose files have other names, by the stem that they have."""
    there = {re.sub(r"^\d\d-", "", path.stem): path.stem for path in NOTEBOOKS.glob("*.ipynb") if path.stem != "index"}
    gone, new = there.keys() - {lesson.slug for lesson in LESSONS}, [one for one in LESSONS if one.slug not in there]
    if len(gone) > 1 or len(new) != len(gone):
        differ = f"Without a notebook: {[one.stem for one in new]}. Without an entry: {[*gone]}."
        sys.exit(f"course.toml and notebooks/ differ. {differ} Add what is missing, or rename one lesson at a time.")
    old = {lesson.slug: there[lesson.slug] for lesson in LESSONS if lesson.slug in there}
    old |= {lesson.slug: there[slug] for lesson, slug in zip(new, gone, strict=True)}
    return {old[lesson.slug]: lesson for lesson in LESSONS if old[lesson.slug] != lesson.stem}


def correct(text: str, moved: dict[str, Lesson]) -> str:
    """A text, or a path, with the new names and numbers."""
    numbers = {str(int(stem[:2])): str(lesson.number or 0) for stem, lesson in moved.items() if stem[:2].isdigit()}
    text = MENTION.sub(lambda found: re.sub(r"\d+", lambda n: numbers.get(n[0], n[0]), found[0]), text)
    for stem, lesson in moved.items():
        package = re.sub(r"^\d\d-", "", stem).replace("-", "_")
        end = r"\b" if stem[:2].isdigit() else r"(?=\.(?:ipynb|html|jpg)\b)"
        text = re.sub(rf"(?<![\w-]){stem}{end}", lesson.stem, text)
        text = re.sub(rf"{PACKAGE}{package}\b", rf"\1{lesson.package}", text)
    return text


def main() -> None:
    if not (moved := find_renamed()):
        return
    listed = subprocess.check_output(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, text=True)
    there = [name for name in listed.split("\0") if (ROOT / name).is_file()]  # git also lists deleted ones
    for name in there:
        old, new = ROOT / name, ROOT / correct(name, moved)
        if new != old:
            new.parent.mkdir(parents=True, exist_ok=True)
            old.rename(new)
            print(f"{name} -> {new.relative_to(ROOT)}")
        if new.suffix in TEXTS and name not in KEPT:
            before = new.read_text(encoding="utf-8")
            if (after := correct(before, moved)) != before:
                new.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
