#!/usr/bin/env bash
# Builds the caffe-cpu wheel into a folder: build.sh PYTHON OUT_DIR
# Two minutes on two cores. The source, which is kept for the next time, and the tools come from PyPI, pinned by hash.
set -euo pipefail
[[ ${1:-} != --help && $# -eq 2 ]] || { sed -n '2,3s/^# //p' "$0"; exit 2; }
out=$2
caffe=$(cd "$(dirname "$0")" && pwd)
tools=$caffe/build/tools # an environment of their own, since nothing that runs needs them
trap 'rm -rf "$tools"' EXIT
"$1" -m venv --clear "$tools"
"$tools/bin/pip" install --quiet --require-hashes --requirement "$caffe/../requirements/build.txt"

if ! compgen -G "$caffe/source/*.tar.gz" >/dev/null; then
  echo "Fetching Caffe's source (6 MB) ..."
  # Into a temporary folder first: an interrupted download must not look like a finished one.
  "$tools/bin/pip" download --quiet --no-deps --no-binary :all: --no-build-isolation --require-hashes \
    --requirement "$caffe/../requirements/caffe.txt" --dest "$tools/source"
  mkdir -p "$caffe/source"
  mv "$tools"/source/*.tar.gz "$caffe/source/"
fi

echo "Building Caffe (two minutes on two cores) ..."
log=$(dirname "$out")/caffe.log
mkdir -p "$out"
# pip shows nothing for minutes, or everything: of everything, the count of files done is the progress bar.
"$tools/bin/pip" wheel --verbose --no-deps --no-build-isolation --wheel-dir "$out" "$caffe" 2>&1 | tee "$log" |
  sed --unbuffered --quiet --regexp-extended 's|^ *(\[[0-9]+/[0-9]+\]) .*/([^/]+)\.o$|\1 \2|p' |
  if [[ -t 1 ]]; then awk '{ printf "\r%-60s", $0; fflush() } END { print "" }'; else cat >/dev/null; fi ||
  { tail -n 40 "$log"; echo "Caffe could not be built: the last lines are above, all of them in $log."; exit 1; } >&2
