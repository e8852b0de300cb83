#!/usr/bin/env bash
# Starts a Docker engine on a Debian machine that has none, as root. It runs until the machine ends.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v dockerd >/dev/null; then
  apt-get update -qq
  grep -ohE '^[^ #]+' requirements/apt/docker.txt | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y -qq --no-install-recommends
fi
mkdir -p build
setsid dockerd >build/dockerd.log 2>&1 </dev/null &
for _ in {1..60}; do
  docker info >/dev/null 2>&1 && exit
  sleep 0.5
done
tail -n 20 build/dockerd.log
echo "The Docker engine does not start: its last words are above."
exit 1
