#!/bin/bash
# pair-build.sh FOLDER ADDRESS ADDRESS: makes a domain with two controllers that
# replicate both ways in FOLDER, which must not exist yet, and leaves them stopped.
# Meanwhile they listen on the two loopback addresses. Takes about half a minute;
# use pair-snapshot.sh, which keeps the result.
set -euo pipefail
export BED_PAIRED=1
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1 addresses=("$2" "$3")
[ ! -e "$folder" ] || die "$folder exists already"
mkdir -p "$folder"

first=$folder/${BED_PAIR[0]} second=$folder/${BED_PAIR[1]}
database=$first/private/sam.ldb
as_admin=(-s "$first/etc/smb.conf" "-UAdministrator%$BED_ADMIN_PASSWORD")

# inside COMMAND...: runs it where the controllers' names are known.
inside() { "$BED_HERE/with-hosts.sh" "$folder/hosts" "$@"; }

# write_names keeps under which name each controller looks for the other.
write_names() {
	local host id
	for host in "${BED_PAIR[@]}"; do
		id=$(ldbsearch -H "$database" -s base objectGUID \
			-b "CN=NTDS Settings,CN=${host^^},CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,$BED_BASE" \
			2>/dev/null | sed -n 's/^objectGUID: //p') || true
		echo "$host $id"
	done >"$folder/names"
	"$BED_HERE/pair-hosts.sh" "$folder" "${addresses[@]}"
}

make_first() {
	BED_HOST=${BED_PAIR[0]} "$BED_HERE/samba-provision.sh" "$first"
	BED_HOST=${BED_PAIR[0]} "$BED_HERE/samba-conf.sh" "$first" "${addresses[0]}"
	"$BED_HERE/pair-delegate.sh" "$first"
	write_names
	launch "$first" "$BED_HERE/with-hosts.sh" "$folder/hosts"
	await_ready "$first" "${addresses[0]}"
}

join_second() {
	mkdir -p "$second/private/tls"
	cp "$first"/private/tls/ca.{key,pem} "$second/private/tls"
	BED_HOST=${BED_PAIR[1]} BED_KDC=${addresses[0]} "$BED_HERE/samba-conf.sh" "$second" "${addresses[1]}"
	KRB5_CONFIG=$second/etc/krb5.conf inside samba-tool domain join "$BED_DNS" DC -s "$second/etc/smb.conf" \
		--server="${BED_PAIR[0]}.$BED_DNS" "-UAdministrator%$BED_ADMIN_PASSWORD" \
		--dns-backend=NONE --backend-store=mdb --backend-store-size=2Gb
	BED_HOST=${BED_PAIR[1]} "$BED_HERE/samba-conf.sh" "$second" "${addresses[1]}"
	write_names
	KRB5_CONFIG=$second/etc/krb5.conf inside samba_spnupdate -s "$second/etc/smb.conf"
	launch "$second" "$BED_HERE/with-hosts.sh" "$folder/hosts"
	await_ready "$second" "${addresses[1]}"
}

# acquaint tells the first controller of the second at once, rather than when it
# next thinks about its partners.
acquaint() {
	local part
	export KRB5_CONFIG=$first/etc/krb5.conf
	inside samba-tool drs kcc "${BED_PAIR[0]}.$BED_DNS" "${as_admin[@]}"
	for part in "$BED_BASE" "CN=Configuration,$BED_BASE" "CN=Schema,CN=Configuration,$BED_BASE"; do
		inside samba-tool drs replicate "${BED_PAIR[0]}.$BED_DNS" "${BED_PAIR[1]}.$BED_DNS" "$part" "${as_admin[@]}"
	done
}

end() {
	local status=$?
	halt "$first"
	halt "$second"
	[ "$status" = 0 ] || tail -30 "$folder/log" >&3
}

exec 3>&2 >"$folder/log" 2>&1
trap end EXIT
make_first
join_second
acquaint
