package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

func feedClaims() []claim {
	return []claim{
		{"every field of a feed comes back", feedEveryField},
		{"feeds are listed newest first", feedNewest},
		{"the last feed of a source is the last that was taken", feedLast},
		{"a refused file is not taken, and may be taken later", feedRefused},
		{"a file refused again for the same reasons is recorded once", feedRefusedAgain},
		{"a gap keeps the instant since when it is one", feedGap},
		{"a gap ends when a file of its source is taken", feedGapEnds},
	}
}

func feedEveryField(t *testing.T, f Fixture) {
	want := filled[state.Feed](t)
	done(t, f.RecordFeed(t.Context(), want))
	same(t, "the feeds", got[[]state.Feed](t)(f.Feeds(t.Context(), 0)), []state.Feed{want})
}

func feedNewest(t *testing.T, f Fixture) {
	for _, name := range []string{"one", "two", "three"} {
		f.take(t, name, esrmodel.Batch{})
	}
	feeds := got[[]state.Feed](t)(f.Feeds(t.Context(), 2))
	same(t, "the newest two", []string{feeds[0].Name, feeds[1].Name}, []string{"three", "two"})
}

func feedLast(t *testing.T, f Fixture) {
	if _, is, err := f.LastFeed(t.Context(), "staff"); is || err != nil {
		t.Errorf("an empty store has a last feed (%v)", err)
	}
	f.take(t, "one", esrmodel.Batch{})
	done(t, f.SetExternals(t.Context(), register("other"), nil))
	refused := feed("two", true)
	refused.Verdict = state.Quarantined
	done(t, f.RecordFeed(t.Context(), refused))
	last, is, err := f.LastFeed(t.Context(), "staff")
	same(t, "whether there is one", is, true)
	same(t, "the last feed", last, feed("one", false))
	done(t, err)
}

func feedRefused(t *testing.T, f Fixture) {
	refused := feed("one", true)
	refused.Verdict, refused.Reasons = state.Quarantined, json.RawMessage(`["shrinkage"]`)
	done(t, f.RecordFeed(t.Context(), refused))
	same(t, "taken after it was refused", got[bool](t)(f.FeedTaken(t.Context(), refused.SHA256)), false)
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1")})
	same(t, "taken after it was taken", got[bool](t)(f.FeedTaken(t.Context(), refused.SHA256)), true)
	same(t, "people", f.staff(t).People, people("1"))
}

func feedRefusedAgain(t *testing.T, f Fixture) {
	refused := feed("one", true)
	refused.Verdict, refused.Reasons = state.Quarantined, json.RawMessage(`["shrinkage"]`)
	done(t, f.RecordFeed(t.Context(), refused))
	refused.Judged = noon.Add(time.Minute)
	done(t, f.RecordFeed(t.Context(), refused))
	refused.Reasons = json.RawMessage(`["canaries"]`)
	done(t, f.RecordFeed(t.Context(), refused))
	same(t, "number of feeds", len(got[[]state.Feed](t)(f.Feeds(t.Context(), 0))), 2)
}

func feedGap(t *testing.T, f Fixture) {
	same(t, "no gap", got[state.Gap](t)(f.Gap(t.Context(), "staff")), state.Gap{})
	done(t, f.SetGap(t.Context(), "staff", noon, "5 is missing"))
	done(t, f.SetGap(t.Context(), "staff", noon.Add(time.Hour), "5 and 6 are missing"))
	same(t, "the gap", got[state.Gap](t)(f.Gap(t.Context(), "staff")),
		state.Gap{Source: "staff", Since: noon, Detail: "5 and 6 are missing"})
}

func feedGapEnds(t *testing.T, f Fixture) {
	done(t, f.SetGap(t.Context(), "staff", noon, "5 is missing"))
	done(t, f.SetExternals(t.Context(), register("other"), nil))
	same(t, "since when", got[state.Gap](t)(f.Gap(t.Context(), "staff")).Since, noon)
	f.take(t, "full", esrmodel.Batch{Full: true})
	same(t, "the gap", got[state.Gap](t)(f.Gap(t.Context(), "staff")), state.Gap{})
}
