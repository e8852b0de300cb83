#!/usr/bin/env bash
# Makes from lessons/course.toml and the notebooks the cards, the README's list, the first page, and each notebook's first
# cell.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
exec .venv/bin/python scripts/generate/index.py
