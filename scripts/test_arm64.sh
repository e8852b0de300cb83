#!/usr/bin/env bash
# Builds Caffe for arm64 with a cross compiler and tests it in an emulated Debian 13, as root, on amd64.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'END'
Usage: sudo scripts/test_arm64.sh [CPU ...]

Makes an arm64 Debian 13 with the packages of requirements/apt/, builds Caffe for it, fetches the Python packages for it, and tests
Caffe's layers and GoogLeNet on each CPU: those of `qemu-aarch64 -cpu help`, by default cortex-a76 (without SVE, as
Apple silicon) and neoverse-v1 (SVE of 256 bits, as Graviton 3). Then it compares their numbers with this machine's.

Everything it makes stays in build/arm64, so a second run only does what has changed. build/arm64/CPU.log has what the
tests say. On an arm64 machine there is nothing to emulate: make test.

It tells the kernel to run arm64 programs with QEMU, until the machine restarts (binfmt_misc).
END
}

fail() { echo "test_arm64: $*" >&2; exit 1; }

say() { printf '%(%H:%M:%S)T %s\n' -1 "$*"; }

case ${1:-} in
  -h | --help) usage; exit ;;
  -*) usage >&2; exit 2 ;;
esac
[[ $(uname -m) == x86_64 ]] || fail "this is $(uname -m), and the script emulates on x86_64 only. On arm64, run make test."
((EUID == 0)) || fail "it makes a root file system and enters it, so run it as root: sudo $0"
needed=(mmdebstrap arch-test qemu-user-static g++-aarch64-linux-gnu debian-archive-keyring)
for package in "${needed[@]}"; do
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
    fail "$package is missing. Run: apt-get install --no-install-recommends ${needed[*]}"
done
[[ -x .venv/bin/pip ]] || fail "there is no Caffe for this machine to compare with. Run: scripts/setup.sh"

# What is mounted below the root is seen by this script only, and gone with it: `make clean` cannot reach through.
[[ -n ${OWN_MOUNTS:-} ]] || OWN_MOUNTS=1 exec unshare --mount "$0" "$@"

cpus=("$@")
((${#cpus[@]})) || cpus=(cortex-a76 neoverse-v1)
work=$PWD/build/arm64 root=$PWD/build/arm64/root libraries=$PWD/build/arm64/root/usr/lib/aarch64-linux-gnu
mkdir -p "$work"
exec 9>"$work/.lock"
flock --nonblock 9 || fail "another run is using $work: wait until it has ended."

emulate() {
  local binfmt=/proc/sys/fs/binfmt_misc
  mountpoint -q $binfmt || mount -t binfmt_misc binfmt_misc $binfmt
  [[ -e $binfmt/qemu-aarch64 ]] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >$binfmt/register
}

# Each start of an emulated program is slow, so what unpacks packages and runs their scripts is this machine's own, and
# nothing is compiled to Python's bytecode.
debian() {
  local packages native hook
  packages=$(grep -ohE '^([^ #]+)' requirements/apt/{run,build}.txt | paste -sd,),python3-torch
  [[ -f $work/packages && $(<"$work/packages") == "$packages" ]] && return
  say "Debian 13 for arm64 ..."
  rm -rf "$root" "$work"/{packages,requirements,caffe}
  native="/usr/bin/dpkg-deb /usr/bin/rm /usr/bin/dash $(ldd /usr/bin/dpkg-deb | grep -oE '/lib[^ ]+' | paste -sd' ')"
  hook="cd \"\$1\" && mkdir -p usr/lib64 && ln -sfn usr/lib64 lib64 && cp -L --parents --remove-destination $native ."
  mmdebstrap --mode=root --variant=apt --arch=arm64 --include="$packages" \
    --extract-hook="$hook" --essential-hook="$hook" --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/bin/py3compile' \
    trixie "$root" \
    "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main"
  echo "$packages" >"$work/packages"
}

# PyPI's wheels for arm64, with their hashes checked, by this machine's pip: only unpacking is needed.
python_packages() {
  local sum minor platforms=()
  sum=$(sha256sum requirements.txt requirements/test.txt)
  [[ -f $work/requirements && $(<"$work/requirements") == "$sum" ]] && return
  say "Python packages for arm64 ..."
  rm -rf "$root/opt/python"
  for minor in {17..41}; do platforms+=(--platform "manylinux_2_${minor}_aarch64"); done
  .venv/bin/pip install --quiet --target "$root/opt/python" --require-hashes --only-binary=:all: --no-compile \
    --python-version 3.13 --platform manylinux2014_aarch64 "${platforms[@]}" -r requirements.txt -r requirements/test.txt
  echo "$sum" >"$work/requirements"
}

# CMake asks this machine's Python about the other machine's, and it answers from that one's description of itself.
caffe() {
  local describe=$work/describe target
  say "Caffe for arm64 ..."
  mkdir -p "$describe"
  cp "$root"/usr/lib/python3.13/_sysconfigdata__aarch64-linux-gnu.py "$describe"
  cat >"$work/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_SYSROOT $root)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
END
  target=(PYTHONPATH="$describe" _PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__aarch64-linux-gnu
    PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$libraries/openblas-pthread/pkgconfig:$libraries/pkgconfig")
  [[ -f $work/caffe/build.ninja ]] || env "${target[@]}" cmake -S caffe-cpu -B "$work/caffe" -G Ninja -Wno-dev \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" -DPython_EXECUTABLE=/usr/bin/python3 \
    -DPython_INCLUDE_DIR="$root/usr/include/python3.13" \
    -DPython_NumPy_INCLUDE_DIR="$root/opt/python/numpy/_core/include" >"$work/caffe.log" ||
    fail "CMake failed: $work/caffe.log says why."
  env "${target[@]}" ninja -C "$work/caffe"
}

# This folder as it is now, without what is made in it.
project() {
  local there=$root/panda weights
  rm -rf "$there"
  mkdir "$there"
  git -c safe.directory="$PWD" ls-files -z | tar --create --null --files-from=- | tar --extract --directory "$there"
  for weights in models/*/*.caffemodel; do cp --dereference "$weights" "$there/$weights"; done
  cp --recursive "$work/caffe/stage" "$there/build"
}

# arm64 COMMAND...: run it in the root, in the project's folder there, on the CPU that $cpu names. The root has
# no /sys, just as Docker hides a part of /sys on Apple silicon.
arm64() {
  env --ignore-environment HOME=/root PATH=/usr/sbin:/usr/bin LANG=C.UTF-8 QEMU_CPU="$cpu" PYTHONPATH=/panda/build:/opt/python \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 CAFFE_EXAMPLES=8 REQUIRE_ALL=1 chroot "$root" sh -c 'cd /panda && exec "$@"' sh "$@"
}

emulate
debian
python_packages
[[ -f $(echo caffe-cpu/source/*.tar.gz) ]] || caffe-cpu/build.sh .venv/bin/python build/wheels
caffe
project
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc"

OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .venv/bin/python -m benchmarks.speed.numbers save "$work/here.npz"
failed=0
for cpu in "${cpus[@]}"; do
  say "A step on $cpu ..."
  arm64 python3 caffe-cpu/python/check.py build
  arm64 python3 -m benchmarks.speed.numbers save "build/$cpu.npz"
  .venv/bin/python -m benchmarks.speed.numbers compare "$work/here.npz" "$root/panda/build/$cpu.npz" || failed=1
  say "Tests on $cpu ..."
  arm64 python3 -m pytest -p no:cacheprovider caffe-cpu/tests/test_fast_layers.py tests/networks/test_classifier.py \
    caffe-cpu/tests/test_fast_paths.py::test_a_first_net_says_nothing 2>&1 | tee "$work/$cpu.log" || failed=1
done
((failed)) && fail "something differs or failed: see above."
say "Done."
