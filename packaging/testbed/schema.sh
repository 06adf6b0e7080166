#!/bin/bash
# schema.sh attributes|classes: prints, as LDIF, what Exchange and Entra Connect
# bring to a forest's schema and esrsync reads or writes, and the two indexes
# that identity tools ask for.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
schema=CN=Schema,CN=Configuration,$BED_BASE

# name | common name | object id | syntax | om syntax | longest | search flags (1 indexed, 5 indexed and in ANR)
table() {
	local i oid=1.2.840.113556.1.2
	for i in {1..10}; do
		echo "extensionAttribute$i|ms-Exch-Extension-Attribute-$i|$oid.$((422 + i))|2.5.5.12|64|1024|1"
	done
	for i in {11..15}; do
		echo "extensionAttribute$i|ms-Exch-Extension-Attribute-$i|$oid.$((588 + i))|2.5.5.12|64|2048|1"
	done
	cat <<-ROWS
		mailNickname|ms-Exch-Mail-Nickname|$oid.447|2.5.5.12|64|64|5
		targetAddress|ms-Exch-Target-Address|$oid.352|2.5.5.12|64|1123|1
		msExchHideFromAddressLists|ms-Exch-Hide-From-Address-Lists|$oid.73|2.5.5.8|1||0
		msExchMailboxGuid|ms-Exch-Mailbox-Guid|1.2.840.113556.1.4.7000.102.11058|2.5.5.10|4|16|1
		msExchRemoteRecipientType|ms-Exch-Remote-Recipient-Type|1.2.840.113556.1.4.7000.102.51350|2.5.5.16|65||0
		mS-DS-ConsistencyGuid|MS-DS-Consistency-Guid|1.2.840.113556.1.4.1360|2.5.5.10|4|16|0
	ROWS
}

attributes() {
	local name cn oid syntax om longest flags
	table | while IFS='|' read -r name cn oid syntax om longest flags; do
		cat <<-LDIF
			dn: CN=$cn,$schema
			objectClass: attributeSchema
			cn: $cn
			lDAPDisplayName: $name
			adminDisplayName: $cn
			attributeID: $oid
			attributeSyntax: $syntax
			oMSyntax: $om
			isSingleValued: TRUE
			searchFlags: $flags
		LDIF
		[ -z "$longest" ] || printf 'rangeLower: 1\nrangeUpper: %s\n' "$longest"
		echo
	done
}

classes() {
	printf 'dn: CN=User,%s\nchangetype: modify\nadd: mayContain\n' "$schema"
	table | while IFS='|' read -r name _; do echo "mayContain: $name"; done
	local cn
	for cn in Employee-ID Employee-Number; do
		printf '\ndn: CN=%s,%s\nchangetype: modify\nreplace: searchFlags\nsearchFlags: 1\n' "$cn" "$schema"
	done
}

case $1 in
attributes) attributes ;;
classes) classes ;;
*) die "schema.sh attributes|classes" ;;
esac
