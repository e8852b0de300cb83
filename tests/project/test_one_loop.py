"""Gradients are climbed in one loop: `climb` in tricknet/attacks/steps.py, through which all attacks go."""

import ast
import re
from collections.abc import Iterator

from tricknet.paths import ROOT

STEPS = re.compile(r"(predict_and_)?gradient(_of|_through)?|\w*slopes\w*|backward|step|further")
LOOPS = {
    "climb": "the one",
    "ten_lines": "lesson 3 shows the loop in PyTorch, too, without our library",
    "train_by_hand": "it trains: what climbs down is a network's weights",
    "overturn": "the page on proofs shows its code",
    "ten_steps": "lesson 5 shows its code",
    "smallest_patch": "lesson 16 shows its code, so it is that lesson's own loop",
}


def calls(node: ast.AST) -> Iterator[str]:
    """The names of what is called where this runs, and not in a function that it only defines."""
    if isinstance(node, ast.Call):
        yield getattr(node.func, "attr", getattr(node.func, "id", ""))
    if not isinstance(node, (ast.Lambda, ast.FunctionDef)):
        for child in ast.iter_child_nodes(node):
            yield from calls(child)


def climbers(code: str) -> Iterator[str]:
    """The functions with a loop that takes gradients or steps. A comprehension cannot climb: it remembers nothing."""
    for function in ast.walk(ast.parse(code)):
        if isinstance(function, ast.FunctionDef):
            loops = [node for node in ast.walk(function) if isinstance(node, (ast.For, ast.While))]
            lines = [line for loop in loops for line in loop.body]
            if any(STEPS.fullmatch(name) for line in lines for name in calls(line)):
                yield function.name


def test_no_function_but_climb_loops_over_gradients():
    rooms = ("tricknet/**", "lessons/**", "evidence", "scripts/**")
    files = [file for room in rooms for file in ROOT.glob(f"{room}/*.py")]
    assert sorted(name for file in files for name in climbers(file.read_text("utf-8"))) == sorted(LOOPS)
