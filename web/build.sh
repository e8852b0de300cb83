#!/usr/bin/env bash
# Adds the lab in a browser to a folder that any web server can serve: web/build.sh FOLDER makes FOLDER/web/lab.
set -euo pipefail
cd "$(dirname "$0")/.."
lab=${1:?"usage: web/build.sh FOLDER"}/web/lab
runtime=web/node_modules/onnxruntime-web/dist
# The runtime is served from the site itself. Its package runs nothing while it is installed.
pinned=$(grep -o '"onnxruntime-web": *"[^"]*"' web/package.json | cut -d'"' -f4)
grep -qs "\"version\": \"$pinned\"" "$runtime/../package.json" ||
  npm --prefix web ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
mkdir -p "$lab/ort"
cp web/lab/* "$lab"
cp "$runtime"/ort.wasm.min.mjs "$runtime"/ort-wasm-simd-threaded.{mjs,wasm} "$lab/ort"
.venv/bin/python -m web.build "$lab"
