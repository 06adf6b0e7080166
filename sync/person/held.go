package person

import (
	"fmt"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

// hold notes every reason why nothing may be written for a person, and the
// findings that tell somebody to mend it.
func (r *resolver) hold(p *Person, slices []esrmodel.Person, holdings []holding, owner employment) {
	r.holdUnknown(p, holdings)
	questions := r.holdGaps(p, holdings)
	stays := p.Standing == Current || p.Standing == Starting
	if lost := r.recordLost(slices); lost != "" && stays && owner.terminated == 0 && owner.confirmed == 0 {
		p.Held = append(p.Held, lost)
		r.find(finding.DateGap, p, "record", "%s", lost)
		questions = append(questions, lost)
	}
	if owner.confirmed == 0 && r.isPurged(p, slices, holdings) {
		p.Held = append(p.Held, r.purged[p.ID])
		questions = append(questions, r.purged[p.ID])
	}
	if n := r.absent[p.ID]; stays && owner.confirmed == 0 && r.policy.AbsentFullFeeds > 0 && n >= r.policy.AbsentFullFeeds {
		missing := fmt.Sprintf("missing from %d complete full feeds in a row", n)
		p.Held = append(p.Held, missing)
		questions = append(questions, missing)
	}
	if len(questions) > 0 {
		r.find(finding.LeftOrLost, p, "", "left or lost? %s", strings.Join(questions, "; "))
	}
	if stays && p.Key == "" && len(slices) > 0 {
		p.Held = append(p.Held, "there is no employee number")
		r.find(finding.ImpossibleValue, p, "employee number", "the record has no employee number")
	}
}

// holdUnknown holds a person with a status that nobody has explained.
func (r *resolver) holdUnknown(p *Person, holdings []holding) {
	said := map[string]bool{}
	for i := range holdings {
		status := holdings[i].unknown
		if status == "" || said[status] {
			continue
		}
		said[status] = true
		p.Held = append(p.Held, "unknown assignment status "+status)
		r.find(finding.UnknownStatus, p, plain(status), "assignment %s has the status %q, which the table of statuses does not explain",
			holdings[i].now.Number, status)
	}
}

// holdGaps reports assignments whose dates have a gap, and holds the person
// unless another assignment is current without a doubt. It returns the questions
// that only a person can answer.
func (r *resolver) holdGaps(p *Person, holdings []holding) (questions []string) {
	certain := false
	for i := range holdings {
		certain = certain || holdings[i].phase == live && holdings[i].lost == ""
	}
	for i := range holdings {
		h := &holdings[i]
		if h.lost == "" {
			continue
		}
		text := "assignment " + h.now.Number + ": " + h.lost
		r.find(finding.DateGap, p, h.now.ID, "%s", text)
		if certain {
			continue
		}
		p.Held = append(p.Held, text)
		if h.tail {
			questions = append(questions, text)
		}
	}
	return questions
}

// faulted holds everybody in whose rows a value cannot be.
func (r *resolver) faulted(faults []esrmodel.Fault) {
	for _, f := range faults {
		text := fmt.Sprintf("%s line %d: %s of record %s is not %s", f.Feed, f.Line, f.Field, f.ID, f.Expected)
		if f.Found != "" {
			text += fmt.Sprintf(", but %q", f.Found)
		}
		discriminator := string(f.Kind) + f.ID + f.Field
		if i, known := r.index[f.PersonID]; known {
			p := &r.out[i]
			p.Held = append(p.Held, text)
			r.find(finding.ImpossibleValue, p, discriminator, "%s", text)
			continue
		}
		r.findings = append(r.findings, finding.New(finding.ImpossibleValue, faultSubject(f.Kind), f.ID, discriminator, text))
	}
}

func faultSubject(kind esrmodel.Kind) finding.SubjectKind {
	switch kind {
	case esrmodel.KindPosition:
		return finding.OfPosition
	case esrmodel.KindOrganisation, esrmodel.KindLocation:
		return finding.OfOrganisation
	}
	return finding.OfFeed
}
