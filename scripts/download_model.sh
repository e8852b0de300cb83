#!/usr/bin/env bash
# Makes sure that every network's weights are here and right: scripts/download_model.sh [--official]; --help says more.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
[[ -x $python ]] || python=python3
command -v "$python" >/dev/null || { echo "python3 is not installed, and this needs it." >&2; exit 1; }
exec "$python" -P scripts/download_model.py "$@"
