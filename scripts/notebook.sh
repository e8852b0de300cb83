#!/usr/bin/env bash
# Opens the lessons, or the site: in Docker if it is running, otherwise natively (Debian 13, Ubuntu 24.04 or newer).
#
#   scripts/notebook.sh       the lessons. PORT=8888 chooses the port, NATIVE=1 does without Docker
#   scripts/notebook.sh lab   the course as web pages, whose lab computes in the browser
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-8888}
if (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then  # Docker would say so too, but after the build
  echo "Port $port is taken, perhaps by lessons that are already open. To use a different one, type PORT=9999 make ${1:-notebook}." >&2
  exit 1
fi

if [[ -z ${NATIVE:-} ]] && command -v docker >/dev/null && docker info >/dev/null 2>&1; then
  if scripts/base_image.sh; then
    scripts/image.sh
    # What the reader changes is kept here, in files that are the reader's: of the same user inside as outside. If it is
    # a link, the folder that it leads to keeps its owner.
    mkdir -p work
    if ((EUID)); then user=$(id -u):$(id -g); else user=1000:1000 && chown -h $user work; fi
    terminal=false
    [[ ! -t 0 ]] || terminal=true # without one, Docker refuses to make one
    # The folder is quoted as CSV files quote, so that a comma in its name ends nothing.
    exec docker run --rm --interactive=$terminal --tty=$terminal --publish "127.0.0.1:$port:8888" --env PORT="$port" \
      --user "$user" --mount "type=bind,\"source=${PWD//\"/\"\"}/work\",target=/work" panda-to-vulture "$@"
  fi
  echo "The lessons are set up without Docker instead." >&2
fi

if [[ ${1:-} == lab ]]; then
  scripts/site.sh
  exec .venv/bin/python -m web.serve --port "$port"
fi
scripts/setup.sh
echo "Opening the lessons ..."
# Jupyter refuses to run as root, as it should on a desktop; in a container or a virtual machine root is all there is.
allow_root=()
((EUID)) || allow_root=(--allow-root)
exec .venv/bin/jupyter lab --ip 127.0.0.1 --port "$port" --port-retries 0 "${allow_root[@]}" \
  --LabApp.default_url=/lab/tree/notebooks/index.ipynb
