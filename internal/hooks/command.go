package hooks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// grace is how long a program that was ended may hold its output open: what it has
// started itself may live on.
const grace = 2 * time.Second

// command runs the hook's program to its end.
func command(ctx context.Context, h Hook, t Target) (string, error) {
	arguments, err := arguments(h.Command, t)
	if err != nil {
		return "", err
	}
	said := &tail{size: AnswerSize}
	process := exec.CommandContext(ctx, h.Command[0], arguments...)
	process.Stdout, process.Stderr = said, said
	process.Env = environment(os.Environ())
	process.WaitDelay = grace
	alone(process)
	err = process.Run()
	if ctx.Err() != nil && err != nil {
		err = fmt.Errorf("it was ended: %w", context.Cause(ctx))
	}
	return shown(string(said.kept)), err
}

// placeholder is whatever stands in braces.
var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// arguments returns the program's arguments for the account. What would be taken
// for something else than the account's name is refused: a name that is missing,
// and one that would be an option to the program.
func arguments(command []string, t Target) ([]string, error) {
	if err := fitProgram(command[0]); err != nil {
		return nil, err
	}
	values := map[string]string{"{login}": t.Login, "{upn}": t.UPN, "{email}": t.Email}
	var filled []string
	for _, template := range command[1:] {
		var fault error
		argument := placeholder.ReplaceAllStringFunc(template, func(name string) string {
			value, known := values[name]
			switch {
			case !known:
				fault = fmt.Errorf("its argument has %s; known are {login}, {upn} and {email}", name)
			case value == "" || strings.ContainsRune(value, 0):
				fault = fmt.Errorf("the account has no %s", strings.Trim(name, "{}"))
			}
			return value
		})
		if fault == nil && strings.HasPrefix(argument, "-") && !strings.HasPrefix(template, "-") {
			fault = errors.New("a name that begins with a dash would be taken for an option")
		}
		if fault != nil {
			return nil, fault
		}
		filled = append(filled, argument)
	}
	return filled, nil
}

// fitProgram refuses what Windows itself would hand to its shell, in which signs of
// a name are commands.
func fitProgram(program string) error {
	switch strings.ToLower(filepath.Ext(program)) {
	case ".bat", ".cmd":
		return errors.New("a batch file is run by a shell; name a program, such as powershell.exe with -File")
	}
	return nil
}

// environment returns what a program needs of our environment. The rest may hold
// secrets, which the configuration refers to as env:NAME.
func environment(all []string) []string {
	needed := []string{
		"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "HTTPS_PROXY", "NO_PROXY",
		"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "USERNAME", "USERDOMAIN",
		"APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "COMPUTERNAME", "PSMODULEPATH",
	}
	kept := []string{} // Not nil, which would stand for all of ours.
	for _, one := range all {
		name, _, _ := strings.Cut(one, "=")
		if slices.Contains(needed, strings.ToUpper(name)) {
			kept = append(kept, one)
		}
	}
	return kept
}
