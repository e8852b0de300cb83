#!/usr/bin/env bash
# Builds the image and runs it in every way that the README promises, as root: scripts/test_image.sh [PYTEST OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
exec .venv/bin/python -m pytest --override-ini=testpaths=docker/tests --override-ini=faulthandler_timeout=3600 \
  --import-mode=prepend "$@"
