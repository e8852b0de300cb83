"""The house: a lesson imports the library and no other lesson, and in the library imports lead downstairs only."""

import ast
import importlib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

import pytest

from tricknet.paths import ROOT

FLOORS = ("tricknet/*.py", "networks", "attacks", "plots", "check", "course")  # from the ground up
FACADE = (
    "tricknet",
    "tricknet.__main__",
    "tricknet.widgets",
    "tricknet.training",
    "tricknet.cases",
)  # use any floor
LONGEST = 200  # lines of a class that has a view, which tends to collect everything


def module(path: Path) -> str:
    """The name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for room in ("tricknet", "lessons") for path in sorted((ROOT / room).rglob("*.py"))}


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
LIBRARY = [name for name in MODULES if name.startswith("tricknet")]


def floor(name: str) -> int:
    """On which floor a module is: 0 for those that lie in tricknet itself."""
    room = name.split(".")[1]
    return FLOORS.index(room) if room in FLOORS else 0


@pytest.mark.parametrize("name", [name for name in MODULES if name.count(".") > 1 and name.startswith("lessons.")])
def test_a_lesson_imports_the_library_and_no_other_lesson(name):
    mine = name.split(".")[:2]
    others = {other for other in IMPORTS[name] if other.startswith("lessons.") and other.split(".")[:2] != mine}
    assert not others, f"{name} imports another lesson: put what both need into the library"


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_knows_of_no_lesson(name):
    assert not {other for other in IMPORTS[name] if other.startswith("lessons")}


def test_every_module_is_on_a_floor():
    rooms = {path.parent.name for path in (ROOT / "tricknet").glob("*/__init__.py")}
    assert rooms == set(FLOORS[1:])


@pytest.mark.parametrize("name", sorted(set(LIBRARY) - set(FACADE)))
def test_imports_lead_downstairs(name):
    """`import tricknet` stands for the first three floors, which it shows."""
    for other in IMPORTS[name]:
        height = FLOORS.index("attacks") if other == "tricknet" else floor(other)
        assert height <= floor(name), f"{name} imports {other}, which is upstairs"


def test_the_facade_shows_the_first_three_floors():
    assert {floor(other) for other in IMPORTS["tricknet"]} <= {0, 1, 2}


def test_no_module_imports_itself_through_others():
    TopologicalSorter(IMPORTS).prepare()  # raises CycleError, which names the modules


@pytest.mark.parametrize("name", [name for name in MODULES if ".course." in name])
def test_no_class_of_the_course_is_longer_than_two_hundred_lines(name):
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST, f"{name}.{node.name}"


@pytest.mark.parametrize("name", sorted({name.rpartition(".")[0] for name in MODULES} - {""}))
def test_no_module_is_hidden_by_something_of_its_name(name):
    package = importlib.import_module(name)
    for other in MODULES:
        parent, _, leaf = other.rpartition(".")
        if parent == name and leaf != "__main__":
            importlib.import_module(other)
            assert isinstance(vars(package)[leaf], ModuleType), f"{name}.{leaf} is not the module of that name"
