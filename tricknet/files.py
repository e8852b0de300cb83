"""A file is written whole or not at all: first under a temporary name, then under its own."""

import os
import shutil
from pathlib import Path


class NotWrittenError(OSError):
    """A file could not be written. What was there before is as it was."""

    def __str__(self) -> str:
        return f"{self.filename} could not be written ({self.strerror}). Free some space, or choose a different place."


def write(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file, and return the path. Whatever stops it, the file under that name is the old one or the new one.

    A file that is replaced keeps its permissions, and a link stays a link.

    Raises NotWrittenError (an OSError) if the disk is full, or if the file or its folder may not be written.
    """
    target = Path(os.path.realpath(path))
    half = target.with_name(f".tricknet-{os.getpid()}.part")
    try:
        if target.exists():
            target.open("r+b").close()  # what may only be read would be replaced all the same, and so would a pipe
        try:
            half.write_bytes(content)
            if target.exists():
                shutil.copymode(target, half)
            half.replace(target)
        finally:  # after Ctrl-C, too
            half.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(error.errno, error.strerror or str(error), os.fspath(path)) from None
    return Path(path)
