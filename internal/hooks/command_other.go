//go:build !unix

package hooks

import "os/exec"

// alone does nothing where there are no groups of processes: what the program has
// started lives on, and is not waited for.
func alone(*exec.Cmd) {}
