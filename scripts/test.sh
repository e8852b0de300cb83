#!/usr/bin/env bash
# Sets everything up and runs all tests, or with options those that they choose: scripts/test.sh [PYTEST OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
(($# == 0)) || exec .venv/bin/python -m pytest "$@"
echo "All tests take about 15 minutes on two cores."
# Caffe's layers and the browser use all cores. The others run on two, each on one thread: whole files, which share
# their networks. A browser beside two of those would take more than 2 GB.
.venv/bin/python -m pytest caffe-cpu/tests/test_fast_*.py
export OMP_NUM_THREADS=1
.venv/bin/python -m pytest --numprocesses=2 --dist=loadfile -m "not browser" tests caffe-cpu/tests/test_steps.py
exec .venv/bin/python -m pytest -m browser tests
