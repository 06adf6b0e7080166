package madeup

import (
	"fmt"
	"strconv"

	"esrsync/esrmodel"
)

// estate is where people work: organisations, sites, positions and the units
// that bind them together.
type estate struct {
	organisations []esrmodel.Organisation
	locations     []esrmodel.Location
	positions     []esrmodel.Position
	units         []unit // the first is the board
}

// unit is a ward, a team or an office.
type unit struct {
	kind          kind
	organisation  int   // place in organisations
	location      int   // place in locations
	rank          int   // its number within its directorate
	manager, lead int   // places in positions
	posts         []int // positions of the others, each as often as its job's weight
}

// unitSize is how many people a unit of a large trust has.
const unitSize = 40

// founded is when everything that has no other beginning began.
func (o Options) founded() esrmodel.Date { return o.Day.AddDays(-12 * 365) }

// newEstate builds a trust for so many people.
func newEstate(opts Options) estate {
	var e estate
	e.sites(opts)
	trust := e.organisation(opts, opts.Name, "Trust", "", 0)
	e.board(opts, trust)
	var heads []int
	for i, name := range directorates() {
		heads = append(heads, e.organisation(opts, name, "Directorate", e.organisations[trust].ID, i))
	}
	between := map[string]int{}
	ranks := make([]int, len(heads))
	counts := map[string]int{}
	all, order := kinds(), mixture()
	for i := range max(len(all), opts.People/unitSize) {
		k := all[order[i%len(order)]]
		above := heads[k.directorate]
		if k.parent != "" {
			if _, built := between[k.parent]; !built {
				between[k.parent] = e.organisation(opts, k.parent, "Service", e.organisations[above].ID, i)
			}
			above = between[k.parent]
		}
		e.unit(opts, k, above, counts[k.name], ranks[k.directorate], i)
		counts[k.name]++
		ranks[k.directorate]++
	}
	return e
}

// sites makes the locations.
func (e *estate) sites(opts Options) {
	names := []string{"St Madeup's Hospital", "Nowhere General Hospital", "Testham Clinic", "Sampleford Health Centre",
		"Fiction Lane Offices", "Mockingham Community Hospital"}
	for i, name := range names {
		e.locations = append(e.locations, esrmodel.Location{
			ID: strconv.Itoa(3001 + i), Code: fmt.Sprintf("%s|SITE%02d", opts.VPD, i+1), Name: name, Town: "Madeupton",
			Postcode: fmt.Sprintf("ZZ%d 9ZZ", i+1), SiteCode: fmt.Sprintf("ZZ%03d", i+1),
		})
	}
}

func (e *estate) organisation(opts Options, name, class, parent string, site int) int {
	n := len(e.organisations)
	e.organisations = append(e.organisations, esrmodel.Organisation{
		ID: strconv.Itoa(5000001 + n), Span: esrmodel.Span{From: opts.founded()}, Name: name, Type: class, ParentID: parent,
		CostCentre: strconv.Itoa(10000 + n), ODSCode: "ZZ9", LocationID: e.locations[site%len(e.locations)].ID, Updated: stamp(opts.founded()),
	})
	return n
}

// board makes the unit of those who head the trust.
func (e *estate) board(opts Options, trust int) {
	n := e.organisation(opts, "Trust Board", "Board", e.organisations[trust].ID, 0)
	u := unit{organisation: n}
	u.manager = e.position(opts, n, job{title: "Chief Executive", role: "Chief Executive", group: clerical, code: "G0A"})
	u.lead = e.position(opts, n, job{title: "Medical Director and Caldicott Guardian", role: "Medical Director", group: medical, code: "001"})
	for _, name := range directorates() {
		u.posts = append(u.posts, e.position(opts, n, job{title: "Director of " + name, role: "Director", group: clerical, code: "G0A"}))
	}
	e.units = append(e.units, u)
}

// unit makes the n-th unit of its kind.
func (e *estate) unit(opts Options, k kind, above, n, rank, site int) {
	org := e.organisation(opts, k.unitName(n), "Department", e.organisations[above].ID, site)
	u := unit{kind: k, organisation: org, location: site % len(e.locations), rank: rank}
	u.manager = e.position(opts, org, k.manager)
	u.lead = e.position(opts, org, k.lead)
	for _, j := range k.jobs {
		p := e.position(opts, org, j)
		for range j.weight {
			u.posts = append(u.posts, p)
		}
	}
	e.units = append(e.units, u)
}

// unitName returns the name of the n-th unit of a kind; no two units share one.
func (k kind) unitName(n int) string {
	places := []string{"Eastmoor", "Westmoor", "Testham", "Sampleford", "Mockingham", "Fableby", "Nowhere", "Madeupton", "Dreamwick", "Blankney Green"}
	if k.ward {
		flowers := []string{"Larkspur", "Foxglove", "Primrose", "Bluebell", "Heather", "Clover", "Thistle", "Marigold"}
		return fmt.Sprintf("%s %d %s", k.name, n+1, flowers[n%len(flowers)])
	}
	name := k.name + " " + places[n%len(places)]
	if round := n / len(places); round > 0 {
		name += " " + strconv.Itoa(round+1)
	}
	return name
}

func (e *estate) position(opts Options, organisation int, j job) int {
	n := len(e.positions)
	o := e.organisations[organisation]
	e.positions = append(e.positions, esrmodel.Position{
		ID: strconv.Itoa(9000001 + n), Span: esrmodel.Span{From: opts.founded()}, Number: strconv.Itoa(300001 + n),
		Name: fmt.Sprintf("%06d|%s|%s", 300001+n, j.title, o.Name), StaffGroup: j.group, JobRole: j.role, OccupationCode: j.code,
		OrganisationID: o.ID, HiringStatus: "Active", Type: "Shared", WorkplaceCode: "ZZ", Updated: stamp(opts.founded()),
	})
	return n
}

// stamp returns a last-update stamp on a day, as ESR writes it.
func stamp(d esrmodel.Date) string {
	s := d.String()
	return s[:4] + s[5:7] + s[8:10] + " 150000"
}
