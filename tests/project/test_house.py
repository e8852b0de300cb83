"""The house: which folder may import which, and in the library, in which order."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from tricknet.paths import ROOT

# Each folder, with those that its files may import besides. Nothing imports the evidence: it isn't in the image, and
# what it needs is installed for nothing else.
MAY = {
    "tricknet": (),
    "lessons": ("tricknet",),
    "web": ("tricknet", "lessons"),
    "tools": ("tricknet", "lessons", "web"),
    "evidence": ("tricknet", "lessons", "tools"),
    "scripts": ("tricknet", "lessons", "web", "tools"),
    "tests": ("tricknet", "lessons", "web", "tools"),
    "caffe-cpu": ("tricknet", "tools"),
    "docker": ("tests",),
    "class": (),
}
# The library from the ground up. `tricknet` itself stands for the first three floors, which it shows.
FLOORS = ("tricknet", "networks", "attacks", "plots", "check", "roof")
ROOF = ("tricknet.__main__", "tricknet.island", "tricknet.walks", "tricknet.widgets", "tricknet.training")


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = [path for room in MAY for path in sorted((ROOT / room).rglob("*.py")) if "build" not in path.parts]
MODULES = {module(path): path for path in FILES}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, at any place in it. The packages around it do not count."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Those of the package `caffe` stay in it.
            assert node.level == 0 or "caffe-cpu" in path.parts, f"{path}: relative imports are not followed here"
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (one if one in MODULES else str(node.module) for one in below)


IMPORTS = {name: {one for one in imported(path) if one in MODULES} for name, path in MODULES.items()}


def floor(name: str) -> int:
    """On which floor of the library a module is: 0 for those that lie in tricknet itself."""
    if name in ("tricknet", *ROOF):
        return FLOORS.index("attacks" if name == "tricknet" else "roof")
    return FLOORS.index(below) if (below := name.split(".")[1]) in FLOORS else 0


def test_each_folder_imports_only_what_it_may():
    """Tests of the evidence may use what other tests share."""
    for name, path in MODULES.items():
        room, *below = path.relative_to(ROOT).parts
        rooms = {room, *MAY[room], *(["tests"] if "tests" in below else [])}
        found = {one.split(".")[0] for one in imported(path)} & {*MAY}
        assert found <= rooms, f"{name} imports {found - rooms}"


def test_no_lesson_imports_another():
    """What two lessons need belongs into the library."""
    pairs = [(name.split("."), other.split(".")) for name in MODULES for other in IMPORTS[name]]
    among = [(name[1], other[1]) for name, other in pairs if name[0] == other[0] == "lessons"]
    assert among and not [(one, other) for one, other in among if one != other]


def test_in_the_library_imports_lead_downstairs():
    library = [name for name in MODULES if name.split(".")[0] == "tricknet"]
    assert {path.parent.name for path in (ROOT / "tricknet").glob("*/__init__.py")} == {*FLOORS[1:5]}
    assert not [(name, other) for name in library for other in IMPORTS[name] if floor(other) > floor(name)]


def test_no_module_imports_itself_through_others():
    TopologicalSorter(IMPORTS).prepare()
