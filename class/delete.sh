#!/usr/bin/env bash
# Ends the Hub, and deletes all work of all pupils, and what a crash may have left of containers and networks: class/delete.sh
set -euo pipefail
cd "$(dirname "$0")"
class=$(docker compose config | sed -n 's/^name: //p')
mine() { docker "$@" --quiet --filter "name=^/?$class-"; }
mine volume ls
read -r -p 'These volumes, with all work of all pupils, will be gone for good. Type "delete" if you want that: ' answer || true
[[ ${answer:-} == delete ]] || {
  echo "Nothing was deleted." >&2
  exit 1
}
docker compose down --remove-orphans
mine ps --all | xargs -r docker rm --force
mine network ls | xargs -r docker network rm
devices=$(mine volume ls | xargs -r docker volume inspect --format '{{with .Options}}{{.device}}{{end}}')
# shellcheck disable=SC2086 # one word for each
[[ -z $devices ]] || docker compose --progress quiet run --rm --no-deps -T hub python3 -m disk detach $devices
docker compose down --volumes
{ mine volume ls && echo "${class}_disks"; } | xargs docker volume rm
echo "All is deleted."
