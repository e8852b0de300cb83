#!/usr/bin/env bash
# Adds the islands, the lab's page and the networks that they ask to a folder that any web server can serve: web/build.sh FOLDER makes FOLDER/web/lab.
set -euo pipefail
cd "$(dirname "$0")/.."
lab=${1:?"usage: web/build.sh FOLDER"}/web/lab
mkdir -p "$lab" "$1/web/pages"
cp web/lab/* "$lab"
cp web/pages/{islands,guess}.js "$1/web/pages" # where they are in the sources: they import each other
cp -r web/pages/404.html islands "$1"
header=$(mktemp -d)
trap 'rm -r "$header"' EXIT
.venv/bin/python -m web.plan >"$header/plan.hpp"
# The engine, twice: browsers without relaxed SIMD refuse the first.
for simd in relaxed-simd simd128; do
  clang++-19 --target=wasm32 -O3 -std=c++20 -nostdlib -fno-exceptions -fno-rtti -Wall -Werror -Wno-psabi \
    "-m$simd" -matomics -mbulk-memory -I caffe-cpu/src/fast -I "$header" \
    web/engine/engine.cpp -o "$lab/engine-$simd.wasm" \
    -Wl,--no-entry,--import-memory,--shared-memory,--max-memory=1073741824,--import-undefined \
    -Wl,--export=__stack_pointer,--export=__heap_base
done
.venv/bin/python -m web.build "$lab"
# What the front page and all pages share, with checksums: install.js keeps it for readers without a connection.
mv "$lab/sw.js" "$1"
cd "$1"
{
  find islands web _static -name "*.js" -o -name "*.css" -o -name "*.wasm" -o -path "web/*.json" -o -name "*.woff2"
  grep -oE '(figures|notebooks/islands)/[^"]*' index.html
  echo index.html
} | sort -u | xargs sha256sum >web/lab/shared.txt
