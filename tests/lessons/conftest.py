"""What the tests of several lessons share: mistakes that checks have to tell apart."""

import importlib
import re

import pytest

from tricknet.check import check
from tricknet.paths import ROOT

for lesson in (ROOT / "lessons").glob("*/check.py"):  # each registers its exercises
    importlib.import_module(f"lessons.{lesson.parent.name}.check")


@pytest.fixture
def refused():
    """`refused("3.1", (answer,), ...)`: each mistake is refused, and each for a reason of its own."""

    def all_refused(number, *mistakes):
        verdicts = [check(number, *answers) for answers in mistakes]
        pushes = [verdict.text.splitlines()[0] for verdict in verdicts]  # the recipe has a line of its own
        assert {verdict.state for verdict in verdicts} == {"wrong"}, pushes
        assert len({re.sub(r"\d", "", push) for push in pushes}) == len(mistakes), pushes

    return all_refused
