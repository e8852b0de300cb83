#!/usr/bin/env bash
# Measures on this machine: scripts/bench.sh [OPTIONS]          the speed of a step, against its rivals
#                           scripts/bench.sh attacks [OPTIONS]  the strength of a trick, against its peers
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
# Settings for old versions of OpenBLAS, which slow a current one down.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
case ${1:-} in
  attacks)
    export OPENBLAS_NUM_THREADS=1  # PyTorch has OpenMP's threads; a second set would spin beside them
    .venv/bin/pip install --quiet --no-deps -r benchmarks/requirements.txt
    exec .venv/bin/python -m benchmarks.attacks "${@:2}" ;;
  *) exec .venv/bin/python -m benchmarks.speed "$@" ;;
esac
