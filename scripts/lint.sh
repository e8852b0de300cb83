#!/usr/bin/env bash
# Lint, format and spelling of everything, without changing a file.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
npm --prefix web run --silent check
shellcheck scripts/*.sh caffe-cpu/*.sh docker/*.sh class/*.sh web/*.sh .ci/run .ci/outside
# Unpinned images are meant: CI runs in the current Debian, on which the image is built, too.
.venv/bin/jactionlint --no-online --shellcheck=shellcheck --ignore=unpinned-images
.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
.venv/bin/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff
.venv/bin/zizmor --offline --quiet .github
.venv/bin/hadolint Dockerfile class/Dockerfile .devcontainer/Dockerfile
git ls-files -z | xargs -0 .venv/bin/codespell
