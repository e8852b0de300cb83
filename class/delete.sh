#!/usr/bin/env bash
# Deletes the work of one pupil: class/delete.sh NAME. Without NAME: ends the Hub, and deletes all work of all pupils.
set -euo pipefail
cd "$(dirname "$0")"
disk() { docker compose --progress quiet run --rm --no-deps -T hub python3 -m disk "$@" </dev/null; }
# A pupil's volume, container and network have the same name.
case $# in
  0) volumes=$(disk volumes) ;;
  1) volumes=$(disk name "$1") ;;
  *) echo "Usage: class/delete.sh [NAME]" >&2 && exit 2 ;;
esac
# shellcheck disable=SC2046,SC2086 # a filter for each name
mine() { docker "$@" --quiet $(printf -- '--filter name=^/?%s$ ' $volumes); }
[[ $# == 0 || -n $(mine volume ls) ]] || {
  echo "Nobody has logged in as \"$1\", so nothing was deleted. Write the name as the pupil types it." >&2
  exit 1
}
echo "$volumes"
read -r -p 'These volumes, with all work in them, will be deleted for good. Type "delete" if you want that: ' answer || true
[[ ${answer:-} == delete ]] || {
  echo "Nothing was deleted." >&2
  exit 1
}
hub=$(docker compose ps --quiet hub)
[[ $# == 1 ]] || docker compose down --remove-orphans
mine ps --all | xargs -r docker rm --force
for network in $(mine network ls); do
  docker network disconnect --force "$network" "$hub" 2>/dev/null || true
  docker network rm "$network"
done
mine volume ls | xargs -r docker volume rm
# shellcheck disable=SC2086 # one word for each
disk delete $volumes
[[ $# == 1 ]] || {
  docker compose down --volumes
  docker volume rm "$(docker compose config | sed -n 's/^name: //p')_disks"
}
echo "Everything has been deleted."
