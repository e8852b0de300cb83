#!/usr/bin/env bash
# Makes slides for each route of docs/teaching.md, as HTML and as PDF, from the notebooks' figures: scripts/slides.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
.venv/bin/python scripts/generate/slides.py "${1:-slides}"
