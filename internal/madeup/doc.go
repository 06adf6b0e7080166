// Package madeup makes an NHS trust that never was: its organisations and
// positions, its people, a week of what ESR would send about them, and an Active
// Directory as one is found, with real faults in it. The demo and the end-to-end
// tests run on it.
//
// Everything follows from [Options]: the same options give the same trust, byte
// for byte. Nobody in it exists: surnames are put together from words for things
// that are not, NI numbers begin with QQ, which is never issued, and addresses
// end in a domain reserved for examples.
//
// # The week
//
// Night 0 is the first full file. Nights 1 to [Nights] each have a changes file
// and, in its place, a full one: both have the sequence number of their night,
// so that either can follow the night before.
//
//	night   file                              header window
//	0       GO_277_GDW_GOF_…_00001940.DAT      zeros          to Day
//	1       GO_277_GDW_GOC_…_00001941.DAT      Day            to Day + 1
//	…
//	5       GO_277_GDW_GOC_…_00001945.DAT      Day + 4        to Day + 5
//
// Beside them stand the CSV files: the register of people who are not in ESR, and
// the exports and registers that URPs are checked against.
//
// [Trust.Events] says what happens to whom in these files, [Seed].Planted which
// faults the directory has, and [Trust.URPs] which URPs should be asked about, so
// that a test can ask whether each was seen.
package madeup
