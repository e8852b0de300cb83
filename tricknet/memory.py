"""How much memory there is, in a container too."""

from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")  # where a container finds its own limit
VERSIONS = (  # of control groups: the files of the limit, of what is used, and of what that consists of
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)


def available(cgroup: Path = CGROUP) -> int:
    """Bytes that can still be taken without the kernel of the machine ending the process."""
    free = int(psutil.virtual_memory().available)
    for files in VERSIONS:
        try:
            limit, used, details = ((cgroup / name).read_text() for name in files)
            cached = dict(line.split() for line in details.splitlines())[
                "inactive_file"
            ]  # given back when it is wanted
            free = min(free, int(limit) - int(used) + int(cached))
        except (OSError, ValueError):  # no container, or another version, or no limit ("max")
            continue
    return free
