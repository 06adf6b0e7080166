package madeup

import (
	"time"

	"esrsync/esrmodel"
)

// Nights is the number of changes files after the first full file.
const Nights = 5

// MinPeople is the smallest trust in which every event and every fault finds
// somebody to happen to.
const MinPeople = 250

// Options say which trust to make. The zero value is a trust of 500 people whose
// first full file is of 16 November 2026.
type Options struct {
	People      int           // current people in ESR on the first night; 500 when zero, at least MinPeople
	Seed        uint64        // another seed is another trust
	Day         esrmodel.Date // of the first full file
	MadeAt      time.Duration // after midnight: when ESR makes each file; 7h20m when zero
	Name        string        // "Madeup Vale NHS Foundation Trust" when empty
	VPD         string        // "277" when empty
	Stream      string        // of the feed; "GDW" when empty
	Sequence    int           // of the first full file; 1940 when zero
	EmailDomain string        // "trust.example" when empty
	Base        string        // DN of the domain; "DC=trust,DC=example" when empty
}

func (o Options) withDefaults() Options {
	if o.People == 0 {
		o.People = 500
	}
	o.People = max(o.People, MinPeople)
	if o.Day.IsZero() {
		o.Day = esrmodel.NewDate(2026, time.November, 16)
	}
	if o.MadeAt == 0 {
		o.MadeAt = 7*time.Hour + 20*time.Minute
	}
	if o.Sequence == 0 {
		o.Sequence = 1940
	}
	for _, text := range []struct {
		to       *string
		standard string
	}{
		{&o.Name, "Madeup Vale NHS Foundation Trust"}, {&o.VPD, "277"}, {&o.Stream, "GDW"},
		{&o.EmailDomain, "trust.example"}, {&o.Base, "DC=trust,DC=example"},
	} {
		if *text.to == "" {
			*text.to = text.standard
		}
	}
	return o
}
