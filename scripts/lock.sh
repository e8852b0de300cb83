#!/usr/bin/env bash
# Turns each list of requirements into its lock file: every version pinned, every file hashed, for Python 3.12 and later.
set -euo pipefail
cd "$(dirname "$0")/.."
while read -r source target; do
  uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header \
    "$@" "$source" -o "$target"
done <<END
requirements/run.in requirements.txt
requirements/test.in requirements/test.txt
requirements/dev.in requirements/dev.txt
requirements/site.in requirements/site.txt
class/requirements.in class/requirements.txt
END
