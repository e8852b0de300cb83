#!/usr/bin/env bash
# Turns every requirements*.in into its requirements*.txt: every version pinned, every file hashed, for Python 3.12 and later.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in requirements requirements-test requirements-dev class/requirements; do
  uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header \
    "$@" "$name.in" -o "$name.txt"
done
