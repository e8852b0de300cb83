#!/usr/bin/env bash
# Runs the lessons and stores their outputs: scripts/run_notebooks.sh [--check] [NOTEBOOK ...]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
exec .venv/bin/python scripts/run_notebooks.py "$@"
