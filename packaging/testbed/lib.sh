# shellcheck shell=bash disable=SC2034 # used by those who source it
# What the test bed's scripts share: the made-up domain's names, its throwaway
# passwords, and a few functions. Sourced, never run.

BED_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BED_CHECKOUT=$(cd "$BED_HERE/../.." && pwd)
BED_CACHE=${BED_CACHE:-$BED_CHECKOUT/.cache/testbed}

BED_REALM=TRUST.EXAMPLE
BED_DNS=trust.example
BED_NETBIOS=TRUST
BED_HOST=dc1
BED_BASE=DC=trust,DC=example

# These guard a made-up domain that listens on loopback and is thrown away.
BED_ADMIN_PASSWORD='Throwaway-Admin-1'
BED_SERVICE_PASSWORD='Throwaway-Service-1'
BED_READER_PASSWORD='Throwaway-Reader-1'
BED_POSTGRES_USER=bed
BED_POSTGRES_PASSWORD=throwaway
BED_POSTGRES_PORT=55432

say() { printf 'testbed: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# must_be_loopback ADDR: nothing of the bed may be reachable from elsewhere.
must_be_loopback() {
	case $1 in
	127.*.*.*) ;;
	*) die "address $1 is not loopback" ;;
	esac
}

# answers ADDR PORT: does something accept connections there?
answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# started PID: when the process PID began, in clock ticks since boot. Fails when
# it has ended; one that has ended and that nobody has fetched (a zombie, which
# a careless process 1 keeps for ever) counts as ended.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }' | grep .; }

# living sess|pgid ID: the living processes of a session or of a process group.
living() { ps -eo "$1=,stat=,pid=" | awk -v id="$2" '$1 == id && $2 !~ /^Z/ { print $3 }'; }

# none_living sess|pgid ID
none_living() { [ -z "$(living "$1" "$2")" ]; }

# remember PID FILE: writes down which process to stop later.
remember() { echo "$1 $(started "$1")" >"$2"; }

# remembered FILE: prints the pid written there while that very process lives. A
# pid may have been given to a stranger since, but not with the same beginning.
remembered() {
	local pid begun
	[ -s "$1" ] && read -r pid begun <"$1" && [ "$(started "$pid")" = "$begun" ] && echo "$pid"
}

# until_true SECONDS COMMAND...: polls twenty times a second, fails when time is up.
until_true() {
	local tries=$(($1 * 20))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.05
	done
}
