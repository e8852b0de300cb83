#!/bin/bash
# What the image does: see `words`, which `docker run panda-to-vulture help` prints.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
if ! mkdir -p "$HOME" 2>/dev/null || ! cp -r "${project%/*}/home/." "$HOME"; then
  echo "The image cannot write to /tmp: with --read-only, give --tmpfs /tmp as well." >&2
  exit 1
fi

words() {
  cat <<'END'
Usage: docker run [DOCKER'S OPTIONS] panda-to-vulture [WORD ...]

  notebook (or nothing)                    the lessons. Needs --publish 127.0.0.1:8888:8888
  lab, site                                a lab that runs in the browser, and the lessons to read. Needs the same
  classify photo.jpg                       what does the network see? Needs --volume "$PWD:/work", as do the next four
  trick photo.jpg vulture -o out.png       make the network see something else
  paint photo.jpg vulture -o out.png       paint something else into it, for all to see. Takes a minute
  dream "paper towel" -o out.png           draw what the network looks for. Takes a minute
  sticker toaster -o sticker.pdf           make a sticker that fools it: .pdf to print, or .png. Takes minutes
  test                                     check the image: about ten minutes on two cores, and up to 3 GB of memory
  licences                                 list the licence of everything in the image
  jupyterhub-singleuser                    the lessons under the address of a JupyterHub, which starts this
  help                                     print this list
  bash, python3, jupyter ...               any other program that is in the image
END
}

# lost FOLDER: is nothing mounted there, so that what is written to it is lost when the container ends? The lab and the
# command line read TRICKNET_KEPT, and say what is lost.
lost() { [[ $(stat --format %m "$1") == / ]]; }

# serves: from now on the health check, docker/health.py, wants an answer from the server. Other commands start none.
serves() { : >"$HOME/serves"; }

# The lessons are copied to where the reader can write. If they are lost, a note says so, and what to type.
lessons() {
  serves
  local folder=$PWD/panda-to-vulture why=
  mkdir -p "$folder" 2>/dev/null || true
  if [[ ! -d $folder || ! -w $folder ]]; then
    why="user $(id -u) cannot write to $PWD: it is read-only, or somebody else's."
    folder=/tmp/panda-to-vulture
  elif lost "$folder"; then
    why="nothing is mounted on $PWD."
  fi
  if [[ -n $why ]]; then
    export TRICKNET_KEPT=no
    cat >&2 <<END
NOTE: $why The lessons work, but what you change in them will be lost when this container ends.
To keep it in a folder named work, type this, with what you typed in place of the dots:
  mkdir -p work && docker run --user "\$(id -u):\$(id -g)" --volume "\$PWD/work:/work" ...
END
  fi
  # Under a Hub, whoever has filled the disk comes in all the same: nobody else can delete anything.
  python3 -P "$project/docker/put_lessons.py" "$project" "$folder" || [[ -n ${JUPYTERHUB_SERVICE_PREFIX:-} ]]
  export TRICKNET_IMAGES=$folder/images  # where readers drop their own
  cd "$folder"
}

word=${1:-notebook}
case $word in
  notebook | jupyter-notebook | jupyter-lab)
    lessons
    exec jupyter lab "${@:2}"
    ;;
  jupyter) # what repo2docker says: `jupyter notebook`, or `jupyter lab`, and options of its own
    [[ ${2:-} == notebook || ${2:-} == lab ]] || exec "$@"
    lessons
    exec jupyter lab "${@:3}"
    ;;
  test)
    (($# > 1)) || echo "This takes about ten minutes on two cores, and up to 3 GB of memory. To run some tests: test tests/networks" >&2
    cd "$project"
    export HYPOTHESIS_STORAGE_DIRECTORY=$HOME/hypothesis
    exec python3 -m pytest -p no:cacheprovider "${@:2}"
    ;;
  classify | dream | paint | sticker | trick)
    ! lost "$PWD" || export TRICKNET_KEPT=no
    exec python3 -P -m tricknet "$@" # -P: what is in the reader's folder is no part of the program
    ;;
  lab | site)
    serves
    exec python3 -P -m web.serve --bind 0.0.0.0 "${@:2}" "$project/web/site"
    ;;
  licences)
    exec python3 "$project/docker/licences.py"
    ;;
  help | --help | -h)
    words
    ;;
  *)
    if ! type -P -- "$word" >/dev/null; then
      { echo "\"$word\" is not a command of this image." && words; } >&2
      exit 2
    fi
    # A Hub starts jupyterhub-singleuser, and a BinderHub a line of Python that starts JupyterLab.
    [[ -z ${JUPYTERHUB_SERVICE_PREFIX:-} ]] || lessons
    exec "$@"
    ;;
esac
