//go:build !windows

package config

import "errors"

// DefaultPath returns the configuration file that is read where none is named.
func DefaultPath() string { return configFolder() + "/esrsync.toml" }

// configFolder is where the configuration, keys and certificates are by default.
func configFolder() string { return "/etc/esrsync" }

// dataFolder is where the service writes by default.
func dataFolder() string { return "/var/lib/esrsync" }

// dataPath returns a path inside the data folder.
func dataPath(name string) string { return dataFolder() + "/" + name }

// keyReference returns where init puts a key of this name by default.
func keyReference(name string) Secret { return Secret{scheme: "credential", place: name} }

// unsealDPAPI explains that only Windows can open such a secret.
func unsealDPAPI(string) ([]byte, error) {
	return nil, errors.New("dpapi: works on Windows only; use credential: or file: here")
}
