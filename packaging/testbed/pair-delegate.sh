#!/bin/bash
# pair-delegate.sh FOLDER: gives the service account, in the domain that lives in
# FOLDER, what a trust delegates for lockouts beside the managed units: to switch
# off, mark and reset the password of any user of the domain, and of protected ones
# by way of AdminSDHolder.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
folder=$1
database=$folder/private/sam.ldb

user=bf967aba-0de6-11d0-a285-00aa003049e2    # schema id of the class user
control=bf967a68-0de6-11d0-a285-00aa003049e2 # ... of userAccountControl
marker=bf967919-0de6-11d0-a285-00aa003049e2  # ... of adminDescription
changed=bf967a0a-0de6-11d0-a285-00aa003049e2 # ... of pwdLastSet
reset=00299570-246d-11d0-a768-00aa006e0529   # the right Reset Password

service=$(ldbsearch -H "$database" '(sAMAccountName=svc-esrsync)' objectSid 2>/dev/null | sed -n 's/^objectSid: //p')

# rights FLAGS CLASS: the same three, for objects of a class below, or for the object itself.
rights() {
	local attribute
	for attribute in "$control" "$marker" "$changed"; do echo -n "(OA;$1;RPWP;$attribute;$2;$service)"; done
	echo "(OA;$1;CR;$reset;$2;$service)"
}

# Samba's own AdminSDHolder inherits from above, which in Active Directory it never
# does (P): everybody may read, administrators may write, people may change their
# own passwords.
protected="O:DAG:DAD:PAI(A;;LCRPLORC;;;AU)(A;;CCDCLCSWRPWPLOCRRCWDWO;;;DA)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)"
protected+="(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;PS)"

samba-tool dsacl set -s "$folder/etc/smb.conf" -H "$database" --objectdn="$BED_BASE" --sddl="$(rights CIIO "$user")"
ldbmodify -H "$database" <<-LDIF
	dn: CN=AdminSDHolder,CN=System,$BED_BASE
	changetype: modify
	replace: nTSecurityDescriptor
	nTSecurityDescriptor: $protected$(rights '' '')
LDIF
ldbadd -H "$database" <<-LDIF
	dn: OU=Elsewhere,$BED_BASE
	objectClass: organizationalUnit
	description: not managed
LDIF
