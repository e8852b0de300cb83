"""A folder that anyone may look into."""

from pathlib import Path


def open_to_all(folder: Path) -> None:
    """Let every user look into a test's folder: pytest's own are for their owner alone."""
    for parent in [folder, *folder.parents]:
        if parent == folder or parent.name.startswith(("pytest-", "popen-")):
            parent.chmod(0o755)
