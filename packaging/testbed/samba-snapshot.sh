#!/bin/bash
# samba-snapshot.sh: prints the path of the snapshot of the tests' domain. Makes
# it where there is none for these scripts and this Samba; later calls are free.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The key is everything that decides what is in the domain.
key() {
	{
		dpkg-query -W -f '${Version}\n' samba
		cat "$BED_HERE"/{lib,samba-conf,samba-provision,schema}.sh "$BED_HERE/tree.ldif"
	} | sha256sum | cut -c1-16
}

snapshot=$BED_CACHE/domain-$(key).tar.zst
mkdir -p "$BED_CACHE"
exec 9>"$BED_CACHE/lock"
flock 9
if [ ! -s "$snapshot" ]; then
	say "making the domain, once"
	work=$(mktemp -d "${TMPDIR:-/tmp}/esrsync-bed-make.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	"$BED_HERE/samba-provision.sh" "$work/dc" 9>&-
	rm -f "$BED_CACHE"/domain-*.tar.zst
	tar -C "$work/dc" --sparse --exclude='./log/*' --exclude='./run/*' \
		--use-compress-program='zstd -T0' -cf "$snapshot.part" . 9>&-
	mv "$snapshot.part" "$snapshot"
fi
echo "$snapshot"
