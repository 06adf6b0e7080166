// Package adsim is an LDAP server in the process that behaves as Active
// Directory does for what this project uses. The rules are those of a
// [memory.Domain]; this package is the protocol over it: BER, TLS, binding,
// paging with its limit of 1,000, ranges of 1,500 values, controls, and the
// result codes and texts of a Windows controller.
//
// It is what the demo embeds, and what tests use for everything that Active
// Directory enforces and Samba does not. A [Server] can be told to misbehave: see
// [Faults]. Where it differs from Active Directory is listed in
// docs/directory-differences.md.
package adsim
