package storetest

import (
	"slices"
	"testing"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/state"
)

func journalClaims() []claim {
	return []claim{
		{"every field of an entry comes back", journalEveryField},
		{"intents have IDs in their order and are open until they are settled", journalOpen},
		{"what is intended is there for another process", journalOtherProcess},
		{"a settled entry keeps its outcome, and the account that was made", journalSettled},
		{"settling again the same way is success, another way is an error", journalSettledAgain},
		{"settling what was never intended is not found, and settles nothing else", journalUnknown},
		{"what was applied is counted from an instant, without the changes' bodies", journalApplied},
		{"entries of a person are newest first", journalPerson},
		{"thousands of intents are one batch", journalMany},
	}
}

func entry(change, person string) state.Entry {
	return state.Entry{RunID: "run", ChangeID: change, Class: "leaver", Kind: "disable", PersonID: person, Account: guid(1), Intended: noon}
}

func (f Fixture) intend(t *testing.T, entries ...state.Entry) []int64 {
	t.Helper()
	return got[[]int64](t)(f.Intend(t.Context(), entries))
}

func changes(entries []state.Entry) (ids []string) {
	for _, e := range entries {
		ids = append(ids, e.ChangeID)
	}
	return ids
}

func journalEveryField(t *testing.T, f Fixture) {
	want := filled[state.Entry](t)
	want.ID = f.intend(t, want)[0]
	done(t, f.SettleAll(t.Context(), []state.Entry{want}))
	same(t, "the run's entries", got[[]state.Entry](t)(f.EntriesOfRun(t.Context(), want.RunID)), []state.Entry{want})
}

func journalOpen(t *testing.T, f Fixture) {
	first := f.intend(t, entry("a", "1"), entry("b", "2"))
	ids := append(first, f.intend(t, entry("c", "3"))...)
	same(t, "the IDs", ids, []int64{1, 2, 3})
	done(t, f.Settle(t.Context(), ids[1], state.Done, "", directory.GUID{}, noon))
	open := got[[]state.Entry](t)(f.OpenEntries(t.Context()))
	same(t, "what is open", changes(open), []string{"a", "c"})
	same(t, "when it was settled", open[0].Settled, time.Time{})
}

func journalOtherProcess(t *testing.T, f Fixture) {
	f.intend(t, entry("a", "1"))
	same(t, "what is open", changes(got[[]state.Entry](t)(f.again(t).OpenEntries(t.Context()))), []string{"a"})
}

func journalSettled(t *testing.T, f Fixture) {
	ids := f.intend(t, entry("a", "1"), entry("b", "1"))
	done(t, f.Settle(t.Context(), ids[0], state.Failed, "no right", directory.GUID{}, noon))
	done(t, f.Settle(t.Context(), ids[1], state.Done, "", guid(7), noon))
	all := got[[]state.Entry](t)(f.EntriesOfRun(t.Context(), "run"))
	same(t, "outcome and detail", all[0].Outcome+" "+all[0].Detail, "failed no right")
	same(t, "accounts", []directory.GUID{all[0].Account, all[1].Account}, []directory.GUID{guid(1), guid(7)})
}

func journalSettledAgain(t *testing.T, f Fixture) {
	id := f.intend(t, entry("a", "1"))[0]
	done(t, f.Settle(t.Context(), id, state.Done, "", directory.GUID{}, noon))
	done(t, f.Settle(t.Context(), id, state.Done, "", directory.GUID{}, noon.Add(time.Hour)))
	wantWords(t, f.Settle(t.Context(), id, state.Failed, "", directory.GUID{}, noon), "done", "failed")
	wantWords(t, f.Settle(t.Context(), id, "", "", directory.GUID{}, noon), "no outcome")
	same(t, "when it was settled", got[[]state.Entry](t)(f.EntriesOfRun(t.Context(), "run"))[0].Settled, noon)
}

func journalUnknown(t *testing.T, f Fixture) {
	id := f.intend(t, entry("a", "1"))[0]
	wantKind(t, f.SettleAll(t.Context(), []state.Entry{{ID: id, Outcome: state.Done}, {ID: 99, Outcome: state.Done}}), state.ErrNotFound)
	same(t, "what is open", changes(got[[]state.Entry](t)(f.OpenEntries(t.Context()))), []string{"a"})
}

func journalApplied(t *testing.T, f Fixture) {
	withBody := entry("d", "4")
	withBody.Change = []byte(`{"id": "d"}`)
	ids := f.intend(t, entry("a", "1"), entry("b", "2"), entry("c", "3"), withBody)
	for i, outcome := range []string{state.Done, state.Done, state.Skipped, state.Done} {
		done(t, f.Settle(t.Context(), ids[i], outcome, "", directory.GUID{}, noon.Add(time.Duration(i)*time.Hour)))
	}
	applied := got[[]state.Entry](t)(f.AppliedSince(t.Context(), noon.Add(time.Hour)))
	same(t, "what was applied", changes(applied), []string{"b", "d"})
	same(t, "the body", applied[1].Change == nil, true)
}

func journalPerson(t *testing.T, f Fixture) {
	f.intend(t, entry("a", "1"), entry("b", "2"), entry("c", "1"), entry("d", "1"))
	same(t, "all", changes(got[[]state.Entry](t)(f.EntriesOfPerson(t.Context(), "1", 0))), []string{"d", "c", "a"})
	same(t, "two", changes(got[[]state.Entry](t)(f.EntriesOfPerson(t.Context(), "1", 2))), []string{"d", "c"})
}

func journalMany(t *testing.T, f Fixture) {
	many := slices.Repeat([]state.Entry{entry("a", "1")}, 3000)
	ids := f.intend(t, many...)
	for i := range many {
		many[i].ID, many[i].Outcome, many[i].Settled = ids[i], state.Done, noon
	}
	done(t, f.SettleAll(t.Context(), many))
	same(t, "number of applied", len(got[[]state.Entry](t)(f.AppliedSince(t.Context(), noon))), 3000)
	same(t, "nothing intended", f.intend(t) == nil, true)
}
