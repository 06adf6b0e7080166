#!/bin/bash
# postgres-stop.sh FOLDER: stops the PostgreSQL that postgres-start.sh started
# in FOLDER, and removes FOLDER.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1

gone() { ! started "$1" >/dev/null; }

if pid=$(remembered "$folder/postgres.pid"); then
	# QUIT ends it at once; the data goes anyway.
	kill -QUIT "$pid"
	until_true 10 gone "$pid" || die "PostgreSQL $pid does not end"
fi
rm -rf "$folder"
