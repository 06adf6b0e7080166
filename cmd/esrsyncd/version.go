package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set when a release is built; a build from source says what it knows.
var version = ""

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Which esrsyncd this is", Args: cobra.NoArgs, Example: "  esrsyncd version --json",
		RunE: func(*cobra.Command, []string) error {
			info := map[string]string{"version": versionText(), "go": runtime.Version(), "system": runtime.GOOS + "/" + runtime.GOARCH}
			return a.print(info, func(w io.Writer) {
				fmt.Fprintf(w, "esrsyncd %s (%s, %s)\n", info["version"], info["go"], info["system"])
			})
		},
	}
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "built from source"
}
