#!/usr/bin/env bash
# Sets everything up and runs all tests, or with options those that they choose: scripts/test.sh [PYTEST OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
(($# == 0)) || exec .venv/bin/python -m pytest "$@"
echo "All tests take about 15 minutes on two cores."
# Caffe's layers use all cores. The others run in two processes, each on one thread. All browsers are in one: beside
# two others, it would take more than 2 GB.
.venv/bin/python -m pytest caffe-cpu/tests
export OMP_NUM_THREADS=1
xargs --max-procs=2 --delimiter='\n' -I TESTS bash -c '.venv/bin/python -m pytest TESTS' <<'STEPS'
-m browser tests
-m "not browser" tests
STEPS
