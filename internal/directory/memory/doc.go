// Package memory is an Active Directory domain in the memory of the process:
// its tree, its rules and its words of refusal. One model serves two doors:
// [Directory] is the contract of package directory, for tests and for the demo,
// and ldapx/adsim speaks LDAP over the same [Domain].
//
// # What it enforces
//
//   - logins of users have at most 20 characters and are unique in the domain
//     over users, groups and computers; UPNs are unique;
//   - no account is enabled without a password that the policy accepts;
//   - one modify is made whole or not at all, and removing a value that is not
//     there fails: that is how callers compare and swap;
//   - links (member, manager) follow renames and moves, and vanish with their target;
//   - members of privileged groups get adminCount=1, and a delegated identity can
//     no longer write them;
//   - schema: unknown attributes, lengths, single values.
//
// # What it leaves out
//
// Tombstones, replication between controllers, access control lists beyond a
// subtree granted to a login, and whatever else this project does not use.
package memory
