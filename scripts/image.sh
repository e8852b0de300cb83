#!/usr/bin/env bash
# Builds the image panda-to-vulture with Docker: scripts/image.sh [OPTIONS OF docker build]
# DEBIAN=debian:trixie-slim@sha256:... builds on exactly that base.
set -euo pipefail
cd "$(dirname "$0")/.."
docker info >/dev/null 2>&1 || {
  echo "Docker is not running. Start it, or install it (https://docs.docker.com/get-docker/)." >&2
  exit 1
}
scripts/base_image.sh
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
exec docker build --tag panda-to-vulture --label "org.opencontainers.image.version=$version" \
  ${DEBIAN:+"--build-arg=DEBIAN=$DEBIAN"} "$@" .
