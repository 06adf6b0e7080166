package feed

import (
	"time"

	"esrsync/esrmodel"
)

// Request returns the file that asks ESR for a full snapshot of a stream: its
// name and its one line. The sequence is the trust's own count of requests.
func Request(vpd, stream string, sequence int, last Chain, now time.Time) (name string, content []byte) {
	name = Name{VPD: vpd, Stream: stream, Type: RequestType, Date: esrmodel.DateOf(now), Sequence: sequence}.String()
	header := Header{File: name, Created: now, VPD: vpd, Previous: last.Run, Run: now, Version: knownVersion}
	return name, []byte(header.String() + "\n")
}
