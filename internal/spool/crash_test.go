package spool_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esrsync/internal/spool"
	"esrsync/internal/state"
)

// Every file that was cut short, or of which a byte was changed, is told and left
// where it is; nothing of it is used, and the other holds are there all the same.
func TestAFileThatIsNotWholeIsToldAndNeitherUsedNorLost(t *testing.T) {
	t.Parallel()
	f := folder(t)
	write(t, f, hold(1, "INC1"), hold(2, "INC2"))
	damaged := names(t, f)[0]
	path := filepath.Join(f.Path, damaged)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		content := append([]byte(nil), raw...)
		at := rapid.IntRange(0, len(content)-1).Draw(t, "at")
		if rapid.Bool().Draw(t, "cut") {
			content = content[:at]
		} else {
			content[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		entries, err := f.Pending()
		if err == nil || !strings.Contains(err.Error(), damaged) || len(entries) != 1 || entries[0].Hold.Ticket != "INC2" {
			t.Fatalf("got %v and error %v", entries, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
	})
	rewrite(t, path, string(raw))
	wantTickets(t, f, "INC1", "INC2")
}

func TestAFileUnderAnotherHoldsNameIsDamaged(t *testing.T) {
	t.Parallel()
	f := folder(t)
	write(t, f, hold(1, "INC1"))
	name := names(t, f)[0]
	other := strings.Replace(name, hold(1, "").ID, hold(7, "").ID, 1)
	move(t, f, name, other)
	entries, err := f.Pending()
	wantDamaged(t, err, other)
	if len(entries) != 0 {
		t.Errorf("got %v", entries)
	}
}

func move(t *testing.T, f spool.Folder, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(f.Path, from), filepath.Join(f.Path, to)); err != nil {
		t.Fatal(err)
	}
}

// What a process that is killed during its second Write of a hold leaves, step by
// step, and what is pending then and once that was taken.
func TestWhereverAWriteIsKilledTheNewestWholeFileCounts(t *testing.T) {
	t.Parallel()
	for claim, c := range map[string]struct {
		leaves  func(t *testing.T, f spool.Folder, first, second []byte)
		age     time.Duration
		want    string // the ticket that is pending
		damaged bool
		after   int // files that are left once it was taken
	}{
		"killed with an empty file: the first counts, and the empty one is told": {leaves: func(t *testing.T, f spool.Folder, first, _ []byte) {
			put(t, f, 1, "hold", first)
			put(t, f, 2, "new", nil)
		}, age: time.Hour, want: "first", damaged: true, after: 1},
		"killed with half a file: the first counts, and the half is told": {leaves: func(t *testing.T, f spool.Folder, first, second []byte) {
			put(t, f, 1, "hold", first)
			put(t, f, 2, "new", second[:len(second)/2])
		}, age: time.Hour, want: "first", damaged: true, after: 1},
		"killed before the rename: the second counts": {leaves: func(t *testing.T, f spool.Folder, first, second []byte) {
			put(t, f, 1, "hold", first)
			put(t, f, 2, "new", second)
		}, age: time.Hour, want: "second"},
		"killed after the rename: the second counts": {leaves: func(t *testing.T, f spool.Folder, first, second []byte) {
			put(t, f, 1, "hold", first)
			put(t, f, 2, "hold", second)
		}, age: time.Hour, want: "second"},
		"still writing: the first counts, and nothing is told": {leaves: func(t *testing.T, f spool.Folder, first, second []byte) {
			put(t, f, 1, "hold", first)
			put(t, f, 2, "new", second[:len(second)/2])
		}, age: 0, want: "first", after: 1},
		"the first half is of no matter once the second is whole": {leaves: func(t *testing.T, f spool.Folder, first, second []byte) {
			put(t, f, 1, "new", first[:3])
			put(t, f, 2, "hold", second)
		}, age: time.Hour, want: "second"},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			f := folder(t)
			f.Now = func() time.Time { return time.Now().Add(c.age) }
			first, second := content(t, "first"), content(t, "second")
			if err := os.MkdirAll(f.Path, 0o700); err != nil {
				t.Fatal(err)
			}
			c.leaves(t, f, first, second)
			entries, err := f.Pending()
			if c.damaged {
				wantDamaged(t, err)
			} else if err != nil {
				t.Error(err)
			}
			if len(entries) != 1 || entries[0].Hold.Ticket != c.want {
				t.Fatalf("pending are %v, want the %s", entries, c.want)
			}
			if err := f.Taken(entries[0]); err != nil {
				t.Fatal(err)
			}
			if got := names(t, f); len(got) != c.after {
				t.Errorf("left are %q, want %d files", got, c.after)
			}
			write(t, f, hold(1, "third"))
			wantTickets(t, f, "third")
		})
	}
}

// content returns what is in the file of the hold.
func content(t *testing.T, ticket string) []byte {
	t.Helper()
	f := folder(t)
	write(t, f, hold(1, ticket))
	raw, err := os.ReadFile(filepath.Join(f.Path, names(t, f)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func put(t *testing.T, f spool.Folder, sequence int, end string, raw []byte) {
	t.Helper()
	rewrite(t, filepath.Join(f.Path, fmt.Sprintf("%s.%06d.0000000%d.%s", hold(1, "").ID, sequence, sequence, end)), string(raw))
}

// Whatever is written and taken in whatever order, what is pending is the last
// word on each hold of which the last word was not taken.
func TestWhatIsPendingIsTheLastWordThatWasNotTaken(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		f := spool.Folder{Path: filepath.Join(root, strconv.Itoa(round))}
		last := make(map[string]string)
		seen := make(map[string]spool.Entry)
		for n := range rapid.IntRange(1, 12).Draw(t, "steps") {
			h := hold(rapid.IntRange(1, 3).Draw(t, "hold"), strconv.Itoa(n))
			switch rapid.SampledFrom([]string{"write", "look", "take"}).Draw(t, "step") {
			case "write":
				if err := f.Write(h, planted); err != nil {
					t.Fatal(err)
				}
				last[h.ID] = h.Ticket
			case "look":
				seen = look(t, f)
			case "take":
				if e, is := seen[h.ID]; is {
					if err := f.Taken(e); err != nil {
						t.Fatal(err)
					}
					if last[h.ID] == e.Hold.Ticket {
						delete(last, h.ID)
					}
				}
			}
		}
		for id, e := range look(t, f) {
			if e.Hold.Ticket != last[id] {
				t.Fatalf("hold %s is pending with %s, want %q", id, e.Hold.Ticket, last[id])
			}
			delete(last, id)
		}
		if len(last) > 0 {
			t.Fatalf("not pending are %v", last)
		}
	})
}

func look(t *rapid.T, f spool.Folder) map[string]spool.Entry {
	entries, err := f.Pending()
	if err != nil {
		t.Fatal(err)
	}
	byID := make(map[string]spool.Entry)
	for _, e := range entries {
		byID[e.Hold.ID] = e
	}
	return byID
}

// victimFolder names the spool for the process that is killed.
const victimFolder = "ESRSYNC_TEST_VICTIM_SPOOL"

// TestMain lets this binary also be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(victimFolder); path != "" {
		if err := victim(spool.Folder{Path: path}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim writes holds again and again until it is killed, and says each time that
// something was written.
func victim(f spool.Folder) error {
	for n := 0; ; n++ {
		h := hold(n%3, strconv.Itoa(n))
		h.Accounts = append(h.Accounts, make([]state.HeldAccount, 500)...) // Long enough to be cut through.
		if err := f.Write(h, planted); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func TestAKilledProcessLeavesAllThatItSaidWasWritten(t *testing.T) {
	t.Parallel()
	for round := range 5 {
		f := folder(t)
		f.Now = func() time.Time { return time.Now().Add(time.Hour) }
		wantWritten(t, f, kill(t, f, 5+4*round))
	}
}

// kill lets a victim write so often, kills it in whatever it is about to do, and
// returns the last that it said was written.
func kill(t *testing.T, f spool.Folder, times int) int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(t.Context(), self)
	process.Env = append(os.Environ(), victimFolder+"="+f.Path)
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines, last := bufio.NewScanner(out), -1
	for lines.Scan() {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if last == times {
			_ = process.Process.Kill() // It may have ended by itself; then the count tells.
		}
	}
	_ = process.Wait() // Killed, as it should be.
	if last < times {
		t.Fatalf("the victim wrote %d times and ended by itself", last)
	}
	return last
}

// wantWritten looks at what a killed process left: each hold as it was last said to
// be written, or as the one write after that would have made it.
func wantWritten(t *testing.T, f spool.Folder, last int) {
	t.Helper()
	entries, err := f.Pending()
	if err != nil {
		wantDamaged(t, err) // Of the write that was under way, and of no other.
	}
	if len(entries) != 3 {
		t.Fatalf("%d holds are pending, want 3: %v", len(entries), err)
	}
	for _, e := range entries {
		n, err := strconv.Atoi(e.Hold.Ticket)
		if err != nil || n < last-2 || n > last+1 || e.Hold.ID != hold(n%3, "").ID {
			t.Errorf("hold %s is pending with %s after %d was written", e.Hold.ID, e.Hold.Ticket, last)
		}
	}
}

func FuzzWhatIsInAFile(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("esrsync hold 1 sha256 \n{}"))
	f.Add([]byte("esrsync hold 1 sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"))
	f.Add([]byte(`{"category": "` + planted + `"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		folder := spool.Folder{Path: t.TempDir()}
		put(t, folder, 1, "hold", raw)
		entries, err := folder.Pending()
		if err == nil || len(entries) > 0 || strings.Contains(err.Error(), planted) {
			t.Errorf("%q gave %v and error %v", raw, entries, err)
		}
	})
}
