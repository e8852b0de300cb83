#!/usr/bin/env bash
# Turns the lists in pyproject.toml into lock files: every version pinned, every file hashed, for Python 3.12 and later.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
  uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header "$@"
}
lock "$@" pyproject.toml --group test -o requirements.txt
lock "$@" --group site -c requirements.txt -o requirements/site.txt
lock "$@" --group dev -c requirements.txt -o requirements/dev.txt
lock "$@" --group hub -c requirements.txt -o requirements/hub.txt
