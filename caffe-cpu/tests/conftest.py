"""What all tests share holds here too: PyTorch, Hypothesis on a busy machine, and no silent skips in CI."""

from tests.conftest import pytest_runtest_makereport, torch

__all__ = ["pytest_runtest_makereport", "torch"]
