#!/usr/bin/env bash
# Lint, format and spelling of everything, without changing a file.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/ruff check .
.venv/bin/ruff format --check .
if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh .ci/run; else echo "SKIPPED: shellcheck is not installed"; fi
