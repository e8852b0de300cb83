#!/usr/bin/env bash
# Starts the Hub of a class, or starts it anew with what was changed in .env: class/start.sh
set -euo pipefail
cd "$(dirname "$0")"
password() { tr -dc a-hjkmnp-z2-9 </dev/urandom | head -c "$1" || true; }
[[ -f .env ]] || (umask 077 && printf '%s\n' "CLASS_PASSWORD=$(password 10)" "TEACHER_PASSWORD=$(password 32)" PUPILS= \
  "PORT=${PORT:-8000}" >.env)
../scripts/image.sh
docker compose up --build --detach --wait || { docker compose logs --tail 3 hub; exit 1; } # perhaps .env is wrong
echo "The Hub is running. On the same network, pupils open http://$(hostname -I | cut -d' ' -f1):$(docker compose port hub 8000 | cut -d: -f2)"
echo "This is in class/.env:" && cat .env
