// Package hold takes a person's access away at once and keeps it away until
// somebody releases it: lockout, release, and the watch between the two.
//
// # A lockout
//
// What is about to happen is written down first: which accounts, what each was
// before, on whose word. Then, for each account, on every writable controller at
// the same time: it is switched off and marked with a token that holds the hold's
// ID. Then its password is reset twice on one controller, so that neither the last
// password nor the one before it is good for anything. Then the memberships that
// the configuration takes, the hooks, and the tasks for what is not ours to do.
//
//	placing ──▶ in_force ──▶ releasing ──▶ released
//
// A hold is in force when every controller has answered for every account. Until
// then it is placing, and is taken up again by whoever comes next: each step may be
// made twice. So a process that is killed anywhere loses nothing.
//
// # What this package refuses to do
//
// It touches no account of lockout.never, not krbtgt, and not the account that it
// works with itself. It never enables an account that was off before the hold, nor
// one of a person who may not sign in any more. An invalid token is never a hold.
package hold
