"""Every fast layer on every path: the tests of test_fast_layers.py as other processors would run them.

Which loops and which layers are used is settled once in a process, so each path is one of its own.
"""

import os
import subprocess
import sys

import pytest

from tricknet.paths import ROOT

PATHS = {
    "AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    "the loops for any processor": {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    "without oneDNN": {"CAFFE_FAST": "without-onednn"},
    "the loops for any processor, without oneDNN": {"ONEDNN_MAX_CPU_ISA": "SSE41", "CAFFE_FAST": "without-onednn"},
}
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


def run(*arguments: str, path: dict[str, str]) -> subprocess.CompletedProcess:
    """Python on that path, one thread, in the project's folder."""
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CAFFE_EXAMPLES": "8"} | path
    return subprocess.run([sys.executable, *arguments], env=env, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("path", PATHS)
def test_every_layer(path):
    """The same numbers as Caffe's own and as PyTorch's; training and GoogLeNet are among the tests."""
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "caffe-cpu/tests/test_fast_layers.py", path=PATHS[path])
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.parametrize("path", ["", *PATHS])
def test_a_first_net_says_nothing(path):
    """Neither Caffe nor oneDNN writes into the reader's notebook."""
    done = run("-c", FIRST_NET, path=PATHS.get(path, {}))
    assert done.returncode == 0 and done.stderr == ""


def test_a_word_that_caffe_fast_does_not_know():
    """It is ignored, and one message tells the reader so and lists the known words."""
    done = run("-c", FIRST_NET, path={"CAFFE_FAST": "without_winograd,without-onednn"})
    assert done.returncode == 0
    (line,) = [line for line in done.stderr.splitlines() if "CAFFE_FAST" in line]
    assert '"without_winograd", which is ignored' in line and "without-winograd," in line
