package spool

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"

	"esrsync/internal/state"
)

// file is the name of a file, taken apart.
type file struct {
	hold     string
	sequence int
	random   string
	whole    bool // false while it is being written
}

var (
	fileName = regexp.MustCompile(`^([0-9a-f]{32})\.([0-9]{6,12})\.([0-9a-f]{8})\.(hold|new)$`)
	holdID   = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

func (f file) name() string {
	end := "new"
	if f.whole {
		end = "hold"
	}
	return fmt.Sprintf("%s.%06d.%s.%s", f.hold, f.sequence, f.random, end)
}

// parseName reads a file's name; false for one that is not the spool's.
func parseName(name string) (file, bool) {
	parts := fileName.FindStringSubmatch(name)
	if parts == nil {
		return file{}, false
	}
	sequence, err := strconv.Atoi(parts[2])
	one := file{hold: parts[1], sequence: sequence, random: parts[3], whole: parts[4] == "hold"}
	return one, err == nil && one.name() == name
}

// files returns the files of the spool by hold, the newest of each first.
func (f Folder) files() ([]file, error) {
	entries, err := os.ReadDir(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []file
	for _, e := range entries {
		if one, is := parseName(e.Name()); is {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b file) int {
		return cmp.Or(cmp.Compare(a.hold, b.hold), cmp.Compare(b.sequence, a.sequence), cmp.Compare(b.name(), a.name()))
	})
	return all, nil
}

// filesOf returns the files of one hold, the newest first.
func (f Folder) filesOf(hold string) ([]file, error) {
	all, err := f.files()
	return slices.DeleteFunc(all, func(one file) bool { return one.hold != hold }), err
}

// format is what every file begins with, before the hash of the rest.
const format = "esrsync hold 1 sha256 "

// body is what a file says. The category stands beside the hold, whose JSON never has it.
type body struct {
	Category string     `json:"category"`
	Hold     state.Hold `json:"hold"`
}

// sealed returns the content of the hold's file.
func sealed(h state.Hold) ([]byte, error) {
	if !holdID.MatchString(h.ID) {
		return nil, errors.New("its ID is not 32 hexadecimal digits")
	}
	said, err := json.Marshal(body{Category: h.Category, Hold: h})
	if err != nil {
		return nil, err
	}
	return append([]byte(format+digest(said)+"\n"), said...), nil
}

// opened reads the content of a file. Its error repeats nothing of it.
func opened(content []byte) (state.Hold, error) {
	head, said, found := bytes.Cut(content, []byte("\n"))
	if !found || string(head) != format+digest(said) {
		return state.Hold{}, fmt.Errorf("%w: it is cut short, or was changed", ErrDamaged)
	}
	var b body
	if err := json.Unmarshal(said, &b); err != nil {
		// The error may repeat a value, such as the category.
		return state.Hold{}, fmt.Errorf("%w: it does not say a hold", ErrDamaged)
	}
	b.Hold.Category = b.Category
	return b.Hold, nil
}

func digest(said []byte) string {
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:])
}
