// Package ldapx is the door to Active Directory, and to Samba, which speaks as
// Active Directory does: dialling, paging, escaping, encodings and kinds of
// error. It is the one package (with those below it) that knows the LDAP library,
// and nothing of that library leaks out of it.
//
// [OpenReader] gives a [Reader], which has no method that writes; planning holds
// no more than that. [Open] gives a [Directory], which reads and writes. They keep
// the contracts of [esrsync/internal/directory].
//
// # Guarantees
//
//   - LDAPS only, TLS 1.2 or newer, the certificate verified; there is no way to
//     switch that off.
//   - A read is complete or it is an error: every page ends with the server's own
//     word, every base must be readable, every account must show its control field.
//   - A write names its object by objectGUID and carries the values that it expects
//     to find in the same operation, so nobody's change is overwritten unseen.
//   - A write whose answer was lost is settled by reading back on the same
//     controller. It is made again only after that reading, and every write is
//     such that making it twice is the same as making it once.
//   - Once the directory has refused our own password, nothing binds with it again:
//     see [Circuit].
//
// # One controller
//
// Active Directory replicates late, so what was written on one controller may not
// be seen on another. A Reader or Directory therefore picks one controller when it
// is opened and stays with it. Others are tried at two moments only: while opening,
// and when the picked one cannot be reached any more and nothing was written yet.
// After the first write, a controller that is gone is an error
// ([directory.ErrUnavailable]); the next run starts afresh. One read never mixes
// controllers: if the controller is lost inside a read, the read fails.
//
// A lockout must not wait for replication, so it speaks to each controller by itself:
// [OpenController] gives a [Controller], which is one of them and never another, and
// [Directory.LockOut] switches an account off and marks it there in one operation.
// Whether a password is still the one that we set is asked of each as well:
// [Reader.Sights] shows with every account which write its password is from.
//
// # What the library leaves to us
//
// A request must never be used twice, since the library leaves the last paging
// cookie in it and a second use reads nothing without an error. It has no timeout
// unless told, does not take a context, and never limits the time of a send. A
// connection that breaks while a request waits gives an error of no particular
// type. All of this is dealt with here; see the comments on [conn] and [answered].
package ldapx
