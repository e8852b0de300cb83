#!/usr/bin/env bash
# Lint, format and spelling of everything, without changing a file: a line for each step, two at once.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
export PATH=$PWD/.venv/bin:$PATH
# Unpinned images are intended: CI runs in the current Debian, on which the image is built, too.
xargs --max-procs=2 --delimiter='\n' -I STEP bash -c STEP <<'STEPS'
mypy
npm --prefix web run --silent check
ruff check . && ruff format --check .
shellcheck scripts/*.sh caffe-cpu/*.sh docker/*.sh class/*.sh web/*.sh .ci/run
jactionlint --no-online --shellcheck=shellcheck --ignore=unpinned-images
check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff
zizmor --offline --quiet .github
hadolint Dockerfile class/Dockerfile .devcontainer/Dockerfile
git ls-files -z | xargs -0 codespell
STEPS
