#!/usr/bin/env bash
# Puts the networks' trained weights in place. --help says how; tricknet/networks/download.py does it, before any set-up too.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
python=$root/.venv/bin/python
[[ -x $python ]] || python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null ||
  { echo "ERROR: $python is not here, or older than 3.9: install python3 and run this again." >&2; exit 1; }
exec "$python" "$root/tricknet/networks/download.py" "$@"
