#!/bin/bash
# What the image does: notebook (the default), lab, test, classify, trick, licences, or any other command.
set -euo pipefail
project=/opt/panda-to-vulture
if ! mkdir -p "$HOME" 2>/dev/null || ! cp -r /opt/home/. "$HOME"; then
  echo "The image cannot write to /tmp: with --read-only, give --tmpfs /tmp as well." >&2
  exit 1
fi

# The lessons are copied to where the reader can write, and what is there already is the reader's: never overwritten.
lessons() {
  local folder=/work/panda-to-vulture
  if ! mkdir -p "$folder" 2>/dev/null || [[ ! -w $folder ]]; then
    folder=/tmp/panda-to-vulture
    mkdir -p "$folder"
    cat >&2 <<END
NOTE: user $(id -u) cannot write to /work: it is read-only, or somebody else's. The lessons work, but what you change in
them is lost when this container ends. To keep it: docker run --user "\$(id -u):\$(id -g)" --volume "\$PWD/work:/work" ...
END
  fi
  cp -r --update=none "$project"/{notebooks,images,docs,benchmarks,README.md} "$folder"
  export TRICKNET_IMAGES=$folder/images  # where readers drop their own
  cd "$folder"
}

case ${1:-notebook} in
  notebook)
    lessons
    exec jupyter lab "${@:2}"
    ;;
  lab)
    lessons
    # A page that was closed keeps its network in memory for ten minutes, not for ever.
    exec jupyter lab --LabApp.default_url=/voila/render/notebooks/07-the-lab.ipynb \
      --MappingKernelManager.cull_idle_timeout=600 --MappingKernelManager.cull_interval=60 "${@:2}"
    ;;
  test)
    cd "$project"
    export HYPOTHESIS_STORAGE_DIRECTORY=$HOME/hypothesis
    exec python3 -m pytest -p no:cacheprovider "${@:2}"
    ;;
  classify | trick)
    exec python3 -P -m tricknet "$@" # -P: what is in the reader's folder is no part of the program
    ;;
  licences)
    exec python3 "$project/scripts/licences.py"
    ;;
  *)
    exec "$@"
    ;;
esac
