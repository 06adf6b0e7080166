package store

import (
	"context"
	"time"

	"esrsync/internal/state"
)

const feedColumns = `name, sha256, source, full_file, sequence, run, created, judged, verdict, reasons, details, overruled, held`

// RecordFeed records a file that was judged and not taken. The same file refused
// again for the same reasons is recorded once: it may lie in the inbox for days.
func (s *Store) RecordFeed(ctx context.Context, f state.Feed) error {
	return s.write(ctx, "recording feed "+f.Name, func(t *tx) error { return t.addFeed(ctx, f) })
}

// Feeds returns the newest files that were judged, newest first; all of them for
// a limit of 0.
func (s *Store) Feeds(ctx context.Context, limit int) ([]state.Feed, error) {
	query := `SELECT ` + feedColumns + ` FROM feed ORDER BY id DESC`
	if limit <= 0 {
		return list(ctx, s, "listing the feeds", scanFeed, query)
	}
	return list(ctx, s, "listing the feeds", scanFeed, query+` LIMIT $1`, limit)
}

// LastFeed returns the newest file of the source that was taken, and false where
// none ever was.
func (s *Store) LastFeed(ctx context.Context, source string) (state.Feed, bool, error) {
	found, err := list(ctx, s, "looking for the last feed", scanFeed, lastFeed, source, state.Accepted)
	if err != nil || len(found) == 0 {
		return state.Feed{}, false, err
	}
	return found[0], true, nil
}

const lastFeed = `SELECT ` + feedColumns + ` FROM feed WHERE source = $1 AND verdict = $2 ORDER BY id DESC LIMIT 1`

// FeedTaken reports whether a file with this hash was ever taken.
func (s *Store) FeedTaken(ctx context.Context, sha256 string) (bool, error) {
	found, err := list(ctx, s, "asking whether a feed was taken", scanText, feedTaken, sha256, state.Accepted)
	return len(found) > 0, err
}

const feedTaken = `SELECT name FROM feed WHERE sha256 = $1 AND verdict = $2 LIMIT 1`

// addFeed adds a line to the list of judged files, unless the newest line of that
// file says the same already.
func (t *tx) addFeed(ctx context.Context, f state.Feed) error {
	if err := t.latch(ctx, "feed"); err != nil {
		return err
	}
	before, err := collect(ctx, t.raw, scanFeed,
		`SELECT `+feedColumns+` FROM feed WHERE sha256 = $1 AND source = $2 ORDER BY id DESC LIMIT 1`, f.SHA256, f.Source)
	if err != nil {
		return err
	}
	if len(before) > 0 && before[0].Verdict == f.Verdict && string(before[0].Reasons) == string(f.Reasons) &&
		f.Verdict != state.Accepted {
		return nil
	}
	id, err := t.take(ctx, "feed", 1)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO feed (id, `+feedColumns+`) VALUES `+places(1, 14),
		id, f.Name, f.SHA256, f.Source, bit(f.Full), f.Sequence, f.Run, micros(f.Created), micros(f.Judged), f.Verdict,
		string(f.Reasons), string(f.Details), f.Override, listed(f.Held))
}

func scanFeed(r row) (f state.Feed, err error) {
	err = r.Scan(&f.Name, &f.SHA256, &f.Source, asBit{&f.Full}, &f.Sequence, &f.Run, asInstant{&f.Created}, asInstant{&f.Judged},
		&f.Verdict, asRaw{&f.Reasons}, asRaw{&f.Details}, &f.Override, asJSON{&f.Held})
	return f, err
}

// SetGap notes that files of the source are missing. A gap that is noted already
// keeps the instant since when it is one. The next file that is taken closes it.
func (s *Store) SetGap(ctx context.Context, source string, since time.Time, detail string) error {
	return s.write(ctx, "noting a gap in "+source, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO gap (source, since, detail) VALUES ($1, $2, $3)
			ON CONFLICT (source) DO UPDATE SET detail = excluded.detail`, source, micros(since), detail)
	})
}

// Gap returns the gap of the source; the zero Gap where there is none.
func (s *Store) Gap(ctx context.Context, source string) (state.Gap, error) {
	found, err := list(ctx, s, "looking for a gap", scanGap, `SELECT source, since, detail FROM gap WHERE source = $1`, source)
	if err != nil || len(found) == 0 {
		return state.Gap{}, err
	}
	return found[0], nil
}

func scanGap(r row) (g state.Gap, err error) {
	err = r.Scan(&g.Source, asInstant{&g.Since}, &g.Detail)
	return g, err
}
