#!/usr/bin/env bash
# Is a port of this machine free? If not, this says what to do, and fails: scripts/free_port.sh PORT REMEDY
set -euo pipefail
if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
  echo "Port $1 is taken, perhaps by lessons that are already open. To use a different one, $2." >&2
  exit 1
fi
