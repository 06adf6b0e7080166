#!/bin/bash
# samba-provision.sh FOLDER: makes the domain of the tests in FOLDER, which must
# not exist yet, and leaves it stopped. Takes about a quarter of a minute; use
# samba-snapshot.sh, which keeps the result.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1
[ ! -e "$folder" ] || die "$folder exists already"

conf=(-s "$folder/etc/smb.conf")
database=$folder/private/sam.ldb

provision() {
	samba-tool domain provision "${conf[@]}" --realm="$BED_REALM" --domain="$BED_NETBIOS" \
		--server-role=dc --dns-backend=NONE --host-name="$BED_HOST" --host-ip=127.0.0.1 \
		--adminpass="$BED_ADMIN_PASSWORD" --backend-store=mdb --backend-store-size=2Gb
	samba-tool domain passwordsettings set "${conf[@]}" --complexity=on --history-length=24 \
		--min-pwd-length=12 --min-pwd-age=1 --max-pwd-age=90 --account-lockout-threshold=10 \
		--account-lockout-duration=30 --reset-account-lockout-after=30
	samba-tool user setexpiry "${conf[@]}" Administrator --noexpiry
	# Without the ldap/ and GC/ service names nobody can sign in by Kerberos.
	samba_spnupdate "${conf[@]}"
}

extend_schema() {
	local write=(-H "$database" --configfile="$folder/etc/smb.conf" --option='dsdb:schema update allowed=true')
	"$BED_HERE/schema.sh" attributes | ldbadd "${write[@]}"
	# A second step: the first must be committed before a class may name the attributes.
	"$BED_HERE/schema.sh" classes | ldbmodify "${write[@]}"
}

# account NAME PASSWORD: a service account, in Users where the managed OUs' rights do not reach.
account() {
	samba-tool user create "${conf[@]}" -H "$database" "$1" "$2"
	samba-tool user setexpiry "${conf[@]}" -H "$database" "$1" --noexpiry
	samba-tool domain exportkeytab "${conf[@]}" "$folder/etc/$1.keytab" --principal="$1"
}

sid_of() { ldbsearch -H "$database" "(sAMAccountName=$1)" objectSid 2>/dev/null | sed -n 's/^objectSid: //p'; }

grant() { # OU SDDL
	samba-tool dsacl set "${conf[@]}" -H "$database" --objectdn="$1,$BED_BASE" --sddl="$2"
}

# delegate gives the accounts what an administrator would give them, no more:
# the service makes, changes and removes users under Staff and Leavers, resets
# their passwords, and changes who is in the groups under Groups. It may not
# touch a security descriptor anywhere. The reader reads.
delegate() {
	local user=bf967aba-0de6-11d0-a285-00aa003049e2    # schema id of the class user
	local group=bf967a9c-0de6-11d0-a285-00aa003049e2   # ... of the class group
	local member=bf9679c0-0de6-11d0-a285-00aa003049e2  # ... of the attribute member
	local reset=00299570-246d-11d0-a768-00aa006e0529   # the right Reset Password
	local service reader ou
	service=$(sid_of svc-esrsync) reader=$(sid_of svc-esrsync-ro)
	for ou in OU=Staff OU=Leavers; do
		grant "$ou" "(OA;CI;CCDC;$user;;$service)(OA;CIIO;RPWPLCLORC;;$user;$service)(OA;CIIO;CR;$reset;$user;$service)"
	done
	grant OU=Groups "(OA;CIIO;RPWP;$member;$group;$service)"
	for ou in OU=Staff OU=Leavers OU=Groups; do
		grant "$ou" "(A;CI;LCRPLORC;;;$reader)"
	done
}

build() {
	provision
	extend_schema
	ldbadd -H "$database" "$BED_HERE/tree.ldif"
	account svc-esrsync "$BED_SERVICE_PASSWORD"
	account svc-esrsync-ro "$BED_READER_PASSWORD"
	delegate
}

show_log_if_failed() {
	[ $? = 0 ] || tail -30 "$folder/log/provision.log" >&3
}

"$BED_HERE/samba-conf.sh" "$folder" 127.0.0.1
exec 3>&2 >"$folder/log/provision.log" 2>&1
trap show_log_if_failed EXIT
build
