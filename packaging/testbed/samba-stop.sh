#!/bin/bash
# samba-stop.sh FOLDER: stops the controller that samba-start.sh started in
# FOLDER, with all its processes, and removes FOLDER.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1

halt "$folder"
rm -rf "$folder"
