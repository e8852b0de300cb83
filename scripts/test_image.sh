#!/usr/bin/env bash
# Builds the image and runs it in every way that the README promises, as root: scripts/test_image.sh [PYTEST OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
((EUID == 0)) || { echo "These tests give folders to other users, which only root may do: run them with sudo." >&2; exit 1; }
scripts/setup.sh test
scripts/image.sh
export PYTHONPATH=docker/tests # their helpers
pytest=(.venv/bin/python -m pytest --override-ini=testpaths=docker/tests --override-ini=faulthandler_timeout=3600)
(($# == 0)) || exec "${pytest[@]}" "$@"
# A class waits more than it computes.
xargs --max-procs=2 --delimiter='\n' -I TESTS bash -c "${pytest[*]} TESTS" <<'STEPS'
docker/tests/test_class.py
docker/tests/test_[!c]*.py
STEPS
