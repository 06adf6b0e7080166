package store

// AddressOf is the URI under which the store opens a file, for tests that open it
// past the store.
func AddressOf(path string) string {
	address, err := sqliteAddress(path)
	if err != nil {
		panic(err)
	}
	return address
}
