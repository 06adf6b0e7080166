// Package sync is the way from what ESR says to what the directory does. The
// package itself is empty; each step is a package of its own below it.
//
// One run, in order:
//
//	read    feed files become slices of people     esrmodel/feed
//	gate    a file is taken whole or not at all    esrmodel/feed
//	see     slices become people as of a day       sync/person
//	match   people find their accounts             sync/match
//	plan    what would have to change, and why     sync/plan
//	guard   what of it may happen without a person sync/guard
//	apply   it happens, journalled, re-checked     sync/apply
//	report  who must know what, and do what        internal/report
//
// Beside the line stand sync/urp, which judges who may do what in ESR, and
// sync/hold, which locks a person out and keeps them out. sync/engine walks the
// line once from end to end; the schedule, the command line and the console all
// call it.
//
// # Who decides, and who acts
//
// Person, match, plan, guard and urp decide. They are pure: no context, no clock,
// no file, no network, no random source and no log; today is an argument, and the
// same arguments give the same bytes. They hold no writer, so a plan cannot
// write. Apply and hold act. They decide nothing: they do what they are given, if
// what it was given for is still true.
package sync
