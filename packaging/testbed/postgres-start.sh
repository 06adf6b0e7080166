#!/bin/bash
# postgres-start.sh FOLDER ADDRESS: makes a PostgreSQL cluster in FOLDER, which
# must not exist yet, and starts it on the loopback ADDRESS. Prints its DSN.
# Stop it with postgres-stop.sh FOLDER.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1 address=$2
must_be_loopback "$address"
[ ! -e "$folder" ] || die "$folder exists already"
! answers "$address" "$BED_POSTGRES_PORT" || die "something listens on $address:$BED_POSTGRES_PORT already"

binaries=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)

# as_postgres: the server refuses to run as root.
as_postgres() {
	setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$folder" LC_ALL=C.UTF-8 "$@"
}

make_cluster() {
	install -d -m 700 -o postgres -g postgres "$folder"
	echo "$BED_POSTGRES_PASSWORD" >"$folder/password"
	chmod 644 "$folder/password"
	as_postgres "$binaries/initdb" --pgdata="$folder/data" --username="$BED_POSTGRES_USER" \
		--pwfile="$folder/password" --auth=scram-sha-256 \
		--encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	# The cluster is thrown away, so nothing of it need survive a power cut.
	cat >>"$folder/data/postgresql.conf" <<-CONF
		listen_addresses = '$address'
		port = $BED_POSTGRES_PORT
		unix_socket_directories = ''
		max_connections = 200
		fsync = off
		synchronous_commit = off
		full_page_writes = off
	CONF
}

make_cluster
as_postgres "$binaries/pg_ctl" --pgdata="$folder/data" --log="$folder/data/server.log" --wait --timeout=30 start \
	>/dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- || die "PostgreSQL: $(tail -20 "$folder/data/server.log")"
remember "$(head -1 "$folder/data/postmaster.pid")" "$folder/postgres.pid"
echo "postgres://$BED_POSTGRES_USER:$BED_POSTGRES_PASSWORD@$address:$BED_POSTGRES_PORT/postgres?sslmode=disable"
