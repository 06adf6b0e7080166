package main

import (
	"encoding/json"
	"os"
	"time"

	"esrsync/esrmodel/feed"
	"esrsync/internal/state"
)

// exists reports whether there is a file of that path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// local returns an instant as people of the trust read it.
func (s *session) local(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(s.engine.Settings.Zone).Format("2006-01-02 15:04")
}

// reasonsOf returns the gate's reasons as they were kept.
func reasonsOf(f state.Feed) []feed.Reason {
	var out []feed.Reason
	if err := json.Unmarshal(f.Reasons, &out); err != nil {
		return nil // a feed without reasons
	}
	return out
}
