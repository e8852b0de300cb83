#!/usr/bin/env bash
# Opens the lab (lesson 7) as a page of its own, without code: Voilà, on the server that has the other lessons too.
#
#   scripts/lab.sh            PORT=8888 chooses the port
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-8888}

scripts/setup.sh
echo "Opening the lab ..."
# As in scripts/notebook.sh.
allow_root=()
((EUID)) || allow_root=(--allow-root)
# A page that was closed keeps its network in memory for ten minutes, not for ever.
exec .venv/bin/jupyter lab --ip 127.0.0.1 --port "$port" --port-retries 0 "${allow_root[@]}" \
  --LabApp.default_url=/voila/render/notebooks/07-the-lab.ipynb \
  --MappingKernelManager.cull_idle_timeout=600 --MappingKernelManager.cull_interval=60
