#!/usr/bin/env bash
# Pins what the course is made of: Python packages by version and hash, for Python 3.12 and later, and the images that
# a release is built with by digest. scripts/lock.sh --upgrade moves the packages to their newest versions.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
  uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header "$@"
}
lock "$@" pyproject.toml --group test -o requirements.txt
direct=$(sed -n '/^dependencies = /,/^]/s/^  "\([a-z-]*\).*/\1/p' pyproject.toml | paste -sd' ')
sed -i "1i\\
# What the course runs on: each package with its version and its files' checksums. scripts/lock.sh writes this file.\\
# Asked for directly, for the reasons in pyproject.toml: $direct.\\
# The tests ask for those of the group \`test\`, too. The others are here because these need them.\\
# Caffe is not among them: caffe-cpu/ builds it from source, which requirements/caffe.txt pins by its checksum." \
  requirements.txt
lock "$@" --group site -c requirements.txt -o requirements/site.txt
lock "$@" --group dev -c requirements.txt -o requirements/dev.txt
lock "$@" --group hub -c requirements.txt -o requirements/hub.txt
# What Caffe is built with, and setuptools, with which pip reads the name of the source that it downloads.
{ grep '^requires = ' caffe-cpu/pyproject.toml | grep -o '"[^"]*"' | tr -d '"' && echo setuptools; } |
  lock "$@" - -c requirements.txt -o requirements/build.txt

digest() { docker buildx imagetools inspect --format "$1=$2@{{.Manifest.Digest}}{{println}}" "$2"; }
if images=$(digest DEBIAN debian:trixie-slim && digest BUILDKIT moby/buildkit:buildx-stable-1 &&
  digest SBOM docker/buildkit-syft-scanner:stable-1); then
  echo "$images" >requirements/images.env
else
  echo "The images' registry does not answer, so requirements/images.env, which a release needs, has not been changed." >&2
fi
