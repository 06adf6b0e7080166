package storetest

import (
	"testing"

	"esrsync/internal/state"
	"esrsync/internal/store"
)

func openClaims() []claim {
	return []claim{
		{"a store opened again has what it had", openAgain},
		{"a store of another VPD is refused with both VPDs", openOtherVPD},
		{"a store without a VPD is refused", openNoVPD},
		{"a store that a newer version wrote is refused and left alone", openNewer},
		{"a driver that nobody knows is refused", openUnknownDriver},
		{"a setting that was never set is empty", settingEmpty},
		{"a setting is what it was set to last", settingLast},
	}
}

func openAgain(t *testing.T, f Fixture) {
	done(t, f.SetSetting(t.Context(), "audit_due", "2026-06-30"))
	same(t, "the setting", got[string](t)(f.again(t).Setting(t.Context(), "audit_due")), "2026-06-30")
}

func openOtherVPD(t *testing.T, f Fixture) {
	o := f.options()
	o.VPD = "998"
	_, err := store.Open(t.Context(), o)
	wantKind(t, err, state.ErrOtherVPD)
	wantWords(t, err, "999", "998")
}

func openNoVPD(t *testing.T, f Fixture) {
	o := f.options()
	o.VPD = ""
	if _, err := store.Open(t.Context(), o); err == nil {
		t.Error("a store was opened for nobody")
	}
}

func openNewer(t *testing.T, f Fixture) {
	f.tamper(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	_, err := store.Open(t.Context(), f.options())
	wantKind(t, err, state.ErrNewer)
	wantWords(t, err, "999")
	var version int
	done(t, f.Database.Raw.QueryRowContext(t.Context(), `SELECT max(version_id) FROM goose_db_version`).Scan(&version))
	same(t, "the version after a refused opening", version, 999)
}

func openUnknownDriver(t *testing.T, f Fixture) {
	o := f.options()
	o.Driver = "abacus"
	_, err := store.Open(t.Context(), o)
	wantWords(t, err, "abacus", "sqlite", "postgres")
}

func settingEmpty(t *testing.T, f Fixture) {
	same(t, "the setting", got[string](t)(f.Setting(t.Context(), "nothing")), "")
}

func settingLast(t *testing.T, f Fixture) {
	for _, value := range []string{"one", "two", ""} {
		done(t, f.SetSetting(t.Context(), "key", value))
		same(t, "the setting", got[string](t)(f.Setting(t.Context(), "key")), value)
	}
}
