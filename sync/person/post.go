package person

import (
	"fmt"
	"sort"
	"strings"

	"esrsync/esrmodel"
	"esrsync/internal/finding"
)

// provide gives the person their posts, the primary first: what is live, else
// what is ahead. Who has left keeps the primary that they last had.
func (r *resolver) provide(i int, holdings []holding) {
	p := &r.out[i]
	wanted, before := live, comesBefore
	switch p.Standing {
	case Starting:
		wanted = ahead
	case Left:
		wanted, before = over, endedBefore
	case Nobody:
		return
	}
	chosen := r.choose(holdings, wanted, before)
	if len(chosen) == 0 {
		return
	}
	r.supervisor[i], r.department[i] = chosen[0].now.SupervisorPersonID, chosen[0].now.DeptManagerPersonID
	if p.Standing == Left {
		p.Primary = r.post(chosen[0])
		return
	}
	from := len(r.posts)
	p.BankOnly = true
	for _, h := range chosen {
		post := r.post(h)
		r.posts = append(r.posts, post)
		p.BankOnly = p.BankOnly && r.categories.isBank(post.Category)
		r.holdPurged(p, &post)
		if p.Standing == Current {
			r.supervises(i, h.now.SupervisorPersonID)
			r.checkPosition(p, &post, h.now)
		}
	}
	p.Posts = r.posts[from:len(r.posts):len(r.posts)]
	p.Primary = p.Posts[0]
	if p.Standing == Current {
		r.checkPrimary(p)
	}
}

// choose returns the assignments of a phase in order, without allocating for
// the many who have one.
func (r *resolver) choose(holdings []holding, wanted phase, before func(a, b *holding) bool) []*holding {
	chosen := r.chosen[:0]
	for i := range holdings {
		if holdings[i].phase == wanted {
			chosen = append(chosen, &holdings[i])
		}
	}
	if len(chosen) > 1 {
		sort.SliceStable(chosen, func(a, b int) bool { return before(chosen[a], chosen[b]) })
	}
	r.chosen = chosen
	return chosen
}

// comesBefore is the order in which an assignment is taken as the primary one:
// flagged, the latest start of the assignment (not of the slice), the higher
// FTE, the lower number.
func comesBefore(a, b *holding) bool {
	switch x, y := a.now, b.now; {
	case x.Primary != y.Primary:
		return x.Primary
	case a.slices[0].Span.From != b.slices[0].Span.From:
		return a.slices[0].Span.From > b.slices[0].Span.From
	case x.FTE != y.FTE:
		return x.FTE > y.FTE
	case x.Number != y.Number:
		return lowerNumber(x.Number, y.Number)
	}
	return a.now.ID < b.now.ID
}

// endedBefore puts the assignment that ended last first.
func endedBefore(a, b *holding) bool {
	if a.end.day != b.end.day {
		return a.end.day > b.end.day
	}
	return comesBefore(a, b)
}

// lowerNumber compares assignment numbers, 20123456-2 before 20123456-10.
func lowerNumber(a, b string) bool {
	stemA, countA, _ := strings.Cut(a, "-")
	stemB, countB, _ := strings.Cut(b, "-")
	switch {
	case stemA != stemB:
		return stemA < stemB
	case len(countA) != len(countB):
		return len(countA) < len(countB)
	}
	return countA < countB
}

// post gathers what is known of an assignment on the day.
func (r *resolver) post(h *holding) Post {
	a := h.now
	post := Post{
		AssignmentID: a.ID, Number: a.Number, Status: a.Status, Category: a.Category,
		EmployeeCategory: a.EmployeeCategory, PositionID: a.PositionID, FTE: a.FTE, Primary: a.Primary,
		Start: h.slices[0].Span.From, End: h.end.day,
	}
	if h.phase == ahead {
		post.Start = h.begins
	}
	name := a.PositionName
	if position := r.position(a.PositionID); position != nil {
		post.PositionNumber, post.StaffGroup, post.JobRole = position.Number, position.StaffGroup, position.JobRole
		if name == "" {
			name = position.Name
		}
	}
	post.Title = esrmodel.PositionTitle(name)
	if post.Path = r.places.path(a.OrganisationID); len(post.Path) > 0 {
		post.Organisation = post.Path[0]
	}
	if location := r.locations.of(a.LocationID); len(location) > 0 {
		n, _ := on(location, r.at.Day)
		post.Location = location[n].Name
	}
	return post
}

// position returns the slice of a position that counts on the day, or nil.
func (r *resolver) position(id string) *esrmodel.Position {
	slices := r.positions.of(id)
	if len(slices) == 0 {
		return nil
	}
	n, _ := on(slices, r.at.Day)
	return &slices[n]
}

// holdPurged holds a person whose organisation or position ESR purged: what they
// get by it must not be taken away for that.
func (r *resolver) holdPurged(p *Person, post *Post) {
	for _, record := range [][3]string{
		{string(esrmodel.KindOrganisation), post.Organisation.ID, "organisation"},
		{string(esrmodel.KindPosition), post.PositionID, "position"},
	} {
		known := r.places.of(record[1]) != nil || r.positions.of(record[1]) != nil
		if record[1] == "" || known || !r.deleted[[2]string{record[0], record[1]}] {
			continue
		}
		text := fmt.Sprintf("assignment %s is in %s #%s, which was deleted in ESR", post.Number, record[2], record[1])
		p.Held = append(p.Held, text)
		r.find(finding.ImpossibleValue, p, record[0]+record[1], "%s", text)
	}
}

// checkPosition looks for what ESR says of the position and cannot mean.
func (r *resolver) checkPosition(p *Person, post *Post, a *esrmodel.Assignment) {
	position := r.position(a.PositionID)
	if position == nil {
		return
	}
	if position.OrganisationID != "" && a.OrganisationID != "" && position.OrganisationID != a.OrganisationID {
		r.find(finding.ImpossibleValue, p, "position "+a.ID,
			"assignment %s is in organisation #%s, its position %s in #%s; the assignment counts",
			a.Number, a.OrganisationID, position.Number, position.OrganisationID)
	}
	if position.Span.End() < r.at.Day || strings.EqualFold(position.HiringStatus, "Eliminated") {
		r.ended[post.PositionID] = append(r.ended[post.PositionID], p.name())
	}
}

// endedPositions reports each position that has ended and still has holders.
func (r *resolver) endedPositions() {
	ids := make([]string, 0, len(r.ended))
	for id := range r.ended {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		position := r.position(id)
		key := position.Number
		if key == "" {
			key = "#" + id
		}
		how := "is eliminated"
		if position.Span.End() < r.at.Day {
			how = "ended on " + position.Span.To.Words()
		}
		r.findings = append(r.findings, finding.New(finding.EndedPositionHeld, finding.OfPosition, key, id,
			fmt.Sprintf("position %s (%s) %s and is still held by %s", key, esrmodel.PositionTitle(position.Name), how,
				strings.Join(r.ended[id], ", "))))
	}
}

// checkPrimary reports a person of whom not exactly one live assignment is
// flagged, and says which was taken and why.
func (r *resolver) checkPrimary(p *Person) {
	flagged := 0
	for i := range p.Posts {
		if p.Posts[i].Primary {
			flagged++
		}
	}
	if flagged == 1 {
		return
	}
	found := fmt.Sprintf("none of %d live assignments is flagged as primary", len(p.Posts))
	rivals := len(p.Posts)
	if flagged > 1 {
		found = fmt.Sprintf("%d live assignments are flagged as primary", flagged)
		rivals = flagged
	}
	r.find(finding.PrimaryUnclear, p, "", "%s; %s was taken: %s", found, p.Primary.Number, whyPrimary(p.Posts[:rivals]))
}

// whyPrimary names the rule that put the first post before the second.
func whyPrimary(posts []Post) string {
	switch {
	case len(posts) < 2:
		return "it is the only one"
	case posts[0].Start != posts[1].Start:
		return "it started last, on " + posts[0].Start.Words()
	case posts[0].FTE != posts[1].FTE:
		return fmt.Sprintf("its FTE is the higher, %g", posts[0].FTE)
	}
	return "its number is the lowest"
}
