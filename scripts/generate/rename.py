"""Gives the files of each lesson the names that lessons/course.toml gives, and corrects every mention of them.

`make index` does this first. A lesson is known by its slug. If one slug is new, it is taken to be the one that is gone.
"""

import re
import subprocess
import sys
from pathlib import Path

from lessons.course import LESSONS, Lesson
from tricknet.paths import NOTEBOOKS, ROOT

# Where a lesson may be mentioned. What has changed is history, and keeps its names.
TEXTS = ("*.md", "*.ipynb", "*.py", "*.js", "*.toml", "*.txt", "*.yml", "*.html", ":!docs/changes.md", ":!*/rename.py")
PLACES = {"notebooks": ".ipynb", "notebooks/solutions": ".ipynb", "docs/lessons": ".jpg"}  # of the files of a stem
PACKAGES = ("lessons/{}", "tests/lessons/test_{}.py")  # of the files and folders of a package
PACKAGES += ("evidence/{}.py", "evidence/{}.md", "evidence/tables/{}", "evidence/tests/test_{}.py")
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


def moves() -> dict[str, Lesson]:
    """The lessons whose files have other names, by the stem that they have."""
    there = {re.sub(r"^\d\d-", "", path.stem): path.stem for path in NOTEBOOKS.glob("*.ipynb") if path.stem != "index"}
    gone, new = there.keys() - {lesson.slug for lesson in LESSONS}, [one for one in LESSONS if one.slug not in there]
    if len(gone) > 1 or len(new) != len(gone):
        differ = f"Without a notebook: {[one.stem for one in new]}. Without an entry: {[*gone]}."
        sys.exit(f"course.toml and notebooks/ differ. {differ} Add what is missing, or rename one lesson at a time.")
    old = {lesson.slug: there[lesson.slug] for lesson in LESSONS if lesson.slug in there}
    old |= {lesson.slug: there[slug] for lesson, slug in zip(new, gone, strict=True)}
    return {old[lesson.slug]: lesson for lesson in LESSONS if old[lesson.slug] != lesson.stem}


def number(stem: str) -> str:
    """The number with which a stem begins, or "0" as in the exercises of a page that has none."""
    return str(int(stem[:2])) if stem[:2].isdigit() else "0"


def package(stem: str) -> str:
    return re.sub(r"^\d\d-", "", stem).replace("-", "_")


def files(stem: str, lesson: Lesson) -> dict[Path, Path]:
    """Where each file and folder of a lesson is, and where it belongs."""
    pairs = {ROOT / place / f"{stem}{end}": ROOT / place / f"{lesson.stem}{end}" for place, end in PLACES.items()}
    if package(stem) != lesson.package:
        for path in PACKAGES:
            pairs[ROOT / path.format(package(stem))] = ROOT / path.format(lesson.package)
    for old in (ROOT / "web" / "pages" / "frames").glob(f"{stem}-*"):
        pairs[old] = old.with_name(old.name.replace(stem, lesson.stem, 1))
    return {old: new for old, new in pairs.items() if old.exists()}


def mended(text: str, moved: dict[str, Lesson]) -> str:
    """A text with the new names and numbers."""
    numbers = {number(stem): str(lesson.number or 0) for stem, lesson in moved.items() if stem[:2].isdigit()}
    text = MENTION.sub(lambda found: re.sub(r"\d+", lambda n: numbers.get(n[0], n[0]), found[0]), text)
    for stem, lesson in moved.items():
        end = r"\b" if stem[:2].isdigit() else r"(?=\.(?:ipynb|html|jpg)\b)"
        text = re.sub(rf"(?<![\w-]){stem}{end}", lesson.stem, text)
        text = re.sub(rf"{PACKAGE}{package(stem)}\b", rf"\1{lesson.package}", text)
    return text


def main() -> None:
    moved = moves()
    pairs = {old: new for stem, lesson in moved.items() for old, new in files(stem, lesson).items()}
    if subprocess.run(["git", "ls-files", "--error-unmatch", *pairs], cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        sys.exit("Git does not track the files above, so it cannot move them: `git add` them, and run this again.")
    for old, new in pairs.items():
        subprocess.run(["git", "mv", old, new], cwd=ROOT, check=True)
        print(f"{old.relative_to(ROOT)} -> {new.relative_to(ROOT)}")
    listed = subprocess.check_output(["git", "ls-files", "-z", *TEXTS], cwd=ROOT, text=True)
    for path in (ROOT / name for name in listed.split("\0")[:-1]) if moved else ():
        before = path.read_text(encoding="utf-8")
        if (after := mended(before, moved)) != before:
            path.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
