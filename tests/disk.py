"""A disk that is full, for anyone, and a folder that anyone may look into."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def full_disk(room: int = 100) -> Iterator[None]:
    """Files of this process may have so many bytes: the system refuses what goes beyond, after what fits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def open_to_all(folder: Path) -> None:
    """Let every user look into a test's folder: pytest's own are for their owner alone."""
    for parent in [folder, *folder.parents]:
        if parent == folder or parent.name.startswith(("pytest-", "popen-")):
            parent.chmod(0o755)
