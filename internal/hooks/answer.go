package hooks

import (
	"strings"
	"unicode"
)

// AnswerSize is the most that is kept of an answer, in bytes.
const AnswerSize = 2048

// tail keeps the end of what is written to it, and takes any amount.
type tail struct {
	kept []byte
	size int
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.size; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

// shown returns an answer fit to be kept and shown: its end, in one line.
func shown(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if over := len(text) - AnswerSize; over > 0 {
		text = strings.ToValidUTF8(text[over:], "") // The cut may go through a letter.
	}
	return strings.TrimSpace(text)
}
