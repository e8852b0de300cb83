#!/usr/bin/env bash
# Measures on this machine: scripts/bench.sh [--smoke]          the speed of a step, against its rivals, of the programs
#                                                                of caffe-cpu/steps, and with several numbers of spins;
#                                                                and puts benchmarks/tables into the pages
#                           scripts/bench.sh methods [OPTIONS]  the ways of stepping, against each other
#                           scripts/bench.sh attacks [OPTIONS]  the strength of a trick, against its peers
#                           scripts/bench.sh least [OPTIONS]    the least change that makes a trick, against its peers
#                           scripts/bench.sh nearer [OPTIONS]   a decision-based attack, against HopSkipJump
#                           scripts/bench.sh graph              the networks of the lab in a browser, against Caffe's
# `methods`, `attacks`, `least`, `nearer` and `graph` add what is missing to benchmarks/tables: delete a table there to measure it anew.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
# Settings for old versions of OpenBLAS, which slow a current one down.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
case ${1:-} in
  attacks | least | nearer | graph)
    export OPENBLAS_NUM_THREADS=1  # PyTorch has OpenMP's threads; a second set would spin beside them
    .venv/bin/python -m "benchmarks.lessons.$1" "${@:2}" ;;
  methods) .venv/bin/python -m benchmarks.lessons.methods "${@:2}" ;;
  --smoke)
    .venv/bin/python -m benchmarks.lessons.methods --smoke
    .venv/bin/python -m benchmarks.report --check
    exec .venv/bin/python -m benchmarks.speed.race --smoke ;;
  *)  # what fails says so; what was measured before is kept
    .venv/bin/python -m benchmarks.speed.steps || echo "bench: the programs of caffe-cpu/steps were not measured." >&2
    .venv/bin/python -m benchmarks.speed.race "$@" || echo "bench: not everything was measured." >&2
    .venv/bin/python -m benchmarks.speed.waiting || echo "bench: how long a thread should spin was not measured." >&2
    .venv/bin/python -m benchmarks.speed.page || echo "bench: the lab in a browser was not measured." >&2 ;;
esac
.venv/bin/python -m benchmarks.report
