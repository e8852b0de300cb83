#!/usr/bin/env python3
"""Puts the lessons where the reader can write: put_lessons.py PROJECT FOLDER

What is there already is the reader's and stays as it is, except for a copy that an earlier start could not finish.
"""

import shutil
import sys
from pathlib import Path

NAMES = ("notebooks", "images", "docs", "benchmarks", "README.md")


def put(source: Path, target: Path) -> None:
    """Copy a file, so that under its own name it is whole or not there at all."""
    if target.is_symlink() or (target.exists() and not cut_short(source, target)):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copy(source, part)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def cut_short(source: Path, target: Path) -> bool:
    """Is `target` only the beginning of `source`, up to a whole block of the disk?"""
    size = target.stat().st_size
    whole_blocks = target.is_file() and size < source.stat().st_size and size % 512 == 0
    return whole_blocks and source.read_bytes()[:size] == target.read_bytes()


def main() -> int:
    project, folder = map(Path, sys.argv[1:])
    try:
        for name in NAMES:
            for source in [project / name, *(project / name).rglob("*")]:
                if source.is_file():
                    put(source, folder / source.relative_to(project))
    except OSError as error:
        print(
            f"The lessons could not be put into {folder}: {error.strerror}. Mend that, and start again.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
