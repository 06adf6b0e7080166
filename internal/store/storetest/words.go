package storetest

import (
	"strings"
	"testing"
)

// wantWords complains where there is no error or one that lacks a word.
func wantWords(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("got error %v, want one that says %q", err, word)
		}
	}
}
