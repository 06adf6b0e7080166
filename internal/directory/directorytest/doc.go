// Package directorytest states the contract of package directory as tests: what
// [directory.Reader] and [directory.Writer] promise, sentence by sentence. Every
// directory passes it: the one in memory, ldapx over the simulator, ldapx over
// Samba and, where an environment names one, ldapx over Active Directory.
//
// Where directories differ in what they enforce, [Differences] says so, and the
// suite asserts what that directory does instead: nothing is skipped in silence.
// The table of differences is docs/directory-differences.md.
package directorytest
