#!/usr/bin/env bash
# Lint, types, and all tests that don't need a browser and are not long: scripts/check.sh [PYTEST OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/lint.sh
OMP_NUM_THREADS=1 exec .venv/bin/python -m pytest --numprocesses=2 --dist=loadfile -m "not browser and not long" "$@"
