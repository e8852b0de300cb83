#!/usr/bin/env bash
# Copies a pupil's work, whether or not the Hub runs: class/copy.sh NAME [FOLDER]
# NAME is what the pupil types to log in. FOLDER must not be there yet; without it, the copy is in the folder NAME.
set -euo pipefail
[[ $# == 1 || $# == 2 ]] || {
  echo "Usage: class/copy.sh NAME [FOLDER]" >&2
  exit 2
}
name=$1 folder=${2:-$1}
[[ ! -e $folder ]] || {
  echo "$folder already exists, so nothing was copied. Name a different folder: class/copy.sh $name FOLDER" >&2
  exit 1
}
disk() { docker compose --progress quiet --project-directory "$(dirname "$0")" run --rm --no-deps -T hub python3 -m disk "$@"; }

# The Hub knows how a name becomes a volume's, and puts its disk where Docker mounts it.
volume=$(disk name "$name")
device=$(docker volume inspect --format '{{.Options.device}}' "$volume" 2>/dev/null) || {
  echo "Nobody has logged in as \"$name\", so nothing was copied. Write the name as the pupil types it." >&2
  exit 1
}
disk attach "$volume" "$device"

trap 'rm -rf "$folder.part"' EXIT
mkdir -p "$folder.part"
# A pupil's file may be a program that runs as its owner, who would be root here, and may have holes larger than this disk.
docker run --rm --network none --user 0 --volume "$volume:/work:ro" --entrypoint tar panda-to-vulture-hub \
  --create --sparse --mode u+rwX --directory /work --exclude ./lost+found . |
  tar --extract --no-same-owner --no-same-permissions --directory "$folder.part"
mv "$folder.part" "$folder"
files=$(find "$folder" -type f | wc -l) size=$(du -sh "$folder" | cut -f1)
echo "Copied $((files)) files ($size) of the pupil \"$name\" to $(cd "$folder" && pwd)"
