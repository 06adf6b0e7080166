package config

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"
)

// DefaultPath returns the configuration file that is read where none is named.
func DefaultPath() string { return filepath.Join(configFolder(), "esrsync.toml") }

// configFolder is where the configuration, keys and certificates are by default.
func configFolder() string {
	if folder := os.Getenv("ProgramData"); folder != "" {
		return filepath.Join(folder, "esrsync")
	}
	return `C:\ProgramData\esrsync`
}

// dataFolder is where the service writes by default.
func dataFolder() string { return configFolder() }

// dataPath returns a path inside the data folder.
func dataPath(name string) string { return filepath.Join(dataFolder(), filepath.FromSlash(name)) }

// keyReference returns where init puts a key of this name by default.
func keyReference(name string) Secret { return Secret{scheme: "file", place: dataPath(name)} }

// blob is DATA_BLOB of the Windows data protection interface.
type blob struct {
	size uint32
	data *byte
}

// unsealDPAPI opens a secret that CryptProtectData sealed for this machine or this user, given in base64.
func unsealDPAPI(sealed string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) == 0 {
		return nil, fmt.Errorf("what follows dpapi: is not base64")
	}
	const noPrompt = 1 // CRYPTPROTECT_UI_FORBIDDEN: a service has nobody to ask
	unprotect := syscall.NewLazyDLL("crypt32.dll").NewProc("CryptUnprotectData")
	in := blob{size: uint32(len(raw)), data: &raw[0]}
	var out blob
	done, _, callErr := unprotect.Call(uintptr(unsafe.Pointer(&in)), 0, 0, 0, 0, noPrompt, uintptr(unsafe.Pointer(&out)))
	if done == 0 {
		return nil, fmt.Errorf("unsealing with this machine's or account's key: %w", callErr)
	}
	defer freeBlob(out)
	return append([]byte(nil), unsafe.Slice(out.data, out.size)...), nil
}

// freeBlob wipes what Windows allocated and gives it back.
func freeBlob(out blob) {
	clear(unsafe.Slice(out.data, out.size))
	// Safe to ignore: a failure to free leaks a wiped buffer of a few bytes.
	_, _ = syscall.LocalFree(syscall.Handle(unsafe.Pointer(out.data)))
}
