package inbox

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// folder returns an inbox with files in it, and the place where both folders are.
func folder(t *testing.T, names ...string) (Folder, string) {
	t.Helper()
	at := t.TempDir()
	f := Folder{Inbox: filepath.Join(at, "inbox"), Archive: filepath.Join(at, "archive")}
	if err := os.Mkdir(f.Inbox, 0o750); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		write(t, filepath.Join(f.Inbox, name), "what "+name+" says")
	}
	return f, at
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// want wants a file to hold a text, or not to be there where the text is empty.
func want(t *testing.T, path, content string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if content == "" && !os.IsNotExist(err) {
		t.Errorf("%s is there: %q, %v", filepath.Base(path), got, err)
	}
	if content != "" && (err != nil || string(got) != content) {
		t.Errorf("%s: %q, %v, want %q", filepath.Base(path), got, err, content)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	f, _ := folder(t, "b.csv", "a.csv", "a.txt")
	if err := os.Mkdir(filepath.Join(f.Inbox, "folder.csv"), 0o750); err != nil {
		t.Fatal(err)
	}
	got, err := f.Names("*.csv")
	if err != nil || !slices.Equal(got, []string{"a.csv", "b.csv"}) {
		t.Errorf("files that match, sorted, and no folder: %q, %v", got, err)
	}
	if got, err := (Folder{Inbox: filepath.Join(f.Inbox, "not made yet")}).Names("*"); err != nil || len(got) != 0 {
		t.Errorf("an inbox that does not exist yet: %q, %v", got, err)
	}
	if _, err := f.Names("[a"); err == nil {
		t.Error("a pattern that is none was taken")
	}
	if _, err := (Folder{Inbox: filepath.Join(f.Inbox, "a.txt")}).Names("*"); err == nil {
		t.Error("a file was taken for an inbox")
	}
}

func TestNewest(t *testing.T) {
	t.Parallel()
	f, _ := folder(t, "a", "b", "c")
	noon := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	for name, at := range map[string]time.Time{"a": noon, "b": noon, "c": noon.Add(-time.Hour)} {
		if err := os.Chtimes(filepath.Join(f.Inbox, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		claim string
		names []string
		want  string
	}{
		{"the one that was changed last", []string{"a", "c"}, "a"},
		{"of two at one instant the last by name", []string{"a", "b", "c"}, "b"},
		{"none of none", nil, ""},
	} {
		if got, err := f.Newest(c.names); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.claim, got, err, c.want)
		}
	}
	if _, err := f.Newest([]string{"gone"}); err == nil {
		t.Error("a file that is gone has an age")
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	f, at := folder(t, "a")
	write(t, filepath.Join(at, "elsewhere"), "what elsewhere says")
	for _, name := range []string{"a", filepath.Join(at, "elsewhere")} {
		file, err := f.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err != nil || string(content) != "what "+filepath.Base(name)+" says" {
			t.Errorf("%s: %q, %v", name, content, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := f.Open("gone"); err == nil {
		t.Error("a file that is gone was opened")
	}
}

func TestAFileThatWasTakenGoesToTheArchive(t *testing.T) {
	t.Parallel()
	f, _ := folder(t, "a")
	if err := f.Keep("a"); err != nil {
		t.Fatal(err)
	}
	want(t, filepath.Join(f.Inbox, "a"), "")
	want(t, filepath.Join(f.Archive, "a"), "what a says")
}

func TestAFileThatWasRefusedGoesToTheQuarantineWithTheReasons(t *testing.T) {
	t.Parallel()
	f, _ := folder(t, "a")
	if err := f.Refuse("a", "because"); err != nil {
		t.Fatal(err)
	}
	refused := filepath.Join(f.Archive, "quarantine", "a")
	want(t, filepath.Join(f.Inbox, "a"), "")
	want(t, refused, "what a says")
	want(t, refused+".reasons.txt", "because")
	if got := f.Quarantined("a"); got != refused {
		t.Errorf("it is found at %q", got)
	}
	if got := f.Quarantined("b"); got != "" {
		t.Errorf("a file that was never refused is found at %q", got)
	}
}

func TestAFileOfTheQuarantine(t *testing.T) {
	t.Parallel()
	f, _ := folder(t, "a", "b")
	for _, name := range []string{"a", "b"} {
		if err := f.Refuse(name, "because"); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Keep(f.Quarantined("a")); err != nil {
		t.Fatal(err)
	}
	want(t, filepath.Join(f.Archive, "a"), "what a says") // it was overridden, and taken
	if err := f.Refuse(f.Quarantined("b"), "for another reason"); err != nil {
		t.Fatal(err)
	}
	want(t, f.Quarantined("b"), "what b says")
	want(t, f.Quarantined("b")+".reasons.txt", "for another reason")
}

func TestAFileElsewhereIsLeftWhereItIs(t *testing.T) {
	t.Parallel()
	f, at := folder(t)
	mine := filepath.Join(at, "mine")
	write(t, mine, "what mine says")
	if err := f.Keep(mine); err != nil {
		t.Fatal(err)
	}
	want(t, mine, "what mine says")
	want(t, filepath.Join(f.Archive, "mine"), "")
	if err := f.Refuse(mine, "because"); err != nil {
		t.Fatal(err)
	}
	want(t, mine, "what mine says")
	want(t, filepath.Join(f.Archive, "quarantine", "mine.reasons.txt"), "")
}

func TestAnotherFileOfTheSameNameIsNeverOverwritten(t *testing.T) {
	t.Parallel()
	f, _ := folder(t)
	for _, content := range []string{"Monday's", "Tuesday's", "Tuesday's", "Wednesday's"} {
		write(t, filepath.Join(f.Inbox, "staff.csv"), content)
		if err := f.Keep("staff.csv"); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(f.Inbox, "bad.csv"), content)
		if err := f.Refuse("bad.csv", "because of "+content); err != nil {
			t.Fatal(err)
		}
	}
	for ending, content := range map[string]string{"": "Wednesday's", ".1": "Monday's", ".2": "Tuesday's", ".3": ""} {
		want(t, filepath.Join(f.Archive, "staff.csv"+ending), content)
		refused := filepath.Join(f.Archive, "quarantine", "bad.csv"+ending)
		want(t, refused, content)
		if content != "" {
			want(t, refused+".reasons.txt", "because of "+content)
		}
	}
}

func TestAFileThatIsGoneIsNotSaidToBeMoved(t *testing.T) {
	t.Parallel()
	f, _ := folder(t)
	if err := f.Keep("gone"); err == nil {
		t.Error("a file that is gone was kept")
	}
}

// Between two file systems a file cannot be renamed. Not every machine has two,
// so that the copying is tested by itself.
func TestToAnotherFileSystemAFileIsCopiedWholeAndThenRemoved(t *testing.T) {
	t.Parallel()
	f, at := folder(t, "a")
	to := filepath.Join(at, "a")
	write(t, to, "something older that is longer than what a says")
	if err := copyOver(filepath.Join(f.Inbox, "a"), to); err != nil {
		t.Fatal(err)
	}
	want(t, filepath.Join(f.Inbox, "a"), "")
	want(t, to, "what a says")
}

func TestAFileThatCannotBeCopiedStaysInTheInbox(t *testing.T) {
	t.Parallel()
	f, at := folder(t, "a")
	if err := copyOver(filepath.Join(f.Inbox, "a"), filepath.Join(at, "no such folder", "a")); err == nil {
		t.Error("it was copied into a folder that does not exist")
	}
	want(t, filepath.Join(f.Inbox, "a"), "what a says")
}
