#!/usr/bin/env python3
"""Puts the lessons where the reader can write, and keeps them new: put_lessons.py PROJECT FOLDER

What the reader has changed stays, and a newer lesson is put beside it. FOLDER/.lessons.json notes which versions were
brought: a file that is still one of these is not changed, and neither is a notebook that was only run. What is new is
also written beside the lessons, for readers without a terminal, as in a class.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

# Without notebooks/islands, which only the site shows.
NAMES = ("notebooks/*.ipynb", "notebooks/solutions", "images", "docs", "evidence/*.md", "README.md")
NOTES = ".lessons.json"
NEWS = "notebooks/what-is-new.txt"

LARGEST = 10_000_000  # bytes. No lesson has half of that, even with what it has drawn

type Versions = dict[str, str]  # of each file that was brought (see `version`), by its name in FOLDER


def renew(project: Path, folder: Path) -> Iterator[str]:
    """Put what is missing or unchanged, and beside what is changed whatever is newer; say what is new."""
    brought = read_notes(folder / NOTES)
    first, fresh, beside = not brought, [], []
    for source in sources(project):
        name = source.relative_to(project).as_posix()
        target, new, old = folder / name, version(source), brought.get(name, "")
        if target.is_symlink() or (target.exists() and not target.is_file()):
            continue
        there, newer = version(target), new.partition(" ")[0] not in old
        if not target.exists() or (newer and same(there, old)):
            put(source.read_bytes(), target)
            if not first and newer:
                fresh.append(name)
        elif newer and not same(there, new):
            copy = name_beside(target, folder, new, brought)
            put(source.read_bytes(), folder / copy)
            brought[copy] = new
            beside.append(copy)
        brought[name] = new
    put(json.dumps(brought, indent=0, sort_keys=True).encode(), folder / NOTES)
    if fresh:
        yield f"New in this version: {listed(fresh)}."
    if beside:
        yield f"New in this version, beside yours, which you have changed: {listed(beside)}."


def sources(project: Path) -> Iterator[Path]:
    for found in (path for name in NAMES for path in sorted(project.glob(name))):
        yield from (path for path in [found, *sorted(found.rglob("*"))] if path.is_file())


def name_beside(target: Path, folder: Path, new: str, brought: Versions) -> str:
    """A name for a newer version that no file changed by the reader has."""
    for number in count(1):
        copy = target.with_stem(f"{target.stem} (new{f' {number}' * (number > 1)})")
        name = copy.relative_to(folder).as_posix()
        if not os.path.lexists(copy) or same(version(copy), f"{new} {brought.get(name)}"):
            return name
    raise AssertionError


def put(content: bytes, target: Path) -> None:
    """Write a file, so that under its own name it is whole or not there at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".~{target.name}.part")
    try:
        part.unlink(missing_ok=True)  # a link would lead elsewhere, and a pipe would be waited for
        part.write_bytes(content)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def version(path: Path) -> str:
    """The checksum of the file, and after it that of a notebook's cells, which stays the same when they are run.

    "" if the file cannot be read or is too large to be a lesson. A pipe isn't read: that could wait for ever.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""
        content = path.read_bytes()
    except OSError:
        return ""
    try:  # JupyterLab adds an empty cell when the last one has run
        cells = [(one["cell_type"], "".join(one["source"])) for one in json.loads(content)["cells"] if one["source"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        return checksum(content)
    return f"{checksum(content)} {checksum(repr(cells).encode())}"


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def same(one: str, other: str) -> bool:
    """Is it the same file, or the same notebook?"""
    return not {*one.split()}.isdisjoint(other.split())


def read_notes(path: Path) -> Versions:
    try:
        notes = path.read_bytes() if path.is_file() else b""
        return {str(name): str(version) for name, version in json.loads(notes).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def main() -> None:
    project, folder = map(Path, sys.argv[1:])
    try:
        news = "".join(f"{line}\n" for line in renew(project, folder))
        print(news, end="")
        if news:
            put(news.encode(), folder / NEWS)
    except OSError as error:
        why = f"{error.strerror}: {error.filename2 or error.filename or folder}"
        sys.exit(f"The lessons could not be put into {folder}: {why}. Fix that, then start again.")


if __name__ == "__main__":
    main()
