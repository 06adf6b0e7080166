// Package plan decides what should change in the directory, and never changes it.
//
// [Calculate] takes the people of a day, whose accounts are whose, one complete
// read of the directory and the trust's policy, and returns a [Plan]: changes in
// the order in which they are to be made, each with what it expects to find, what
// it leaves, the rule that asks for it and a sentence that says why; and findings
// for what a person has to look at.
//
// # Guarantees
//
//   - The same input gives the same bytes, whatever order its parts come in.
//   - A plan that was applied whole is followed by an empty one.
//   - Only a dated end takes access away. Somebody who is merely missing from a
//     feed, held, or in doubt gets no change at all.
//   - Nothing is enabled that we did not disable or make, and no date is taken
//     out of accountExpires that we did not write.
//   - A login or an address that was ever given goes to nobody else.
//
// # Who gets what
//
//	person       account        then
//	starting     none           created disabled, some days ahead (joiner)
//	current      none           created and enabled (joiner)
//	current      found, new     marked as ours and nothing else (link)
//	current      off, by us     enabled (joiner)
//	current      off, by others left off: finding D04
//	current      on             brought into line (mover, rename, repair)
//	left         on             disabled, memberships taken (leaver)
//	left         protected      left alone: finding D05
//	held, doubtful, locked out  nothing
//
// # What this package refuses to do
//
// It writes to no account outside the managed bases or protected, to no
// membership outside the groups of the rules and of group_bases, and to no
// privileged group. It knows no clock and no directory: "today" is an argument.
package plan
