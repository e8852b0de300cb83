#!/usr/bin/env bash
# Builds the image and runs it in every way that the README promises: scripts/test_image.sh
#
# Run it as root: it gives folders to other users. Without a Docker engine, ../shared/tools/docker_without_engine.sh
# builds the image and Podman runs it.
# Almost all of it runs with --network none, which also proves that the image needs no network.
set -euo pipefail
cd "$(dirname "$0")/.."
((EUID == 0)) || { echo "This gives folders to other users, which only root may do: run it with sudo." >&2; exit 1; }
builder=../shared/tools/docker_without_engine.sh
image=panda-to-vulture
work=$(mktemp -d)
passed=0 begun=$SECONDS

if docker info >/dev/null 2>&1; then
  engine=(docker) run=(docker run) outside=(--publish 127.0.0.1:8888:8888)
  docker build --tag $image .
elif [[ -f $builder ]]; then
  bash "$builder" . $image
  # The same store, and limits that need no privilege to set, as in the builder.
  store=/var/tmp/docker-without-engine
  export PODMAN_IGNORE_CGROUPSV1_WARNING=1
  engine=(podman --root "$store/store" --runroot "$store/run" --storage-driver overlay --cgroup-manager cgroupfs
    --events-backend file --runtime runc)
  run=("${engine[@]}" run --init=false --pull=never --ulimit "nofile=$(ulimit -Sn):$(ulimit -Hn)"
    --ulimit "nproc=$(ulimit -Su):$(ulimit -Hu)")
  outside=(--network host)
else
  printf '\n%s\n' "*** THE IMAGE WAS NEITHER BUILT NOR TESTED: no Docker engine answers, and $builder is not here. ***"
  exit 0
fi
echo "Built in $((SECONDS - begun)) s."

cleanup() {
  "${engine[@]}" rm --force --time 2 ptv-test >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

ok() { passed=$((passed + 1)) && echo "[$((SECONDS - begun)) s] ok: $*"; }
bad() {
  "${engine[@]}" logs ptv-test 2>&1 | tail -n 40 || true
  echo "FAILED: $*"
  exit 1
}

# once OPTIONS... -- WORDS...: run the image to its end, without a network, and print what it prints.
once() {
  local options=()
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  "${run[@]}" --rm --network none "${options[@]}" $image "${@:2}" 2>&1
}

# start OPTIONS... -- WORDS...: run it in the background until the page answers; `inside` runs something in it.
start() {
  local options=() since=$SECONDS
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  "${run[@]}" --detach --name ptv-test "${options[@]}" $image "${@:2}" >/dev/null
  until inside python3 -c "$page" /api >/dev/null 2>&1; do
    ((SECONDS - since < 60)) || bad "no answer after a minute: ${*:2}"
    sleep 0.2
  done
  echo "The page answers after $((SECONDS - since)) s."
}
inside() { "${engine[@]}" exec ptv-test "$@"; }
logs() { "${engine[@]}" logs ptv-test 2>&1; }
# Prints the status and the text of a page; a second word is the method.
page='import sys, http.client
c = http.client.HTTPConnection("127.0.0.1", 8888, timeout=120)
c.request((sys.argv + ["GET"])[2], sys.argv[1])
a = c.getresponse(); print(a.status, a.read().decode(errors="replace"))'

# stop: SIGTERM, which has to do.
stop() {
  local since=$SECONDS code
  "${engine[@]}" stop --time 30 ptv-test >/dev/null
  code=$("${engine[@]}" inspect --format '{{.State.ExitCode}}' ptv-test)
  "${engine[@]}" rm ptv-test >/dev/null
  ((SECONDS - since <= 10 && code != 137)) || bad "SIGTERM: ended after $((SECONDS - since)) s with status $code"
}

# --- What it is ---
size=$(($("${engine[@]}" image inspect --format '{{.Size}}' $image) / 1000000))
((size <= 800)) || bad "the image is $size MB large"
ok "$size MB"
about=$("${engine[@]}" image inspect --format '{{json .Config}}' $image)
for word in '"User":"1000"' org.opencontainers.image.licenses; do
  [[ $about == *"$word"* ]] || bad "the image's description has no $word"
done
ok "user and labels"

# --- The lessons, as most people run them ---
start "${outside[@]}" --
[[ $(curl --silent --max-time 10 http://127.0.0.1:8888/api) == *version* ]] || bad "port 8888 does not answer from outside"
address=$(logs | grep --only-matching --max-count 1 'http://127.0.0.1:8888/lab/tree/notebooks/index.ipynb?token=[0-9a-f]*') ||
  bad "no address with a token"
token=${address#*=}
((${#token} >= 32)) || bad "the token is short: $token"
[[ $(logs | grep --count "$token") == 1 ]] || bad "the token is all over the log"
[[ $(logs) == *"Ctrl-C ends it."* && $(logs) != *[Ww]arning* ]] || bad "the log does not say how to end it, or warns"
ok "port 8888, and an address to click with a random token"
[[ $(inside python3 -c "$page" /api/contents) == 403* ]] || bad "the files can be seen without the token"
[[ $(inside python3 -c "$page" "/lab/tree/notebooks/index.ipynb?token=$token") == 200*JupyterLab* ]] || bad "no JupyterLab"
[[ $(inside python3 -c "$page" "/api/contents/notebooks/index.ipynb?token=$token") == 200*Panda* ]] || bad "no first page"
[[ $(inside python3 -c "$page" "/api/contents/notebooks/01-meet-googlenet.ipynb?token=$token") == *'"trusted": true'* ]] ||
  bad "lesson 1 is not trusted"
ok "nothing without the token; with it, JupyterLab, the page of lessons, and lesson 1 with all that it shows"
if [[ ${engine[0]} == podman ]]; then "${engine[@]}" healthcheck run ptv-test || bad "unhealthy"; else
  for _ in {1..30}; do
    [[ $(docker inspect --format '{{.State.Health.Status}}' ptv-test) != healthy ]] || break
    sleep 1
  done
  [[ $(docker inspect --format '{{.State.Health.Status}}' ptv-test) == healthy ]] || bad "unhealthy"
fi
ok "health check"
[[ $(inside id -u) == 1000 && $(inside sh -c 'touch /opt/x 2>&1; stat -c %u /work/panda-to-vulture') == *denied*1000 ]] ||
  bad "it is not user 1000, or may write where it should not"
ok "user 1000, who owns the lessons and nothing else"
[[ $(inside python3 -c "$page" "/api/kernels?token=$token" POST) == 201* ]] || bad "no kernel"
stop
ok "SIGTERM ends it while a kernel runs"

# --- Locked up: no root, no name, no home, no network, nothing writable but /tmp ---
locked=(--user 12345:12345 --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network none)
start "${locked[@]}" --env PORT=9999 --
[[ $(logs | grep --only-matching '[a-z]*://[^?]*') == http://127.0.0.1:9999/lab/tree/notebooks/index.ipynb ]] ||
  bad "it says other addresses than that of PORT=9999"
[[ $(logs) == *"user 12345 cannot write to /work"* ]] || bad "it does not say that /work cannot be written"
inside jupyter execute /tmp/panda-to-vulture/notebooks/01-meet-googlenet.ipynb >"$work/log" 2>&1 || bad "$(cat "$work/log")"
stop
ok "any user, read-only, no capabilities, no network: lesson 1 runs; one address, with the PORT of outside"

# --- Ctrl-C, in a terminal and without one ---
for tty in true false; do
  start --network none --tty=$tty --
  "${engine[@]}" kill --signal INT ptv-test >/dev/null
  status=$(timeout 20 "${engine[@]}" wait ptv-test) || bad "Ctrl-C does not end it (a terminal: $tty)"
  [[ $status == 0 ]] || bad "Ctrl-C: status $status (a terminal: $tty)"
  "${engine[@]}" rm ptv-test >/dev/null
done
ok "one Ctrl-C ends it"

# --- Words ---
said=$(once -- help) || bad "$said"
for word in lessons photo.jpg --port=1; do
  status=0
  said=$(once -- $word) || status=$?
  [[ $status == 2 && $said == "\"$word\" is not a word that this image knows."*"trick photo.jpg"* ]] || bad "$status $said"
done
ok "help, and the list of words for one that it does not know"

# --- The lab ---
start --network none -- lab
address=$(logs | grep --only-matching --max-count 1 'http://127.0.0.1:8888/voila/.*07-the-lab.ipynb?token=[0-9a-f]*') ||
  bad "no address of the lab"
inside python3 -c "$page" "${address#*:8888}" >"$work/lab.html"
[[ $(<"$work/lab.html") == 200*jupyter-widgets* && $(<"$work/lab.html") != *Traceback* ]] || bad "the lab shows an error"
stop
ok "the lab"

# --- A disk that is full ---
status=0
said=$(once --tmpfs /work:size=1m,mode=1777 -- notebook) || status=$?
[[ $status == 1 && $said == *"No space left on device. Mend that, and start again." ]] || bad "a full disk: $status $said"
ok "$said"

# --- The command line, in a folder of somebody who is neither root nor 1000 ---
mkdir "$work/mine" "$work/theirs"
chmod 755 "$work"
cp images/panda.jpg "$work/mine/"
echo 'raise SystemExit("a module from the folder of the reader was run")' | tee "$work/mine/numpy.py" >"$work/mine/tricknet.py"
cp images/panda.jpg "$work/theirs/"
chown -R 4321:4321 "$work/mine"
mine=(--user 4321:4321 --volume "$work/mine:/work")
said=$(once "${mine[@]}" -- classify panda.jpg) || bad "$said"
[[ $said == panda.jpg*"giant panda"* ]] || bad "$said"
said=$(once "${mine[@]}" -- trick panda.jpg vulture -o out.png) || bad "$said"
[[ $(stat --format %u "$work/mine/out.png") == 4321 ]] || bad "out.png belongs to somebody else"
said=$(once "${mine[@]}" -- classify out.png) || bad "$said"
[[ $said == out.png$'\n'vulture* ]] || bad "$said"
ok "classify and trick; the file is its owner's, and still a vulture: ${said#*$'\n'}"
status=0
said=$(once "${mine[@]}" -- classify nothing.jpg) || status=$?
[[ $status == 2 && $(wc -l <<<"$said") == 1 ]] || bad "a missing file: $status $said"
ok "a missing file: $said"
status=0
said=$(once "${mine[@]}" -- trick panda.jpg vulture -o out.png) || status=$?
[[ $status == 2 && $said == *--force* ]] || bad "out.png was there: $status $said"
ok "$said"
if [[ ${engine[0]} == docker ]]; then # Podman, as it runs here, sets no limits
  once "${mine[@]}" -- python3 -P -c 'from PIL import Image; Image.new("RGBA", (6000, 6000)).save("large.png")'
  status=0
  said=$(once --memory 400m "${mine[@]}" -- classify large.png) || status=$?
  [[ $status == 2 && $said == "large.png has 6000 x 6000 pixels: reading them takes"* ]] || bad "too large: $status $said"
  ok "$said"
fi

# --- Bad mounts: of somebody else's folder, and read-only ---
for volume in "$work/theirs:/work" "$work/mine:/work:ro"; do
  status=0
  said=$(once --user 1000 --volume "$volume" -- trick panda.jpg vulture -o out2.png) || status=$?
  [[ $status == 2 && $said == *"cannot be written"* ]] || bad "$volume: $status $said"
  ok "$said"
done
start --network none --volume "$work/mine:/work:ro" --
[[ $(logs) == *"cannot write to /work"* ]] || bad "it does not say that /work cannot be written"
stop
ok "a folder that cannot be written to: a clear sentence, and the lessons run"
start --network none "${mine[@]}" --
stop
[[ $(stat --format %u "$work/mine/panda-to-vulture/notebooks/index.ipynb") == 4321 ]] || bad "the lessons are not the reader's"
echo "mine" >"$work/mine/panda-to-vulture/notebooks/index.ipynb"
truncate --size 4096 "$work/mine/panda-to-vulture/notebooks/01-meet-googlenet.ipynb"
start --network none "${mine[@]}" --
stop
[[ $(<"$work/mine/panda-to-vulture/notebooks/index.ipynb") == mine ]] || bad "the reader's notebook was overwritten"
cmp "$work/mine/panda-to-vulture/notebooks/01-meet-googlenet.ipynb" notebooks/01-meet-googlenet.ipynb ||
  bad "a lesson that was cut short stays so"
ok "a folder of the reader's: the lessons in it are the reader's, and stay as they are, but one that was cut short is mended"

# --- What is inside ---
once -- licences >"$work/licences" || bad "$(grep 'NOT SAID' "$work/licences")"
ok "$(grep --count . "$work/licences") lines of licences"
# The tricks of test_trick.py take as long as all others together, and were run above in lesson 1 and by `trick`.
once --read-only --tmpfs /tmp -- test -q --ignore=tests/test_trick.py || bad "the tests in the image"
ok "its tests"

echo "$passed passed, 0 failed"
