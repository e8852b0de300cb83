#!/usr/bin/env bash
# Makes the site, and serves it: its lab computes in the browser.
#
#   scripts/lab.sh            PORT=8888 chooses the port
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/site.sh
exec .venv/bin/python -m web.serve --port "${PORT:-8888}"
