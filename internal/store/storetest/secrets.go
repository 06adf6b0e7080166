package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"esrsync/esrmodel"
	"esrsync/internal/store"
)

func secretClaims() []claim {
	return []claim{
		{"NI number and date of birth are stored, and nothing prints them", secretsNotPrinted},
		{"an error about a record names it and shows nothing of it", secretsNotInErrors},
		{"a NI number stands in no text column", secretsInNoColumn},
		{"a DSN that cannot be used is not repeated", secretsNoDSN},
	}
}

// A NI number that nobody can have: the prefix is not in use.
const (
	numberNI = "QQ123456C"
	bornText = "1971-03-09"
)

func born() esrmodel.BirthDate { return esrmodel.BirthDate(esrmodel.NewDate(1971, 3, 9)) }

func secretive() esrmodel.Batch {
	return esrmodel.Batch{
		People: []esrmodel.Person{{ID: "1", LastName: "Testley", NINumber: numberNI, DateOfBirth: born()}},
		Faults: []esrmodel.Fault{fault("1", "hire_date", 2)},
	}
}

// wantSilence complains where a text tells a secret.
func wantSilence(t *testing.T, what, text string) {
	t.Helper()
	days := fmt.Sprint(int32(born()))
	for _, secret := range []string{numberNI, bornText, days} {
		if strings.Contains(text, secret) {
			t.Errorf("%s tells %s: %s", what, secret, text)
		}
	}
}

func secretsNotPrinted(t *testing.T, f Fixture) {
	f.take(t, "one", secretive())
	staff := f.staff(t)
	same(t, "the stored NI number", string(staff.People[0].NINumber), numberNI)
	same(t, "the stored date of birth", staff.People[0].DateOfBirth == born(), true)
	written, err := json.Marshal(staff)
	done(t, err)
	wantSilence(t, "JSON", string(written))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		wantSilence(t, verb, fmt.Sprintf(verb, staff))
	}
}

func secretsNotInErrors(t *testing.T, f Fixture) {
	f.take(t, "one", secretive())
	var body []byte
	done(t, f.Database.Raw.QueryRowContext(t.Context(), `SELECT body FROM record WHERE id = '1'`).Scan(&body))
	f.tamper(t, `UPDATE record SET body = $1 WHERE id = '1'`, body[:len(body)-2])
	_, err := f.Staff(t.Context())
	wantWords(t, err, "record PR 1")
	wantSilence(t, "the error of reading", err.Error())
	second := secretive()
	second.People[0].Span = span(20, 0)
	err = f.ApplyFeed(t.Context(), feed("two", false), second)
	wantWords(t, err, "record PR 1")
	wantSilence(t, "the error of writing", err.Error())
}

func secretsInNoColumn(t *testing.T, f Fixture) {
	f.take(t, "one", secretive())
	for _, table := range []string{"feed", "fault", "absence", "deletion", "external", "name", "link", "setting"} {
		if f.holds(t, table, numberNI) {
			t.Errorf("%s has the NI number", table)
		}
	}
}

func secretsNoDSN(t *testing.T, f Fixture) {
	for _, dsn := range []string{"postgres://bed:hunter2@127.0.0.1:port/db", "nonsense password=hunter2 =", "postgres://bed:hunter2@127.0.0.1:1/db"} {
		_, err := store.Open(t.Context(), store.Options{Driver: "postgres", DSN: dsn, VPD: VPD})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("opening a DSN that cannot be used says %v", err)
		}
	}
}
