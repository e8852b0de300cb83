"""How much memory there is, in a container too."""

from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")  # where a container finds its own limit


def available(cgroup: Path = CGROUP) -> int:
    """Bytes that can still be taken without the kernel of the machine ending the process."""
    free = int(psutil.virtual_memory().available)
    try:
        limit, used, details = ((cgroup / f"memory.{name}").read_text() for name in ("max", "current", "stat"))
        cached = dict(line.split() for line in details.splitlines())["inactive_file"]  # given back when it is wanted
        return min(free, int(limit) - int(used) + int(cached))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return free
