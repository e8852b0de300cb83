"""Every fast layer as other processors compute it: the tests of test_fast_layers.py, with other loops.

A process chooses its loops once, so each processor has a process of its own.
"""

import os
import subprocess
import sys

import pytest

from tricknet.paths import ROOT

pytestmark = pytest.mark.long

OTHERS = {"AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"}, "any processor": {"ONEDNN_MAX_CPU_ISA": "SSE41"}}
FIRST_NET = ("caffe-cpu/python/check.py", ".")  # the build runs it too


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess:
    """Python with that in its environment, one thread, in the project's folder."""
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CAFFE_EXAMPLES": "8"} | more
    return subprocess.run([sys.executable, *arguments], env=env, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("processor", OTHERS)
def test_every_layer(processor):
    """The same numbers as Caffe's own; training and GoogLeNet are among the tests."""
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "caffe-cpu/tests/test_fast_layers.py")
    done = run(*tests, **OTHERS[processor])
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.parametrize("words", ["", "without-onednn"])
@pytest.mark.parametrize("processor", ["this one", *OTHERS])
def test_a_first_net_says_nothing(processor, words):
    """Neither Caffe nor oneDNN writes into the reader's notebook."""
    done = run(*FIRST_NET, CAFFE_FAST=words, **OTHERS.get(processor, {}))
    assert done.returncode == 0 and done.stderr == ""
