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

# launch makes the controller the leader of its own session, so that samba-stop.sh
# finds every process of it, and keeps our descriptors (locks, pipes) from it.
launch() {
	setsid samba -s "$folder/etc/smb.conf" --foreground --no-process-group --model=prefork \
		</dev/null >"$folder/log/stdout" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	remember $! "$folder/samba.pid"
}

# ready asks port 636 for the root entry and 3269 too: each is a socket of its own.
ready() {
	local port
	remembered "$folder/samba.pid" >/dev/null || die "samba ended: $(tail -20 "$folder"/log/*)"
	for port in 636 3269; do
		LDAPTLS_CACERT=$folder/private/tls/ca.pem ldapsearch -x -LLL -o nettimeout=1 \
			-H "ldaps://$address:$port" -s base -b '' defaultNamingContext 2>/dev/null |
			grep -q "^defaultNamingContext: $BED_BASE" || return 1
	done
}

restore
export KRB5_CONFIG=$folder/etc/krb5.conf
launch
until_true 30 ready || die "no answer from $address: $(tail -20 "$folder"/log/*)"
