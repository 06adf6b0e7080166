#!/bin/bash
# Installs by apt what the tests need, where anything is missing. Starts no
# daemon: while packages are unpacked, policy-rc.d answers "not allowed", and
# afterwards it is put back as it was.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# gcc and libc6-dev are for `go test -race`.
packages=(
	samba samba-ad-provision samba-dsdb-modules samba-vfs-modules ldb-tools ldap-utils krb5-user
	postgresql openssl zstd procps util-linux
	ca-certificates gcc git libc6-dev make
)

policy=/usr/sbin/policy-rc.d

missing() {
	local p
	for p in "${packages[@]}"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || echo "$p"
	done
}

put_policy_back() {
	rm -f "$policy"
	[ ! -e "$policy.esrsync-kept" ] || mv "$policy.esrsync-kept" "$policy"
}

forbid_daemons() {
	# A kept file of a run that was killed is the true original: do not replace it.
	if [ -e "$policy" ] && [ ! -e "$policy.esrsync-kept" ]; then
		mv "$policy" "$policy.esrsync-kept"
	fi
	trap put_policy_back EXIT
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
}

mapfile -t want < <(missing)
[ ${#want[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || die "not root, and these packages are missing: ${want[*]}"

# Two checkouts may start their tests at the same moment.
exec 9>/run/lock/esrsync-testbed-install
flock 9
mapfile -t want < <(missing)
[ ${#want[@]} -gt 0 ] || exit 0

say "installing ${want[*]}"
forbid_daemons
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${want[@]}" >/dev/null
