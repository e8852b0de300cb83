"""A file is written whole or not at all: beside its place at first, then under its name."""

import errno
import os
import secrets
import stat
from pathlib import Path

NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NotWrittenError(OSError):
    """A file could not be written. What was there before is as it was."""

    def __str__(self) -> str:
        why = str(self.strerror)
        todo = (
            "Free some space, and try again."
            if self.errno in NO_SPACE
            else "Give a different name, or choose a different folder."
        )
        return f"{self.filename} could not be written: {why[:1].lower()}{why[1:]}. {todo}"


def write(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file, and return the path. Whatever stops it, the file under that name is the old one or the new one.

    A new file gets the permissions that the umask leaves, and one that is replaced keeps its own. Where the path is a
    link, what it leads to is replaced. A process that is killed may leave a hidden file, .tricknet-*.part.

    Raises NotWrittenError (an OSError) if the disk is full, or if the file or its folder may not be written.
    """
    target = Path(os.path.realpath(path))
    half = target.with_name(f".tricknet-{secrets.token_hex(8)}.part")  # short: the longest names have no room
    try:
        mode = _mode(target)
        try:
            with open(half, "xb") as file:
                if mode is not None:
                    os.fchmod(file.fileno(), mode)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # else a power cut could leave the name without the content
            half.replace(target)
        finally:  # after Ctrl-C, too
            half.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(error.errno, error.strerror or str(error).rstrip("."), os.fspath(path)) from None
    return Path(path)


def _mode(target: Path) -> int | None:
    """The permissions of the file that will be replaced, if there is one. Raises OSError if it may not be written."""
    if not target.exists():
        return None
    with open(target, "r+b") as file:  # what may only be read would be replaced all the same, and so would a pipe
        return stat.S_IMODE(os.fstat(file.fileno()).st_mode)
