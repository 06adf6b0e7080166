#!/bin/bash
# pair-snapshot.sh ADDRESS ADDRESS: prints the path of the snapshot of the pair.
# Makes it, with its controllers on the two loopback addresses, where there is none
# for these scripts and this Samba; later calls are free.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The key is everything that decides what is in the domain.
key() {
	{
		dpkg-query -W -f '${Version}\n' samba
		cat "$BED_HERE"/{lib,samba-conf,samba-provision,schema,pair-build,pair-hosts,pair-delegate}.sh "$BED_HERE/tree.ldif"
	} | sha256sum | cut -c1-16
}

snapshot=$BED_CACHE/pair-$(key).tar.zst
mkdir -p "$BED_CACHE"
exec 9>"$BED_CACHE/lock"
flock 9
if [ ! -s "$snapshot" ]; then
	say "making the pair of controllers, once"
	work=$(mktemp -d "${TMPDIR:-/tmp}/esrsync-bed-make.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	"$BED_HERE/pair-build.sh" "$work/pair" "$1" "$2" 9>&-
	rm -f "$BED_CACHE"/pair-*.tar.zst
	tar -C "$work/pair" --sparse --exclude='./*/log/*' --exclude='./*/run/*' --exclude='./log' --exclude='./hosts' --warning=no-file-ignored \
		--use-compress-program='zstd -T0' -cf "$snapshot.part" . 9>&-
	mv "$snapshot.part" "$snapshot"
fi
echo "$snapshot"
