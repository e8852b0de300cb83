#!/usr/bin/env bash
# Makes this folder ready to run: system packages, .venv, Caffe, the networks' weights. Does only what is missing.
#
#   scripts/setup.sh          what the notebooks need
#   scripts/setup.sh test     and what the tests need besides
#   scripts/setup.sh evidence and what the experiments in evidence/ need besides the tests
#   scripts/setup.sh site     and what the pages of the course need besides
#
# PYTHON=/path/to/python3 picks a Python (3.12 or later) other than the distribution's own.
set -euo pipefail
cd "$(dirname "$0")/.."

# Caffe's Python module is built against Boost.Python, which Debian and Ubuntu have for their own Python only.
PYTHON=${PYTHON:-/usr/bin/python3}

fail() { echo "setup: $*" >&2; exit 1; }

# Is there no Caffe without one of these packages?
required() { grep -qxF "$(printf '%s\n' "$@")" <(scripts/packages.sh build); }

# Which of these packages apt-get can install, a line each. Ubuntu 24.04 has no python3-torch, and Chromium only as a snap:
# the tests that need them are skipped.
there() {
  local package
  for package in "$@"; do
    if [[ $(LC_ALL=C apt-cache policy "$package") == *"Candidate: "[0-9]* ]]; then
      echo "$package"
    elif required "$package"; then
      fail "this system has no package $package, and Caffe cannot be built without it. Use the Docker image: make image"
    else
      echo "NOTE: this system has no package $package. Anything that needs it will report an error." >&2
    fi
  done
}

system_packages() {
  local missing=() names package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  # A package that the system does not have is not worth asking for root and the network every time.
  if ! required "${missing[@]}" && [[ -n $(find /var/lib/apt/lists -name '*_dists_*_Packages*' 2>/dev/null) ]]; then
    [[ -n $(there "${missing[@]}" 2>/dev/null) ]] || { there "${missing[@]}"; return 0; }
  fi
  local as_root=()
  if ((EUID)); then
    command -v sudo >/dev/null || fail "these packages are missing. Install them as root, then run this again:
  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  echo "Installing system packages (apt-get${as_root:+, by sudo}): ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  names=$(there "${missing[@]}")
  [[ -n $names ]] || return 0
  # shellcheck disable=SC2086 # one word for each package
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
    --no-install-recommends $names >/dev/null
}

# once NAME FILE... -- COMMAND...: run the command unless it has succeeded with these very files before.
once() {
  local stamp=.venv/stamps/$1 files=() sum
  shift
  while [[ $1 != -- ]]; do files+=("$1"); shift; done
  shift
  sum=$(find "${files[@]}" -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return 0
  "$@"
  mkdir -p .venv/stamps
  echo "$sum" >"$stamp"
}

# Jupyter says one address, and one Ctrl-C ends it. What kernels are told is encrypted. Nothing asks the internet for
# anything. The site, if it has been made, is at site/.
# Long lines of code are wrapped, not cut off. Figures have their alternative texts.
jupyter_settings() {
  install -D --mode 644 "$1" .venv/etc/jupyter/jupyter_server_config.json
  install -D --mode 644 "$2" .venv/share/jupyter/lab/settings/overrides.json
  mkdir -p .venv/share/jupyter/labextensions
  cp -rT "$3" .venv/share/jupyter/labextensions
  .venv/bin/jupyter labextension disable --level=sys_prefix '@jupyterlab/apputils-extension:announcements' >/dev/null 2>&1
}

caffe() {
  rm -rf build/wheels
  caffe-cpu/build.sh .venv/bin/python build/wheels
  "${pip[@]}" --no-deps --force-reinstall build/wheels/caffe_cpu-*.whl
}

[[ ${1:-} != evidence ]] || scripts/setup.sh test
[[ $PWD != *:* ]] || fail "Python cannot keep its packages in a folder whose name has a colon: rename $PWD, and run this again."
command -v apt-get >/dev/null || fail "this needs Debian or Ubuntu. Elsewhere, use the Docker image: make image"
mapfile -t packages < <(scripts/packages.sh run build "${1:-}")
system_packages "${packages[@]}"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 12))' ||
  fail "$PYTHON is $("$PYTHON" --version 2>&1), and 3.12 or later is needed: Debian 13, Ubuntu 24.04 or newer."

# A .venv that was made in another container or folder knows only its path there, so its programs do not run here.
if ! .venv/bin/pip --version >/dev/null 2>&1; then
  "$PYTHON" -m venv --clear .venv || fail "could not make .venv. Is python3-venv installed?"
fi
echo "Python packages ..."
pip=(.venv/bin/pip install --quiet)
once requirements requirements.txt -- "${pip[@]}" --require-hashes -r requirements.txt
[[ ${1:-} != test ]] || once requirements-dev requirements/dev.txt -- "${pip[@]}" --require-hashes -r requirements/dev.txt
[[ ${1:-} != site ]] || once requirements-site requirements/site.txt -- "${pip[@]}" --require-hashes -r requirements/site.txt
[[ ${1:-} != test ]] || once javascript web/package.json web/package-lock.json -- \
  npm --prefix web ci --ignore-scripts --no-audit --no-fund --loglevel=error
# What they ask for and nothing here uses stays away: requirements/evidence.txt says what.
[[ ${1:-} != evidence ]] || once peers requirements/evidence.txt -- \
  "${pip[@]}" --no-deps --require-hashes -r requirements/evidence.txt
jupyter=(docker/jupyter/{jupyter_server_config.json,overrides.json,labextensions})
once jupyter "${jupyter[@]}" -- jupyter_settings "${jupyter[@]}"
# From any folder, .venv's Python finds the course here, after all installed packages.
echo "$PWD" >"$(echo .venv/lib/python3*/site-packages)/panda-to-vulture.pth"
once caffe requirements/{build,caffe}.txt caffe-cpu/{build.sh,CMakeLists.txt,pyproject.toml,src,shim,python} -- caffe
scripts/download_model.sh
