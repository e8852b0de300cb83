"""Which Python and Debian packages are inside, and the licence of each: `docker run IMAGE licences` prints it."""

import subprocess
from importlib.metadata import distributions

print("# Python packages: name, version, licence")
for package in sorted(distributions(), key=lambda package: package.name.lower()):
    data = package.metadata
    classifiers = [kind.split(" :: ") for kind in data.get_all("Classifier", [])]
    kinds = ", ".join(kind[-1] for kind in classifiers if kind[0] == "License")
    file = data.get("License-File")
    told = data.get("License-Expression") or kinds or data.get("License", "").strip()
    told = told or (f"see its {file}" if file else "NOT SAID")
    print(package.name, package.version, told.splitlines()[0], sep="\t")
print("\n# Debian packages: name, version; the licence of each is in /usr/share/doc/NAME/copyright", flush=True)
subprocess.run(["dpkg-query", "--show"], check=True)
print("\n# Code, text, photographs, networks: see README.md, images/CREDITS.md and models/")
