"""What this machine is, and how much of it other programs take meanwhile."""

import datetime
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psutil

from tricknet.evidence import save_table, table

VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "sve": "SVE", "asimd": "NEON"}  # the widest first


def machine() -> dict[str, Any]:
    """Date, processor, cores, vectors, memory (GB), the load of the last minute, and the system."""
    said = Path("/proc/cpuinfo").read_text()
    flags = set(re.findall(r"^(?:flags|Features)\s*: (.*)$", said, re.MULTILINE)[0].split())
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor(said),
        "cores": os.cpu_count(),
        "vectors": next((name for flag, name in VECTORS.items() if flag in flags), "no vectors known here"),
        "memory": round(psutil.virtual_memory().total / 1e9),
        "load": round(os.getloadavg()[0], 2),
        "system": f"Linux {platform.release().split('-')[0]}, Python {sys.version.split()[0]}",
    }


def processor(cpuinfo: str) -> str:
    """Its name. Rented machines say no more than the family, so the numbers of family and model come too."""
    names = re.findall(r"^model name\s*: (.+)$", cpuinfo, re.MULTILINE)
    if not names:  # as on arm64
        says = subprocess.run(["lscpu"], capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}).stdout
        names = re.findall(r"^Model name:\s*(.+)$", says, re.MULTILINE) or [platform.machine()]
    numbers = [re.findall(rf"^{word}\s*: (\d+)$", cpuinfo, re.MULTILINE)[:1] for word in ("cpu family", "model")]
    return names[0] + (f" (family {numbers[0][0]}, model {numbers[1][0]})" if all(numbers) else "")


def store(name: str, found: Mapping[str, Any]) -> None:
    """Write what is known of a machine as benchmarks/tables/NAME.csv, a row for each thing."""
    save_table(name, [{"what": key, "value": value} for key, value in found.items()])


def stored(name: str) -> dict[str, Any]:
    """What `store` wrote, or nothing if it has not."""
    try:
        return {str(row["what"]): row["value"] for row in table(name)}
    except FileNotFoundError:
        return {}


def called(found: Mapping[str, Any]) -> str:
    """The machine in a few words, and the day."""
    day = datetime.date.fromisoformat(found["date"])
    return (
        f"{found['processor']}, {found['cores']} cores with {found['vectors']}, {found['memory']} GB of memory, "
        f"{found['system']}, on {day.day} {day:%B %Y}"
    )


def processors() -> tuple[float, float]:
    """Seconds so far: of all processors together, and of those the busy ones, whatever the program."""
    times = psutil.cpu_times()
    guests = getattr(times, "guest", 0) + getattr(times, "guest_nice", 0)  # counted as users too
    whole = float(sum(times)) - guests
    return whole, whole - times.idle - getattr(times, "iowait", 0)


def spent(process: psutil.Process) -> float:
    """Seconds of processor time so far, with those of its children that have ended.

    A process that has ended has none of its own: its parent, which waited for it, has them.
    """
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


class Others:
    """How busy the machine is with programs that are not ours, and with other machines on the same hardware."""

    def __init__(self, ours: Iterable[int]) -> None:
        """ours: the processes that do not count, besides this one: its children, each of which may end meanwhile."""
        self.ours = [psutil.Process(), *map(psutil.Process, ours)]
        self.start = self.clocks()

    def clocks(self) -> tuple[float, float, float]:
        """Seconds so far: of all processors together, of those the busy ones, and of those ours."""
        return *processors(), sum(map(spent, self.ours))

    def seconds(self) -> tuple[float, float]:
        """(what the others took since the start, what there was of all cores), in seconds of processor time"""
        whole, busy, ours = (now - then for now, then in zip(self.clocks(), self.start, strict=True))
        return max(busy - ours, 0), whole
