#!/bin/bash
# samba-stop.sh FOLDER: stops the controller that samba-start.sh started in
# FOLDER, with all its processes, and removes FOLDER.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1

if pid=$(remembered "$folder/samba.pid"); then
	kill -TERM "$pid"
	until_true 10 none_living sess "$pid" || living sess "$pid" | xargs -r kill -KILL || true
	until_true 5 none_living sess "$pid" || die "processes of session $pid do not end"
fi
rm -rf "$folder"
