package state_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"esrsync/internal/state"
)

func TestWhatIsNotKnownIsNotWritten(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC)
	for claim, c := range map[string]struct {
		value any
		want  string
	}{
		"an answer that an account is to be made names none": {
			state.Decision{PersonID: "1", Answer: state.AnswerCreate, By: "admin", Reason: "new", At: at},
			`{"person_id":"1","answer":"create","by":"admin","reason":"new","at":"2026-11-22T06:00:00Z"}`,
		},
		"a run under way has no end and no outcome, and its report is kept apart": {
			state.Run{ID: "r", Trigger: "schedule", Mode: "observe", Started: at, Report: json.RawMessage(`{}`)},
			`{"id":"r","trigger":"schedule","mode":"observe","started":"2026-11-22T06:00:00Z","exit":0}`,
		},
		"an open task is closed by nobody": {
			state.Task{ID: "t", Kind: "Q08", Owner: "hr", Subject: "20000001", Text: "left or lost?", Opened: at},
			`{"id":"t","kind":"Q08","owner":"hr","subject":"20000001","text":"left or lost?","opened":"2026-11-22T06:00:00Z"}`,
		},
	} {
		if got, err := json.Marshal(c.value); err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v", claim, got, err)
		}
	}
}

func TestAKindOfErrorIsNoOther(t *testing.T) {
	t.Parallel()
	kinds := []error{
		state.ErrNotFound, state.ErrTaken, state.ErrNewer, state.ErrLeaseLost, state.ErrUnavailable,
		state.ErrAmbiguous, state.ErrSecondPrimary, state.ErrOtherVPD,
	}
	words := map[string]bool{}
	for i, a := range kinds {
		for j, b := range kinds {
			if errors.Is(a, b) != (i == j) {
				t.Errorf("%v and %v are taken for each other", a, b)
			}
		}
		words[a.Error()] = true
	}
	if len(words) != len(kinds) {
		t.Error("two kinds of error are worded alike")
	}
}
