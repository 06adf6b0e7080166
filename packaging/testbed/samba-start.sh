#!/bin/bash
# samba-start.sh FOLDER ADDRESS: restores the tests' domain into FOLDER, which
# must not exist yet, starts its controller on the loopback ADDRESS, and waits
# until LDAPS and the global catalogue answer. Stop it with samba-stop.sh FOLDER.
# Several run beside each other, each with a folder and an address of its own:
# Samba's ports cannot be moved.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1 address=$2
must_be_loopback "$address"
[ "$(id -u)" = 0 ] || die "Samba's ports (389, 636, 88) need root"
[ ! -e "$folder" ] || die "$folder exists already"
! answers "$address" 636 || die "something listens on $address:636 already"

restore() {
	local snapshot
	snapshot=$("$BED_HERE/samba-snapshot.sh")
	mkdir -p "$folder"
	tar -C "$folder" --use-compress-program=zstd -xf "$snapshot"
	"$BED_HERE/samba-conf.sh" "$folder" "$address"
}

restore
launch "$folder"
await_ready "$folder" "$address"
