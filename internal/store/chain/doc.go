// Package chain is the arithmetic of the ledger: how rows are chained by hashes,
// how checkpoints are signed, and how a ledger is found to be what it was. It
// reads and writes no database and no file.
//
// Each row holds the hash of the row before, and its own hash covers that and all
// else in the row. So an edit, a removal or a change of order shows in every later
// hash, unless somebody makes all of them anew. Against that one stand the
// checkpoints: length and last hash of the chain, signed with a key that the store
// does not have, and kept on other machines. Whatever happened to rows up to such
// a checkpoint is found. Rows after the last checkpoint may have been cut off or
// made anew by somebody who can write to the database; the report says where that
// begins.
//
// A row does not hold names and values itself but hashes of them, each with a salt
// of its own, and a random key that stands for the person. Names, values and salts
// stand beside the chain and can be erased, after which the hashes say nothing to
// anybody and the chain is as sound as before. An erasure is a row of the ledger
// itself: values that are gone without one were taken away by somebody else.
package chain
