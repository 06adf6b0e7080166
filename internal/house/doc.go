// Package house holds the repository to its own rules: who may import whom, what
// a pure package may not touch, what stands where, which licences come in. There
// is nothing in it but tests.
//
// The rooms are listed in rooms_test.go. A new package needs a row there; the
// import rules of .golangci.yml are made from the same rows by
//
//	go test ./internal/house -update
package house
