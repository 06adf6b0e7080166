// Package config holds the shape of esrsync.toml, reads it strictly and tells every fault of it at once.
//
// [Default] is the one place where defaults are made. [Load] and [Parse] lay a file over them:
// a key that is not in the file keeps its default, a list or a map in the file replaces the whole default, and a
// table changes only the keys that it names. A key that [Config] does not know is a fault, as a misspelt guard
// would otherwise be a guard that is not there.
//
// # Faults and warnings
//
// A [Fault] makes a file unusable; a warning is worth a look before tonight. Both carry the key, the line and how
// to mend it, and come in the order of the file, so that the same file gives the same text. [Read] returns the
// warnings too.
//
// Elements of a list are counted from 0 in keys: placement[1].ou is the second rule.
//
// # Secrets
//
// The file never holds a secret, only a [Secret] that says where one is. A secret prints as a placeholder however
// it is printed, and a fault about one never repeats what the file says.
package config
