#!/usr/bin/env bash
# Makes the course's pages, which any web server can serve below any path: scripts/site.sh [FOLDER]   (default: site)
# A folder that was made from these very files is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh site
site=${1:-site}
made=(-name '.*' -o -name __pycache__ -o -name node_modules -o -name build -o -name source)  # what git ignores
made+=(-o -path ./work -o -path "./$site")
sum=$({
  echo "${SOURCE:-}"
  find ./* \( "${made[@]}" \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
} | sha256sum)
if [[ ! -f $site/.made || $(<"$site/.made") != "$sum" ]]; then
  rm -rf "$site"
  set -m  # its processes are a group, which Ctrl-C does not reach: Python would answer with a traceback
  { .venv/bin/python -m web.pages.build "$site" && web/build.sh "$site"; } &
  trap 'kill -- -$!; echo "Stopped: the pages are not complete. Run this again to make them." >&2; exit 130' INT
  wait $!
  echo "$sum" >"$site/.made"
fi
echo "The pages are in $site. To read them: .venv/bin/python -m web.serve $site"
