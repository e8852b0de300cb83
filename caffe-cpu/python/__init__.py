"""Caffe for the CPU: `caffe.Net`, the solvers, `caffe.layers` and `caffe.params`, without the parts that need SciPy."""

import os

# Caffe tells its life on stderr, a line for each layer. Only errors, unless the reader asks for more.
os.environ.setdefault("GLOG_minloglevel", "2")

# A thread that waits for another spins at first, and then sleeps. By default, GNU's OpenMP lets it spin for
# milliseconds: if another program, such as a browser, kept one core busy, a step would take many times as long. Here it
# spins for microseconds. Longer spins make a step slower next to a busy program, and shorter ones make it slower on a
# quiet machine (how-it-got-fast.md has the times).
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "600")

# OpenBLAS's threads, which Caffe's own layers and solvers use, spin for 2 ** 26 ticks of the clock, some 25 ms, after
# each product: for OpenMP's threads, they are then like another busy program. The shortest time that it knows is 2 ** 4
# ticks.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")

from ._caffe import Layer, __version__, get_solver, layer_type_list, set_mode_cpu, set_random_seed
from .net_spec import NetSpec, layers, params, to_proto
from .proto.caffe_pb2 import TEST, TRAIN
from .pycaffe import AdaDeltaSolver, AdaGradSolver, AdamSolver, NesterovSolver, Net, RMSPropSolver, SGDSolver
