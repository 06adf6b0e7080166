package madeup

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The users behind whom nobody stands, and the number that no feed has.
const (
	nobodysUser   = "NNOBODY01"
	nobodysNumber = "20999999"
	sharedUser    = "WARD1SHARED"
)

// rights returns every URP of the trust, and with each what was signed for it:
// what everybody has, what managers and Workforce have, and what should be asked about.
func (t *Trust) rights() []right {
	var all []right
	names := t.userNames()
	for i := range t.staff {
		e := &t.staff[i]
		if e.gone() || e.offer() || i == t.roles.urps["U15"] {
			continue
		}
		all = append(all, t.right(e, names[i], selfService))
		if !t.seats[e.seat].manages || i == t.roles.returned[1] {
			continue
		}
		all = append(all, t.elevated(e, names[i], managerService))
		all[len(all)-1].asNumber = i != t.noASNumber()
		if t.estate.units[t.seats[e.seat].unit].kind.name == "Workforce and Finance" && e.who().SmartcardUUID != "" {
			all = append(all, t.elevated(e, names[i], hrAdmin))
		}
	}
	return append(all, t.questionable(names)...)
}

// noASNumber returns the manager whom Finance never gave an AS Number: the first
// of a unit.
func (t *Trust) noASNumber() int {
	return slices.IndexFunc(t.staff, func(e employee) bool { return e.seat >= boardSeats() && t.seats[e.seat].manages })
}

// userNames returns ESR's user name of each record: VPD, initial, surname and
// two digits that count namesakes.
func (t *Trust) userNames() []string {
	spell, count := newSpeller(), map[string]int{}
	names := make([]string, len(t.staff))
	for i := range t.staff {
		p := t.staff[i].who()
		initial := spell.ascii(cmp.Or(p.FirstName, p.LastName))[:1]
		name := t.opts.VPD + strings.ToUpper(initial+spell.ascii(p.LastName))
		count[name]++
		names[i] = fmt.Sprintf("%s%02d", name, count[name])
	}
	return names
}

// right returns a URP as it should be: begun with the employment, and used.
func (t *Trust) right(e *employee, user, urp string) right {
	p := e.who()
	return right{
		user: user, number: e.number(), name: strings.ToUpper(p.LastName) + ", " + p.FirstName, urp: t.opts.VPD + " " + urp,
		start: e.person[0].Span.From.AddDays(3), logon: t.opts.Day.AddDays(-1 - e.index%20),
	}
}

// elevated returns a URP with a OneForm, authorised by whoever was the line
// manager on the day that it began; above the chief executive stands nobody, so
// there the Caldicott guardian signs.
func (t *Trust) elevated(e *employee, user, urp string) right {
	r := t.right(e, user, urp)
	r.authorised, r.form = r.start, employeeNumber(1)
	if boss, _, known := strings.Cut(e.posts[0].SupervisorNumber, "-"); known {
		r.form = boss
	}
	return r
}

// questionable returns the URPs of [Trust.URPs] that are in nobody else's list.
func (t *Trust) questionable(names []string) []right {
	of := func(code, urp string) right {
		i := t.roles.urps[code]
		return t.elevated(&t.staff[i], names[i], urp)
	}
	left, moved, boss := of("U01", hrAdmin), of("U03", hrAdmin), of("U04", managerService)
	hr, pay := of("U05", hrAdmin), of("U05", payrollAdmin)
	unused, unsigned, cardless, abroad, twice := of("U06", hrAdmin), of("U08", hrAdmin), of("U11", hrAdmin), of("U12", payrollAdmin), of("U14", hrAdmin)
	boss.asNumber = true
	unused.logon = t.opts.Day.AddDays(-100)
	unsigned.form = unsigned.number // by the holder
	abroad.user, abroad.urp = "301"+abroad.user[3:], "301 "+payrollAdmin
	odd := right{urp: t.opts.VPD + " " + selfService, start: t.opts.founded(), logon: t.opts.Day.AddDays(-3)}
	unknown, shared := odd, odd
	unknown.user, unknown.number, unknown.name = t.opts.VPD+nobodysUser, nobodysNumber, "NOBODY, Norma"
	shared.user, shared.number, shared.name = t.opts.VPD+sharedUser, employeeNumber(2), "WARD, Shared"
	return []right{left, moved, boss, hr, pay, unused, unsigned, cardless, abroad, twice, twice, unknown, shared}
}

// URPs returns the URPs that should be asked about, by code.
func (t *Trust) URPs() []URPPlant {
	names := t.userNames()
	out := []URPPlant{
		{Code: "U02", UserName: t.opts.VPD + nobodysUser, Number: nobodysNumber, URP: t.opts.VPD + " " + selfService},
		{Code: "U07", UserName: t.opts.VPD + sharedUser, Number: employeeNumber(2), URP: t.opts.VPD + " " + selfService},
		{Code: "U09", UserName: names[t.noASNumber()], Number: employeeNumber(t.noASNumber()), URP: t.opts.VPD + " " + managerService},
		{Code: "U12", UserName: "301" + names[t.roles.urps["U12"]][3:], Number: employeeNumber(t.roles.urps["U12"]), URP: "301 " + payrollAdmin},
		{Code: "U15", Number: employeeNumber(t.roles.urps["U15"]), URP: t.opts.VPD + " " + selfService},
		{Code: "U04", UserName: names[t.roles.urps["U04"]], Number: employeeNumber(t.roles.urps["U04"]), URP: t.opts.VPD + " " + managerService},
	}
	for _, code := range []string{"U01", "U03", "U05", "U06", "U08", "U11", "U14"} {
		i := t.roles.urps[code]
		out = append(out, URPPlant{Code: code, UserName: names[i], Number: employeeNumber(i), URP: t.opts.VPD + " " + hrAdmin})
	}
	slices.SortFunc(out, func(a, b URPPlant) int { return cmp.Compare(a.Code, b.Code) })
	return out
}
