"""What is inside, and under which licence: the Python packages, Debian's, and where to read about the rest.

`docker run IMAGE licences` prints it for the image. Exit status 1 if a package does not say.
"""

import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path


def licence(package: Distribution) -> str:
    """What a Python package says its licence is, in a line; empty if it does not."""
    data = package.metadata
    kinds = [c.split(" :: ")[-1] for c in data.get_all("Classifier", []) if c.startswith("License ::")]
    told = data.get("License-Expression") or ", ".join(kinds) or data.get("License") or ""
    if not told and data.get_all("License-File"):
        told = f"see its {data.get_all('License-File')[0]}"
    return told.strip().splitlines()[0] if told.strip() else ""


def debian() -> list[str]:
    """Debian's packages."""
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def main() -> int:
    found = {p.metadata["Name"]: (p.version, licence(p)) for p in distributions()}
    print("# Python packages: name, version, licence")
    for name, (version, told) in sorted(found.items(), key=lambda item: item[0].lower()):
        print(name, version, told or "NOT SAID", sep="\t")
    print("\n# Debian packages: name, version; the licence of each is in /usr/share/doc/NAME/copyright")
    print(*debian(), sep="\n")
    root = Path(__file__).resolve().parent.parent
    print(f"\n# Code, text, photographs, networks: see README.md, images/CREDITS.md and models/ in {root}")
    return int(any(not told for _, told in found.values()))


if __name__ == "__main__":
    sys.exit(main())
