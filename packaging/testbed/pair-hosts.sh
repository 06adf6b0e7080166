#!/bin/bash
# pair-hosts.sh FOLDER ADDRESS ADDRESS [ADDRESS]: writes the hosts file of the pair
# that lives in FOLDER, with the names by which its controllers find each other.
# The third address is that of the controller that stands alone, if there is one.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1 addresses=("$2" "$3") alone=${4:-}

hosts() {
	local i=0 host id
	grep -v "$BED_DNS" /etc/hosts || true
	[ -z "$alone" ] || echo "$alone $BED_HOST.$BED_DNS"
	while read -r host id; do
		echo "${addresses[$i]} $host.$BED_DNS $host"
		[ -z "$id" ] || echo "${addresses[$i]} $id._msdcs.$BED_DNS"
		i=$((i + 1))
	done <"$folder/names"
}

# Into the same file: whoever has it mounted sees the change.
hosts >"$folder/hosts.new"
cat "$folder/hosts.new" >"$folder/hosts"
rm "$folder/hosts.new"
