package feed

import (
	"fmt"
	"time"

	"esrsync/esrmodel"
)

// judgeName looks at the name outside the file.
func (e *examination) judgeName() {
	name, err := ParseName(e.result.File)
	if err != nil {
		e.bad.add(Reason{Check: CheckName, Found: clip(e.result.File), Expected: "GO_<VPD>_<stream>_<type>_<YYYYMMDD>_<8 digits>.DAT"})
		return
	}
	e.result.Name, e.result.Full = name, name.Full()
	if !name.Full() && !name.Changes() {
		e.bad.add(Reason{Check: CheckName, Field: "type", Found: name.Type, Expected: "a type that ends in F (full) or C (changes)"})
	}
	e.judgeVPD("file name", 0, name.VPD)
	if name.Date > esrmodel.DateOf(e.pol.Now) {
		e.bad.add(Reason{Check: CheckFuture, Field: "date in the file name", Found: name.Date.String(), Expected: "not after " + esrmodel.DateOf(e.pol.Now).String()})
	}
}

// judgeVPD refuses another trust's file.
func (e *examination) judgeVPD(field string, line int, vpd string) {
	if vpd != e.pol.VPD {
		e.bad.add(Reason{Check: CheckVPD, Line: line, Field: field, Found: clip(vpd), Expected: e.pol.VPD})
	}
}

// judgeHeader looks at what of the header could be read.
func (e *examination) judgeHeader() {
	h := e.result.Header
	if h == (Header{}) {
		return
	}
	e.judgeVPD("header", 1, h.VPD)
	if h.File != e.result.File {
		e.bad.add(Reason{Check: CheckName, Line: 1, Field: "file name in the header", Found: clip(h.File), Expected: clip(e.result.File)})
	}
	e.judgeFuture("created", h.Created)
	e.judgeFuture("this run", h.Run)
	if h.Version != knownVersion {
		e.odd.add(Reason{Check: CheckHeader, Line: 1, Field: "interface version", Found: clip(h.Version), Expected: knownVersion})
	}
}

func (e *examination) judgeFuture(field string, t time.Time) {
	if t.After(e.pol.Now) {
		e.bad.add(Reason{Check: CheckFuture, Line: 1, Field: field, Found: formatStamp(t), Expected: "not after " + formatStamp(e.pol.Now)})
	}
}

// judgeChain asks whether the file follows what was accepted last. A file whose
// name or header cannot be read has no place in a chain, and has been told so.
func (e *examination) judgeChain() {
	name := e.result.Name
	if e.bad.has(CheckName) || e.bad.has(CheckHeader) || e.result.Header == (Header{}) {
		return
	}
	switch {
	case name.Full():
		e.judgeFullChain()
	case !e.before.Chain.Started():
		e.bad.add(Reason{Check: CheckChain, Found: "changes", Expected: "a full file first: none was ever accepted"})
	default:
		e.judgeChangesChain()
	}
}

// judgeFullChain lets a full file start the chain anew, but not go back in it.
func (e *examination) judgeFullChain() {
	last := e.before.Chain
	if !last.Started() {
		return
	}
	if n := e.result.Name.Sequence; n <= last.Sequence {
		e.bad.add(Reason{Check: CheckChain, Field: "sequence", Found: fmt.Sprintf("%08d", n), Expected: fmt.Sprintf("more than %08d, of %s", last.Sequence, last.File)})
	}
	if run := e.result.Header.Run; run.Before(last.Run) {
		e.bad.add(Reason{Check: CheckChain, Line: 1, Field: "this run", Found: formatStamp(run), Expected: "not before " + formatStamp(last.Run)})
	}
}

// judgeChangesChain takes changes only one after the other. While a gap is open
// nothing follows, so that nothing is taken until the missing file or a full one comes.
func (e *examination) judgeChangesChain() {
	last := e.before.Chain
	if n := e.result.Name.Sequence; n != last.Sequence+1 {
		e.bad.add(Reason{Check: CheckChain, Field: "sequence", Found: fmt.Sprintf("%08d", n), Expected: fmt.Sprintf("%08d, after %s", last.Sequence+1, last.File)})
	}
	if run := e.result.Header.Previous; !run.Equal(last.Run) {
		e.bad.add(Reason{Check: CheckChain, Line: 1, Field: "previous run", Found: formatStamp(run), Expected: formatStamp(last.Run)})
	}
}
