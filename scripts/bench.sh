#!/usr/bin/env bash
# Measures on this machine how long a step takes, against its rivals and in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
lscpu | grep -E '^(Model name|CPU family|Model|CPU\(s\)|Flags)'
uptime # how busy the last minute was
.venv/bin/python -m evidence.race.step
.venv/bin/python -m evidence.race.lab
