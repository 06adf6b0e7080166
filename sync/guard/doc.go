// Package guard says which changes of a plan may be made now, and why the others
// have to wait for a person.
//
// A trust's appetite for change is data, a [Policy]. [Judge] counts accounts, not
// edits: those that the last 24 hours changed and those that the plan would
// change, each once, so that a mass change cannot get through in small portions.
//
// # Guarantees
//
//   - A lockout is never held.
//   - More that was done never lets more through.
//   - An approval lets through the changes that it saw and no others: the 301st
//     leaver waits, though 300 were approved.
//   - Every change of the plan is either allowed or in exactly one [Held], which
//     tells every reason at once.
//   - The same input gives the same verdict, whatever order its parts come in.
//
// # What a limit counts
//
// A class is above its limit by its number or by its share of the enabled, linked
// accounts. It is then held whole: nobody could say which 40 of 41 leavers are
// right. An organisation above the limit of one is held alone. What an expected
// event explains, by the day on which a change is felt and by the event's rule,
// is counted against the event's limit and against nothing else.
package guard
