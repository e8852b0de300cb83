"""Every fast layer as other processors compute it: the tests of test_fast_layers.py, with other loops.

A process chooses its loops once, so each processor has a process of its own.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tricknet.paths import ROOT

pytestmark = pytest.mark.long

OTHERS = {"AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"}, "any processor": {"ONEDNN_MAX_CPU_ISA": "SSE41"}}
FIRST_NET = """
import tempfile, caffe
text = (
    'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }'
    'layer { name: "y" type: "Convolution" bottom: "x" top: "y" convolution_param { num_output: 16 kernel_size: 3 } }'
    'layer { name: "z" type: "InnerProduct" bottom: "y" top: "z" inner_product_param { num_output: 5 } }'
)
with tempfile.NamedTemporaryFile("w", suffix=".prototxt") as file:
    file.write(text)
    file.flush()
    caffe.Net(file.name, caffe.TEST).forward()
"""


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess:
    """Python with that in its environment, one thread, in the project's folder."""
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CAFFE_EXAMPLES": "8"} | more
    return subprocess.run([sys.executable, *arguments], env=env, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def done() -> dict[str, subprocess.CompletedProcess]:
    """The tests of every layer as each of the others, side by side."""
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "caffe-cpu/tests/test_fast_layers.py")
    with ThreadPoolExecutor() as together:
        return dict(zip(OTHERS, together.map(lambda more: run(*tests, **more), OTHERS.values()), strict=True))


@pytest.mark.parametrize("processor", OTHERS)
def test_every_layer(done, processor):
    """The same numbers as Caffe's own and as PyTorch's; training and GoogLeNet are among the tests."""
    assert done[processor].returncode == 0, done[processor].stdout[-4000:] + done[processor].stderr[-1000:]


@pytest.mark.parametrize("words", ["", "without-onednn"])
@pytest.mark.parametrize("processor", ["this one", *OTHERS])
def test_a_first_net_says_nothing(processor, words):
    """Neither Caffe nor oneDNN writes into the reader's notebook."""
    done = run("-c", FIRST_NET, CAFFE_FAST=words, **OTHERS.get(processor, {}))
    assert done.returncode == 0 and done.stderr == ""


def test_a_word_that_caffe_fast_does_not_know():
    """It is ignored, and one message tells the reader so and lists the known words."""
    done = run("-c", FIRST_NET, CAFFE_FAST="without_winograd,without-onednn")
    assert done.returncode == 0
    (line,) = [line for line in done.stderr.splitlines() if "CAFFE_FAST" in line]
    assert '"without_winograd", which is ignored' in line and "without-winograd," in line
