#!/usr/bin/env bash
# Names the lessons' files as lessons/course.toml lists them, and makes from it and from the notebooks the cards, the
# README's list, the first page, and each notebook's first cell.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
for what in rename index; do .venv/bin/python "scripts/generate/$what.py"; done
