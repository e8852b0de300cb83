"""How the race reports: the machine in a sentence, and a cell of times."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import date

import numpy as np

VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "sve": "SVE", "asimd": "NEON"}  # the widest first


def machine() -> str:
    """The processor, its vectors, the system, the day, and how busy the last minute was."""
    lscpu = subprocess.run(["lscpu"], capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C"})
    about = dict(re.findall(r"^([^:\n]+):\s*(.+)$", lscpu.stdout, re.MULTILINE))
    flags = about.get("Flags", "").split()
    vectors = next((name for flag, name in VECTORS.items() if flag in flags), "no vectors known here")
    return (
        f"{about['Model name']} (family {about.get('CPU family', '?')}, model {about.get('Model', '?')}), "
        f"{os.cpu_count()} cores with {vectors}, Linux {platform.release()}, Python {platform.python_version()}, on "
        f"{date.today():%d %B %Y}, at a load of {os.getloadavg()[0]:.2f}"
    )


def cell(values: Sequence[float]) -> str:
    """The median and, in brackets, the middle half; a dash if there are no values."""
    if not values:
        return "–"
    low, median, high = map(number, np.percentile(values, (25, 50, 75)))
    return f"{median} ({low} to {high})" if len(values) > 1 else median


def number(value: float) -> str:
    """Three digits of it, or two after the point."""
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}"
