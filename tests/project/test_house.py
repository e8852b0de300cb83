"""The house: a lesson imports the library and no other lesson, imports lead downstairs, and none to the evidence."""

import ast
import importlib
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from tricknet.paths import ROOT

# From the ground up. `tricknet` itself stands for the first three floors, which it shows.
FLOORS = ("tricknet/*.py", "networks", "attacks", "plots", "check", "facade", "lessons", "evidence")
FACADE = ("tricknet.__main__", "tricknet.widgets", "tricknet.training")


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


ROOMS = ("tricknet/**/*.py", "lessons/**/*.py", "evidence/*.py")
MODULES = {module(path): path for room in ROOMS for path in sorted(ROOT.glob(room))}


def imported(name: str) -> Iterator[str]:
    """The modules of the library that a module imports, at any place in it. The packages around it do not count."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        found = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports are not followed here"
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [one if one in MODULES else node.module for one in below]
        yield from (one for one in found if one in MODULES)


IMPORTS = {name: set(imported(name)) for name in MODULES}


def floor(name: str) -> int:
    """On which floor a module is: 0 for those that lie in tricknet itself."""
    if name in ("tricknet", *FACADE):
        return FLOORS.index("attacks" if name == "tricknet" else "facade")
    top, *below = name.split(".")
    if top != "tricknet":
        return FLOORS.index(top)
    return FLOORS.index(below[0]) if below[0] in FLOORS[:5] else 0


def test_a_lesson_imports_the_library_and_no_other_lesson():
    """What two lessons need belongs into the library."""
    pairs = [(name.split("."), other.split(".")) for name in MODULES for other in IMPORTS[name]]
    among = [(name, other) for name, other in pairs if name[0] == other[0] == "lessons"]
    assert among and not [(name, other) for name, other in among if name[1] != other[1]]


def test_imports_lead_downstairs():
    """So the library knows of no lesson."""
    assert {path.parent.name for path in (ROOT / "tricknet").glob("*/__init__.py")} == set(FLOORS[1:5])
    assert not [(name, other) for name in MODULES for other in IMPORTS[name] if floor(other) > floor(name)]


def test_nothing_imports_the_evidence():
    """It isn't in the image, and what it needs isn't installed for anything else."""
    imports = re.compile(r'^[\s"]*(from|import) evidence\b', re.MULTILINE)
    rooms = ("tricknet", "lessons", "notebooks", "tests", "web", "scripts", "docker")
    paths = [path for room in rooms for end in ("py", "ipynb") for path in (ROOT / room).rglob(f"*.{end}")]
    assert not [path for path in paths if imports.search(path.read_text(encoding="utf-8"))]


def test_no_module_imports_itself_through_others():
    TopologicalSorter(IMPORTS).prepare()


def test_no_module_is_hidden_by_something_of_its_name():
    for name in MODULES:
        parent, _, leaf = name.rpartition(".")
        if parent and leaf != "__main__":
            module = importlib.import_module(name)
            assert vars(importlib.import_module(parent))[leaf] is module, f"{parent}.{leaf} is not the module"
