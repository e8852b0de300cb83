#!/usr/bin/env bash
# Starts the Hub of a class with Docker, and says where pupils find it: class/start.sh
# README.md says how to change the passwords, the port and the limits, and how to end it.
set -euo pipefail
cd "$(dirname "$0")"
password() { LC_ALL=C tr -dc a-hjkmnp-z2-9 </dev/urandom | head -c "$1" || true; }  # LC_ALL: for macOS
if [[ ! -f .env ]]; then
  (umask 077 && printf '%s=%s\n' CLASS_PASSWORD "$(password 10)" TEACHER_PASSWORD "$(password 32)" PORT "${PORT:-8000}" \
    MEMORY 2G CPUS 2 DISK 500M PUPILS 40 >.env)
fi
setting() { sed -n "s/^$1=//p" .env; }
# As they were typed: in .env itself, Compose would read $, # and quotes as something else.
CLASS_PASSWORD=$(setting CLASS_PASSWORD) TEACHER_PASSWORD=$(setting TEACHER_PASSWORD)
export CLASS_PASSWORD TEACHER_PASSWORD
../scripts/image.sh
mkdir -p tls
docker volume create "$(docker compose config | sed -n 's/^name: //p')_disks" >/dev/null
docker compose up --build --detach --wait
address_given=$(setting SUBDOMAINS)
port=$(docker compose port hub 8000)
address=$(hostname -I 2>/dev/null | cut -d' ' -f1 || true)
scheme=http
[[ ! -f tls/key.pem ]] || scheme=https
cat <<END

The Hub is running. On the same network, pupils open ${address_given:-$scheme://${address:-THE-ADDRESS-OF-THIS-COMPUTER}:${port##*:}}
  pupils    any name of letters and digits, password $CLASS_PASSWORD
  teacher   the name "teacher", password $TEACHER_PASSWORD
END
