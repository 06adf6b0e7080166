package store

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"esrsync/esrmodel"
)

func TestABodyGivesBackItsSlices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Make[esrmodel.Person](), 0, 4).Draw(t, "people")
		wantBack(t, walkPerson, people)
		wantBack(t, walkAssignment, rapid.SliceOfN(rapid.Make[esrmodel.Assignment](), 0, 4).Draw(t, "assignments"))
	})
}

func wantBack[T any](t *rapid.T, fields walk[T], slices []T) {
	got, err := unpacked(fields, string(packed(fields, slices)))
	if err != nil || len(got) != len(slices) || len(slices) > 0 && !reflect.DeepEqual(got, slices) {
		t.Errorf("got %+v (%v), want %+v", got, err, slices)
	}
}

func TestASliceThatAnOlderVersionWroteLacksItsLastFieldsAlone(t *testing.T) {
	t.Parallel()
	older := func(w walker, l *esrmodel.Location) {
		w.text(&l.ID)
		walkSpan(w, &l.Span)
		w.text(&l.Code)
	}
	whole := esrmodel.Location{ID: "1", Span: esrmodel.Span{From: 5}, Code: "A1", Name: "Ward", Town: "Testham"}
	got, err := unpacked(walkLocation, string(packed(older, []esrmodel.Location{whole, whole})))
	want := esrmodel.Location{ID: "1", Span: esrmodel.Span{From: 5}, Code: "A1"}
	if err != nil || !reflect.DeepEqual(got, []esrmodel.Location{want, want}) {
		t.Errorf("got %+v (%v), want twice %+v", got, err, want)
	}
}

func TestABodyThatWasCutOffIsAnError(t *testing.T) {
	t.Parallel()
	body := packed(walkAssignment, []esrmodel.Assignment{{ID: "1", PersonID: "2", FTE: 0.5, Updated: "yesterday"}})
	for n := range len(body) {
		if n == 1 {
			continue // No slice at all is a body too.
		}
		if got, err := unpacked(walkAssignment, string(body[:n])); err == nil {
			t.Errorf("the first %d bytes of %d were read as %+v", n, len(body), got)
		}
	}
}

// Whatever stands in the table, reading ends, and what is read can be written and
// read again.
func FuzzUnpacked(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{packing})
	f.Add([]byte{packing + 1, 0})
	f.Add([]byte{packing, 1, 0xff})
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Add(packed(walkAssignment, []esrmodel.Assignment{{ID: "1", Span: esrmodel.Span{From: -1}, FTE: 0.5}, {ID: "1", Primary: true}}))
	f.Fuzz(func(t *testing.T, body []byte) {
		slices, err := unpacked(walkAssignment, string(body))
		if err != nil {
			return
		}
		again := packed(walkAssignment, slices)
		twice, err := unpacked(walkAssignment, string(again))
		if err != nil || !bytes.Equal(packed(walkAssignment, twice), again) {
			t.Errorf("%x was read as %+v and then as %+v (%v)", body, slices, twice, err)
		}
	})
}
