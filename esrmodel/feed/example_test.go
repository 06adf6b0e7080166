package feed_test

import (
	"bytes"
	"fmt"
	"time"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
)

// A file of another trust is quarantined whole, whatever else is right with it.
func ExampleExamine() {
	const name = "GO_301_GDW_GOF_20261123_00000001.DAT"
	run := time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC)
	var file bytes.Buffer
	w := feed.NewWriter(&file, feed.Header{File: name, VPD: "301", Created: run, Run: run}, feed.AllLines)
	w.Person(esrmodel.Person{ID: "1", Span: esrmodel.Span{From: esrmodel.NewDate(2026, time.January, 1)}, LastName: "Madeup"})
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	policy := feed.Policy{VPD: "277", Environment: feed.Live, Now: run.Add(8 * time.Hour)}
	result, err := feed.Examine(&file, name, policy, feed.Before{}, nil)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(result.Verdict)
	for _, reason := range result.Reasons {
		fmt.Println(reason)
	}
	// Output:
	// quarantined
	// vpd: file name: found 301: expected 277
	// vpd: line 1: header: found 301: expected 277
}
