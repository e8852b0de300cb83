#!/usr/bin/env python3
"""Puts the lessons where the reader can write, and keeps them new: put_lessons.py PROJECT FOLDER

What the reader has changed stays, and a newer lesson is put beside it. FOLDER/.lessons.json notes which versions were
brought: a file that is still one of these is not changed. What is new is also written beside the lessons, for readers
without a terminal, as in a class.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

NAMES = ("notebooks", "images", "docs", "evidence/*.md", "README.md")
NOTES = ".lessons.json"
NEWS = "notebooks/what-is-new.txt"

type Versions = dict[str, str]  # the checksum of each file that was brought, by its name in FOLDER


def renew(project: Path, folder: Path) -> Iterator[str]:
    """Put what is missing or unchanged, and beside what is changed whatever is newer; say what is new."""
    brought = read_notes(folder / NOTES)
    first, fresh, beside = not brought, [], []
    for source in sources(project):
        name = source.relative_to(project).as_posix()
        target, new, old = folder / name, checksum(source), brought.get(name)
        if target.is_symlink() or (target.exists() and not target.is_file()):
            continue
        there = checksum(target)
        if not target.exists() or there == old != new:
            put(source.read_bytes(), target)
            if not first and new != old:
                fresh.append(name)
        elif new not in (there, old):
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
        if not os.path.lexists(copy) or checksum(copy) in {new, brought.get(name)}:
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


def checksum(path: Path) -> str:
    """The checksum of the file, or "" if it cannot be read. A pipe isn't read: that could wait for ever."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""


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
