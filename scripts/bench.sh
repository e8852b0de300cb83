#!/usr/bin/env bash
# Measures on this machine: scripts/bench.sh          a step against its rivals, and the lab in a browser. What fails says
#                                                      so, and the others go on
#                           scripts/bench.sh --smoke  one short race: does it run at all?
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
[[ ${1:-} != --smoke ]] || exec .venv/bin/python -m benchmarks.race --smoke
for what in race page; do
  .venv/bin/python -m "benchmarks.$what" || echo "bench: $what was not measured completely." >&2
done
