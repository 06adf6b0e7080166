package hooks

import (
	"strings"
	"unicode"
)

// AnswerSize is the most that is kept of an answer, in bytes.
const AnswerSize = 2048

// redacted stands where an answer repeats the hook's key.
const redacted = "[secret]"

// tail keeps the end of what is written to it, and takes any amount.
type tail struct {
	kept []byte
	size int
	cut  bool
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.size; over > 0 {
		t.kept, t.cut = append(t.kept[:0], t.kept[over:]...), true
	}
	return len(p), nil
}

// shown returns an answer fit to be kept and shown. What stands at the border of
// what was cut off may be the end of the key, so that more must be read than kept.
func shown(text, key string) string {
	if key != "" {
		text = strings.ReplaceAll(text, key, redacted)
	}
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	text = strings.TrimSpace(text)
	if over := len(text) - AnswerSize; over > 0 {
		text = strings.ToValidUTF8(text[over:], "") // The cut may go through a letter.
	}
	return text
}
