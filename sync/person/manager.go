package person

import (
	"fmt"

	"esrsync/internal/finding"
)

// supervises notes that person i has a supervisor, who is a manager by that.
func (r *resolver) supervises(i int, supervisor string) {
	if s, known := r.index[supervisor]; known && s != i {
		r.manages[s] = true
	}
}

// managers gives each person the supervisor, else the department manager, of
// the primary assignment. Oneself, somebody who is not current, and a ring count
// as none.
func (r *resolver) managers() {
	n := len(r.out)
	supervisor, department, chosen := make([]int32, n), make([]int32, n), make([]int32, n)
	for i := range r.out {
		r.out[i].IsManager = r.manages[i]
		supervisor[i], department[i] = r.candidate(i, r.supervisor[i]), r.candidate(i, r.department[i])
		if chosen[i] = supervisor[i]; chosen[i] < 0 {
			chosen[i] = department[i]
		}
	}
	inRing := make([]bool, n)
	for _, i := range rings(chosen) {
		inRing[i] = true
	}
	for i := range chosen {
		if inRing[i] {
			chosen[i] = standIn(chosen[i], department[i])
		}
	}
	// A stand-in may close a ring of its own; whoever is in that one has nobody.
	for _, i := range rings(chosen) {
		chosen[i], inRing[i] = -1, true
	}
	for i := range r.out {
		r.assign(i, chosen[i], department[i], inRing[i])
	}
}

// standIn returns the department manager where that is somebody else than the
// supervisor who was no good.
func standIn(supervisor, department int32) int32 {
	if department == supervisor {
		return -1
	}
	return department
}

// candidate returns the number of somebody who can be person i's manager, or -1.
func (r *resolver) candidate(i int, id string) int32 {
	p := &r.out[i]
	if id == "" || p.Standing != Current && p.Standing != Starting {
		return -1
	}
	m, known := r.index[id]
	if !known || m == i || r.out[m].Standing != Current {
		return -1
	}
	return int32(m)
}

// assign writes a person's manager and reports a supervisor who cannot be it.
func (r *resolver) assign(i int, chosen, department int32, inRing bool) {
	p := &r.out[i]
	if chosen >= 0 {
		p.Manager = r.out[chosen].ID
	}
	if department >= 0 && !inRing {
		p.DepartmentManager = r.out[department].ID
	}
	if p.Standing != Current || chosen >= 0 && p.Manager == r.supervisor[i] {
		return
	}
	fault := r.supervisorFault(i, inRing)
	switch {
	case chosen < 0:
		r.find(finding.SupervisorMissing, p, "", "%s, and no department manager can stand in", fault)
	case r.supervisor[i] != "":
		r.find(finding.SupervisorMissing, p, "", "%s; department manager %s stands in", fault, r.out[chosen].name())
	}
}

// supervisorFault says what is wrong with the supervisor whom ESR gives.
func (r *resolver) supervisorFault(i int, inRing bool) string {
	id := r.supervisor[i]
	m, known := r.index[id]
	switch {
	case id == "":
		return "there is no supervisor"
	case !known:
		return "supervisor #" + id + " is not in the records"
	case m == i:
		return "the supervisor is the person"
	case r.out[m].Standing == Left:
		return fmt.Sprintf("supervisor %s left on %s", r.out[m].name(), r.out[m].Leaving.Words())
	case r.out[m].Standing != Current:
		return fmt.Sprintf("supervisor %s is not current", r.out[m].name())
	case inRing:
		return fmt.Sprintf("supervisor %s is in a ring of supervisors with the person", r.out[m].name())
	}
	return fmt.Sprintf("supervisor %s cannot be taken", r.out[m].name())
}

// rings returns everybody who comes back to themselves by going from manager to
// manager, in order. It visits each person once.
func rings(manager []int32) []int {
	const unseen, closed = 0, -1
	mark := make([]int32, len(manager))
	var found []int
	for start := range manager {
		walk := int32(start + 1)
		i := int32(start)
		for i >= 0 && mark[i] == unseen {
			mark[i] = walk
			i = manager[i]
		}
		if i >= 0 && mark[i] == walk {
			for ring := i; mark[ring] != closed; ring = manager[ring] {
				mark[ring] = closed
				found = append(found, int(ring))
			}
		}
	}
	return found
}
