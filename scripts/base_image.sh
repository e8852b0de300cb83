#!/usr/bin/env bash
# Makes sure that Docker has the image that ours is built on: it pulls it, or else makes it from Debian's packages. What
# it makes has this machine's mirrors and certificates, so that apt-get and pip reach in a build what they reach here.
set -euo pipefail
base=${DEBIAN:-debian:trixie-slim}
! docker image inspect "$base" >/dev/null 2>&1 || exit 0
! why=$(docker pull --quiet "$base" 2>&1 >/dev/null) || exit 0
problem="Docker cannot pull $base (${why##*$'\n'})"

cannot() { echo "$problem, and $*" >&2; exit 1; }
[[ $base == debian:trixie-slim ]] || cannot "only debian:trixie-slim can be made here."
command -v apt-get >/dev/null || cannot "only Debian and Ubuntu can make it from packages."
((EUID == 0)) || cannot "only root can make it from Debian's packages: sudo $0"
echo "$problem, so it is made from Debian's packages, which takes about a minute ..."
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
  ca-certificates debian-archive-keyring debootstrap >/dev/null

mirror() { apt-get indextargets --format "\$(REPO_URI)" "Label: $1" | sed -n 1p; }
debian=$(mirror Debian) security=$(mirror Debian-Security) # Ubuntu has neither
: "${debian:=http://deb.debian.org/debian}" "${security:=http://deb.debian.org/debian-security}"
work=$(mktemp -d -p /var/tmp) # in /tmp, there may be no devices
trap 'rm -rf "$work"' EXIT
root=$work/root
{
  debootstrap --variant=minbase --include=ca-certificates trixie "$root" "$debian" &&
    cp -rT /usr/local/share/ca-certificates "$root/usr/local/share/ca-certificates" &&
    chroot "$root" update-ca-certificates
} >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; cannot "making it from Debian's packages failed: see above."; }
printf 'deb %s main\n' "$debian trixie" "$debian trixie-updates" "$security trixie-security" >"$root/etc/apt/sources.list"
[[ ! -f /etc/pip.conf ]] || cp /etc/pip.conf "$root/etc/"
rm -rf "$root"/etc/{hostname,resolv.conf} "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*
find "$root"/usr/share/{doc,info,locale,man} -type f ! -name copyright -delete
tar -C "$root" -c . | docker import --change 'CMD ["bash"]' - "$base" >/dev/null
