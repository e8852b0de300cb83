"""How much memory is free, in a container too: psutil knows only the machine's."""

from pathlib import Path

import psutil


def available(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes that can still be taken without the kernel of the machine ending the process.

    cgroup: where a container finds its own limit.
    """
    free = int(psutil.virtual_memory().available)
    try:
        limit, used, details = ((cgroup / f"memory.{name}").read_text() for name in ("max", "current", "stat"))
        cached = dict(line.split() for line in details.splitlines())["inactive_file"]  # given back when it is wanted
        return min(free, int(limit) - int(used) + int(cached))
    except (OSError, ValueError):  # no container, or no limit ("max")
        return free
