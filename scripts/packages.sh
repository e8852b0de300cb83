#!/usr/bin/env bash
# Prints Debian's packages for these things, which are the first words in requirements/apt.txt: packages.sh build test
set -euo pipefail
awk -v words=" $* " 'index(words, " " $1 " ") { print $2 }' "$(dirname "$0")/../requirements/apt.txt"
