#!/bin/bash
# samba-conf.sh FOLDER ADDRESS: writes the configuration, the Kerberos client
# file and the server certificate of the domain controller that lives in FOLDER
# and will listen on ADDRESS. A snapshot can so be started in any folder and on
# any loopback address. The certificate authority stays that of the snapshot.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1 address=$2
must_be_loopback "$address"

folders() {
	mkdir -p "$folder"/{etc,lock,cache,log,run/ncalrpc} "$folder/state/sysvol/$BED_DNS/scripts"
	install -d -m 700 "$folder/private" "$folder/private/tls"
}

# The controller that stands alone forgets an old password at once, so that a test
# of a password shows that very password. The pair keeps to the usual hour, as a
# trust's controllers do: a lockout must hold in spite of it.
grace=${BED_PAIRED:+60}
grace=${grace:-0}

# replication: the pair hears of each other's changes within about a second.
replication() {
	[ -n "$BED_PAIRED" ] || return 0
	printf '\tdreplsrv:%s\n' 'notify_interval = 1' 'periodic_interval = 2' 'periodic_startup_interval = 1'
	printf '\tkccsrv:periodic_interval = 30\n'
	# Two controllers beside a third: fewer processes each.
	printf '\tprefork children = 2\n'
}

# ADDRESS/8 rather than ADDRESS: Samba binds only addresses that some interface
# has, and lo has 127.0.0.1/8.
samba_config() {
	cat <<CONF
[global]
	netbios name = ${BED_HOST^^}
	workgroup = $BED_NETBIOS
	realm = $BED_REALM
	server role = active directory domain controller
	server services = ldap, cldap, kdc${BED_PAIRED:+, rpc, drepl, kcc}
	interfaces = $address/8
	bind interfaces only = yes
	disable netbios = yes
	name resolve order = host

	private dir = $folder/private
	lock directory = $folder/lock
	state directory = $folder/state
	cache directory = $folder/cache
	pid directory = $folder/run
	ncalrpc dir = $folder/run/ncalrpc
	binddns dir = $folder/run/dns
	winbindd socket directory = $folder/run/winbindd
	ntp signd socket directory = $folder/run/ntp
	log file = $folder/log/log.%m
	logging = file
	max log size = 0

	tls enabled = yes
	tls keyfile = $folder/private/tls/key.pem
	tls certfile = $folder/private/tls/cert.pem
	tls cafile = $folder/private/tls/ca.pem

	# As Active Directory that requires signing: no simple bind in clear, and
	# Kerberos inside TLS needs no layer of its own.
	ldap server require strong auth = allow_sasl_over_tls
	old password allowed period = $grace
	# Access lists of sysvol go into a file of their own: extended attributes of the
	# security kind are not to be had in most containers.
	vfs objects = dfs_samba4 acl_xattr xattr_tdb
	xattr_tdb:file = $folder/private/xattr.tdb
	# The directory is thrown away, so nothing of it need survive a power cut.
	ldb:nosync = true
$(replication)

[sysvol]
	path = $folder/state/sysvol
	read only = no
[netlogon]
	path = $folder/state/sysvol/$BED_DNS/scripts
	read only = no
CONF
}

kerberos_config() {
	cat <<CONF
[libdefaults]
	default_realm = $BED_REALM
	dns_lookup_realm = false
	dns_lookup_kdc = false
	dns_canonicalize_hostname = false
	rdns = false
	udp_preference_limit = 1
[realms]
	$BED_REALM = {
		kdc = ${BED_KDC:-$address}:88
		admin_server = $address
		kpasswd_server = $address:464
	}
[domain_realm]
	.$BED_DNS = $BED_REALM
	$BED_DNS = $BED_REALM
CONF
}

authority() {
	[ ! -s "$folder/private/tls/ca.pem" ] || return 0
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
		-subj '/CN=Test bed authority' \
		-addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign' \
		-keyout "$folder/private/tls/ca.key" -out "$folder/private/tls/ca.pem" 2>/dev/null
}

# certificate names the host and the address, so that either may stand in a URL.
certificate() {
	local tls=$folder/private/tls
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$BED_HOST.$BED_DNS" \
		-keyout "$tls/key.pem" -out "$tls/request.pem" 2>/dev/null
	openssl x509 -req -in "$tls/request.pem" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial \
		-days 3650 -out "$tls/cert.pem" -extfile <(
			echo 'basicConstraints=CA:FALSE'
			echo 'keyUsage=digitalSignature,keyEncipherment'
			echo 'extendedKeyUsage=serverAuth'
			echo "subjectAltName=DNS:$BED_HOST.$BED_DNS,DNS:$BED_DNS,IP:$address"
		) 2>/dev/null
	chmod 600 "$tls"/*.key "$tls/key.pem"
	rm -f "$tls/request.pem"
}

folders
samba_config >"$folder/etc/smb.conf"
kerberos_config >"$folder/etc/krb5.conf"
authority
certificate
