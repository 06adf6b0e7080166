package storetest

import (
	"context"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

func killClaims() []claim {
	return []claim{
		{"a feed that fails half way leaves nothing", killHalfFeed},
		{"a cancelled context writes nothing and is told as such", killCancelled},
	}
}

func killHalfFeed(t *testing.T, f Fixture) {
	f.take(t, "one", esrmodel.Batch{Full: true, People: people("1", "2"), Locations: []esrmodel.Location{{ID: "9"}},
		Faults: []esrmodel.Fault{fault("1", "from", 2)}})
	done(t, f.SetGap(t.Context(), "staff", noon, "made up"))
	before := f.staff(t)
	var body []byte
	done(t, f.Database.Raw.QueryRowContext(t.Context(), `SELECT body FROM record WHERE kind = 'LC'`).Scan(&body))
	f.tamper(t, `UPDATE record SET body = $1 WHERE kind = 'LC'`, []byte{0})

	err := f.ApplyFeed(t.Context(), feed("two", false), esrmodel.Batch{
		People: people("1", "3"), Locations: []esrmodel.Location{{ID: "9", Name: "new"}},
		Deleted: []esrmodel.Deletion{{Kind: esrmodel.KindPerson, ID: "2"}},
	})
	wantWords(t, err, "feed two", "record LC 9")

	f.tamper(t, `UPDATE record SET body = $1 WHERE kind = 'LC'`, body)
	same(t, "the mirror", f.staff(t), before)
	same(t, "taken", got[bool](t)(f.FeedTaken(t.Context(), "hash of two")), false)
	same(t, "the gap", got[state.Gap](t)(f.Gap(t.Context(), "staff")).Detail, "made up")
}

func killCancelled(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantKind(t, f.ApplyFeed(ctx, feed("one", true), esrmodel.Batch{People: people("1")}), context.Canceled)
	_, err := f.Intend(ctx, []state.Entry{entry("a", "1")})
	wantKind(t, err, context.Canceled)
	_, err = f.Staff(ctx)
	wantKind(t, err, context.Canceled)
	same(t, "number of people", len(f.staff(t).People), 0)
	same(t, "number of open entries", len(got[[]state.Entry](t)(f.OpenEntries(t.Context()))), 0)
}
