#!/usr/bin/env bash
# Builds the image panda-to-vulture with Docker, or Podman: scripts/image.sh [OPTIONS OF docker build]
set -euo pipefail
cd "$(dirname "$0")/.."
[[ -z ${MODEL_MIRROR:-} ]] || set -- --build-arg "MODEL_MIRROR=$MODEL_MIRROR" "$@"
if docker info >/dev/null 2>&1; then
  docker build --tag panda-to-vulture "$@" .
elif command -v podman >/dev/null; then
  # Its own format has no health check.
  podman build --format docker --tag panda-to-vulture "$@" .
else
  echo "There is no Docker that answers: install or start it (https://docs.docker.com/get-docker/)." >&2
  exit 1
fi
