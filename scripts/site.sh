#!/usr/bin/env bash
# Makes the course's pages, which any web server can serve below any path: scripts/site.sh [FOLDER]   (default: site)
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh site
rm -rf "${1:-site}"
.venv/bin/python -m web.pages.build "${1:-site}"
[[ ! -x web/build.sh ]] || web/build.sh "${1:-site}" # adds the lab
echo "The pages are in ${1:-site}. To read them: .venv/bin/python -m web.serve ${1:-site}"
