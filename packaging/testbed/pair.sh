#!/bin/bash
# pair.sh start FOLDER ADDRESS ADDRESS [ADDRESS]: restores the pair into FOLDER,
#	which must not exist yet, starts both controllers on the first two loopback
#	addresses and waits until they answer. FOLDER/hosts then knows their names, and
#	dc1's where its address is the third.
# pair.sh stop FOLDER: stops both and removes FOLDER.
# pair.sh kill|resume|stall|wake FOLDER NAME: ends one controller with no chance to
#	say so, and brings it back; or stops its processes as they are, so that it takes
#	requests and never answers, and lets them go on.
# pair.sh revive FOLDER NAME: undoes whichever of these was done, if any.
set -euo pipefail
export BED_PAIRED=1
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
verb=$1 folder=$2
shift 2

address_of() { sed -n "$(($(position "$1") + 1))p" "$folder/addresses"; }

position() {
	case $1 in
	"${BED_PAIR[0]}") echo 0 ;;
	"${BED_PAIR[1]}") echo 1 ;;
	*) die "$1 is none of ${BED_PAIR[*]}" ;;
	esac
}

begin() {
	launch "$folder/$1" "$BED_HERE/with-hosts.sh" "$folder/hosts"
}

# signal NAME SIGNAL...: to every process of a controller.
signal() {
	local pid
	pid=$(remembered "$folder/$1/samba.pid") || die "$1 does not run"
	living sess "$pid" | xargs -r kill "$2" 2>/dev/null || true
}

start() {
	local snapshot host
	[ "$(id -u)" = 0 ] || die "Samba's ports (389, 636, 88) need root"
	[ ! -e "$folder" ] || die "$folder exists already"
	for address in "$1" "$2"; do must_be_loopback "$address"; done
	snapshot=$("$BED_HERE/pair-snapshot.sh" "$1" "$2")
	mkdir -p "$folder"
	tar -C "$folder" --use-compress-program=zstd -xf "$snapshot"
	printf '%s\n' "$1" "$2" >"$folder/addresses"
	BED_HOST=dc1 "$BED_HERE/pair-hosts.sh" "$folder" "$@"
	for host in "${BED_PAIR[@]}"; do
		BED_HOST=$host "$BED_HERE/samba-conf.sh" "$folder/$host" "$(address_of "$host")"
		begin "$host"
	done
	for host in "${BED_PAIR[@]}"; do await_ready "$folder/$host" "$(address_of "$host")"; done
}

case $verb in
start) start "$@" ;;
stop)
	for host in "${BED_PAIR[@]}"; do halt "$folder/$host"; done
	rm -rf "$folder"
	;;
kill)
	signal "$1" -KILL
	until_true 5 none_living sess "$(cut -d' ' -f1 "$folder/$1/samba.pid")" || die "$1 does not end"
	;;
resume)
	begin "$1"
	await_ready "$folder/$1" "$(address_of "$1")"
	;;
stall) signal "$1" -STOP ;;
wake) signal "$1" -CONT ;;
revive)
	if remembered "$folder/$1/samba.pid" >/dev/null; then signal "$1" -CONT; else begin "$1"; fi
	await_ready "$folder/$1" "$(address_of "$1")"
	;;
*) die "pair.sh start|stop|kill|resume|stall|wake|revive" ;;
esac
