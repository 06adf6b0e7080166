#!/bin/bash
# run-with.sh [--pair] COMMAND...: runs COMMAND with a real Active Directory
# (Samba) and a real PostgreSQL, both fresh and on loopback, and named by
# ESRSYNC_TEST_* variables. With --pair there is a second domain, whose two
# controllers replicate, and COMMAND finds all controllers by their names. Stops
# and removes all of it whatever happens, and anything that COMMAND left running.
# Its exit status is COMMAND's. Several may run at once.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
paired=''
if [ "${1:-}" = --pair ]; then
	paired=1
	shift
fi
[ $# -gt 0 ] || die "usage: run-with.sh [--pair] COMMAND..."

beds=${TMPDIR:-/tmp}/esrsync-bed
mkdir -p "$beds"

# take_address finds a loopback address that no other bed has, and keeps it by a
# lock for as long as this process lives. What a killed predecessor left behind
# on it is cleared away first.
take_address() {
	local n
	for n in {11..99}; do
		exec 9>"$beds/$n.lock"
		flock --nonblock 9 || continue
		address=127.0.0.$n pair=("127.0.1.$n" "127.0.2.$n") folder=$beds/$n
		clear_away
		! answers "$address" 636 && ! answers "$address" "$BED_POSTGRES_PORT" &&
			! answers "${pair[0]}" 636 && ! answers "${pair[1]}" 636 && return 0
	done
	die "no free loopback address"
}

# clear_away ends and removes everything that the folder knows of.
clear_away() {
	local left
	if left=$(remembered "$folder/command.pid"); then end_group "$left"; fi
	"$BED_HERE/samba-stop.sh" "$folder/samba"
	"$BED_HERE/postgres-stop.sh" "$folder/postgres"
	"$BED_HERE/pair.sh" stop "$folder/pair"
	rm -rf "$folder"
}

# end_group ends a whole process group, also what its first process left behind.
end_group() {
	# With the number: within a trap, a bare return gives the script's own status.
	none_living pgid "$1" && return 0
	kill -TERM -- "-$1" 2>/dev/null || true
	until_true 10 none_living pgid "$1" || kill -KILL -- "-$1" 2>/dev/null || true
}

start_parts() {
	# The database runs as somebody else, who must be able to get to its folder.
	install -d -m 755 "$beds" "$folder"
	"$BED_HERE/samba-start.sh" "$folder/samba" "$address" 9>&-
	[ -z "$paired" ] || "$BED_HERE/pair.sh" start "$folder/pair" "${pair[@]}" "$address" 9>&-
	ESRSYNC_TEST_POSTGRES_DSN=$("$BED_HERE/postgres-start.sh" "$folder/postgres" "$address" 9>&-)
}

# name_parts tells COMMAND where everything is. The certificate names the address.
name_parts() {
	export ESRSYNC_TEST_POSTGRES_DSN
	export ESRSYNC_TEST_LDAP_URL=ldaps://$address:636
	export ESRSYNC_TEST_LDAP_GC_URL=ldaps://$address:3269
	export ESRSYNC_TEST_LDAP_CA=$folder/samba/private/tls/ca.pem
	export ESRSYNC_TEST_LDAP_BASE=$BED_BASE
	export ESRSYNC_TEST_LDAP_USER=svc-esrsync@$BED_DNS
	export ESRSYNC_TEST_LDAP_PASSWORD=$BED_SERVICE_PASSWORD
	export ESRSYNC_TEST_LDAP_RO_USER=svc-esrsync-ro@$BED_DNS
	export ESRSYNC_TEST_LDAP_RO_PASSWORD=$BED_READER_PASSWORD
	export ESRSYNC_TEST_LDAP_ADMIN_USER=Administrator@$BED_DNS
	export ESRSYNC_TEST_LDAP_ADMIN_PASSWORD=$BED_ADMIN_PASSWORD
	export ESRSYNC_TEST_KRB5_CONFIG=$folder/samba/etc/krb5.conf
	export ESRSYNC_TEST_KRB5_KEYTAB=$folder/samba/etc/svc-esrsync.keytab
	[ -n "$paired" ] || return 0
	export ESRSYNC_TEST_PAIR_FOLDER=$folder/pair
	export ESRSYNC_TEST_PAIR_CONTROL=$BED_HERE/pair.sh
	export ESRSYNC_TEST_PAIR_CA=$folder/pair/${BED_PAIR[0]}/private/tls/ca.pem
	export ESRSYNC_TEST_PAIR_HOSTS=${BED_PAIR[0]}.$BED_DNS,${BED_PAIR[1]}.$BED_DNS
}

# clean_up runs once, on every way out. A second Ctrl-C must not cut it short.
# shellcheck disable=SC2317 # a trap calls it
clean_up() {
	trap '' INT TERM HUP
	[ -z "$command" ] || end_group "$command"
	clear_away
}

command='' address='' pair=() folder=''
take_address
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
start_parts
name_parts

# A process group of its own, so that all of it can be ended; a background job,
# so that a signal to this script is answered at once.
set -m
${paired:+"$BED_HERE/with-hosts.sh" "$folder/pair/hosts"} "$@" </dev/null 9>&- &
command=$!
set +m
remember "$command" "$folder/command.pid"
wait "$command" && status=0 || status=$?
exit "$status"
