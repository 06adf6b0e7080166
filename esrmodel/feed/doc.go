// Package feed turns what ESR sends into nouns, and judges it first.
//
// A file is accepted or quarantined whole. [Examine] reads it once, from front
// to back, and returns a [Result]: the verdict, every reason at once, what the
// file would change, and, only where the file is accepted, its [Batch]. The
// package keeps nothing, knows no clock and opens no file; what the store knows
// comes in as [Before], what the trust configured as [Policy].
//
// # Files
//
// ESR's Generic Outbound (GO): lines of fields split on a tilde, without any
// quoting, in ISO-8859-1. Full and changes files. Rows are date slices.
//
// A staff export as CSV, one row per assignment, with a column map. It yields
// the same nouns and goes through the same gate; it always counts as a full file.
//
// The register of people who are not in ESR, and any other mapped CSV: [Table].
//
// # The gate's checks
//
//	check        override  what it says
//	name         no        the name is GO_<VPD>_<stream>_<type>_<date>_<sequence>.DAT, and the same inside
//	vpd          no        name and header carry the trust's own VPD
//	environment  no        nobody in a live file exists only in the test environment
//	header       no        the first line, whole, with stamps that can be
//	encoding     no        no byte order mark, no control character, no byte that no text has
//	fields       no        each row has a record code and all the fields of its layout
//	trailer      no        the last line, and its count
//	columns      no        CSV: each mapped column is there, once
//	utf8         yes       the text is ISO-8859-1, not UTF-8 read by mistake
//	future       yes       neither the header nor the name is later than now
//	chain        yes       the file follows the last accepted one
//	canaries     yes       full files: the people who must always be there are
//	shrinkage    yes       full files: no more people are missing than the limit
//	values       yes       few enough rows have a value that cannot be
//	duplicates   yes       few enough records come twice with different content
//
// Age is no check: a file that is next in its chain is taken however late it comes.
//
// # What this package refuses to do
//
// It never takes part of a file. It never removes anybody because they are
// missing: a person whom a full file lacks is counted as absent ([Apply]). It
// never shows a NI number or a date of birth.
package feed
