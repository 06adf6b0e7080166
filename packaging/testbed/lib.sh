# shellcheck shell=bash disable=SC2034 # used by those who source it
# What the test bed's scripts share: the made-up domain's names, its throwaway
# passwords, and a few functions. Sourced, never run.

BED_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BED_CHECKOUT=$(cd "$BED_HERE/../.." && pwd)
BED_CACHE=${BED_CACHE:-$BED_CHECKOUT/.cache/testbed}

BED_REALM=TRUST.EXAMPLE
BED_DNS=trust.example
BED_NETBIOS=TRUST
# The controller that a script makes: dc1 stands alone; the pair's names are below.
BED_HOST=${BED_HOST:-dc1}
# Set where the controller is one of the pair, which replicate. Of another name
# than dc1, so that one hosts file can know all three.
BED_PAIRED=${BED_PAIRED:-}
BED_PAIR=(north south)
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

# launch FOLDER COMMAND...: starts the controller that lives in FOLDER as the
# leader of its own session, so that every process of it can be found, and keeps
# our descriptors (locks, pipes) from it. COMMAND is put before samba.
launch() {
	local folder=$1
	shift
	KRB5_CONFIG=$folder/etc/krb5.conf setsid "$@" samba -s "$folder/etc/smb.conf" --foreground --no-process-group --model=prefork \
		</dev/null >"$folder/log/stdout" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	remember $! "$folder/samba.pid"
}

# ready FOLDER ADDR: asks port 636 for the root entry and 3269 too: each is a
# socket of its own.
ready() {
	local port
	remembered "$1/samba.pid" >/dev/null || die "samba ended: $(tail -20 "$1"/log/*)"
	for port in 636 3269; do
		LDAPTLS_CACERT=$1/private/tls/ca.pem ldapsearch -x -LLL -o nettimeout=1 \
			-H "ldaps://$2:$port" -s base -b '' defaultNamingContext 2>/dev/null |
			grep -q "^defaultNamingContext: $BED_BASE" || return 1
	done
}

# await_ready FOLDER ADDR
await_ready() { until_true 30 ready "$1" "$2" || die "no answer from $2: $(tail -20 "$1"/log/*)"; }

# halt FOLDER: ends the controller that launch started in FOLDER, with all its
# processes, and leaves the folder.
halt() {
	local pid
	pid=$(remembered "$1/samba.pid") || return 0
	# One that was stalled would not hear the first signal.
	living sess "$pid" | xargs -r kill -CONT 2>/dev/null || true
	kill -TERM "$pid"
	until_true 10 none_living sess "$pid" || living sess "$pid" | xargs -r kill -KILL 2>/dev/null || true
	until_true 5 none_living sess "$pid" || die "processes of session $pid do not end"
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
