"""The steps of how-it-got-fast.md: does every program still build, and does it give the same numbers?"""

import shutil

import numpy as np
import pytest

from benchmarks.steps import FOLDER, STEPS, build, difference, run

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    if not shutil.which("g++"):
        pytest.skip("g++ is not here, as in the image: apt-get install g++")
    answer, _ = run(build("1_article", tmp_path_factory.mktemp("first")), 0)
    return answer


@pytest.mark.parametrize("name", list(STEPS)[1:])
def test_it_computes_what_the_first_computes(name, first, tmp_path):
    answer, times = run(build(name, tmp_path), 1)
    assert difference(answer, first) < 1e-5 and len(times) == 1


def test_the_first_computes_what_pytorch_computes(first, torch):
    state, numbers = 1056, []
    for shape, size in (((1, 64, 56, 56), 1), ((192, 64, 3, 3), 0.1), ((192,), 0.1), ((1, 192, 28, 28), 1)):
        row = np.empty(shape, np.float32)
        for i in range(row.size):  # the generator of main.cpp
            state = (state * 1664525 + 1013904223) % 2**32
            row.flat[i] = size * ((state >> 8) / 2**23 - 1)
        numbers.append(torch.tensor(row))
    x, weights, bias, dy = numbers
    y = torch.nn.functional.conv2d(x.requires_grad_(), weights, bias, padding=1).relu()
    y = torch.nn.functional.max_pool2d(y, 3, stride=2, ceil_mode=True)
    y.backward(dy)
    truth = np.concatenate([y.detach().numpy().ravel(), x.grad.numpy().ravel()])
    assert difference(first, truth) < 1e-5


def test_every_program_is_in_the_table_and_in_the_story():
    assert {path.stem for path in FOLDER.glob("[0-9]_*.cpp")} == set(STEPS)
    story = (FOLDER.parent / "how-it-got-fast.md").read_text(encoding="utf-8")
    assert all(f"{name}.cpp" in story for name in STEPS)
