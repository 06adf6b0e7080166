package main

import (
	"fmt"
	"io"
	"time"

	"esrsync/esrmodel"
	"esrsync/internal/state"
)

// shownHold is a hold as commands tell it. It never has the category.
type shownHold struct {
	Hold      string         `json:"hold"`
	State     string         `json:"state"`
	Person    string         `json:"person"`
	Ticket    string         `json:"ticket"`
	Requester string         `json:"requester"`
	Second    string         `json:"second"`
	Placed    time.Time      `json:"placed"`
	Review    esrmodel.Date  `json:"review,omitzero"`
	StillOpen []string       `json:"still_open"` // what is not done yet, what is open first
	Accounts  []shownAccount `json:"accounts"`
	Spared    []string       `json:"spared"` // accounts that no lockout touches, and why
}

// shownAccount is one held account.
type shownAccount struct {
	Account     string            `json:"account"`
	Login       string            `json:"login"`
	DN          string            `json:"dn"`
	Evidence    string            `json:"evidence"`
	Controllers []shownController `json:"controllers"`
}

// shownController is how far one account is on one controller.
type shownController struct {
	Controller string    `json:"controller"`
	Disabled   time.Time `json:"disabled,omitzero"`
	Marked     bool      `json:"marked"`
	Reset      time.Time `json:"reset,omitzero"`
	Tried      time.Time `json:"tried,omitzero"`
	Error      string    `json:"error"`
}

// shown returns a hold as it is told.
func (w *wards) shown(h state.Hold) shownHold {
	out := shownHold{
		Hold: h.ID, State: h.State, Person: h.PersonKey, Ticket: h.Ticket, Requester: h.Requester, Second: h.Second,
		Placed: h.Placed, Review: h.Review, Accounts: []shownAccount{}, StillOpen: []string{}, Spared: []string{},
	}
	if h.State == state.HoldPlacing {
		out.StillOpen = listed(w.locker.Unfinished(h))
	}
	for _, a := range h.Accounts {
		one := shownAccount{Account: a.Account.String(), Login: a.Login, DN: a.DN, Evidence: a.Evidence, Controllers: []shownController{}}
		for _, r := range a.Reached {
			one.Controllers = append(one.Controllers, shownController{r.Controller, r.Disabled, r.Marked, r.Reset, r.Tried, r.Error})
		}
		out.Accounts = append(out.Accounts, one)
	}
	return out
}

// write tells a hold in words, what is open first.
func (s shownHold) write(out io.Writer, w *wards) {
	for i, text := range s.StillOpen {
		if i == 0 {
			fmt.Fprintln(out, "STILL OPEN")
		}
		fmt.Fprintf(out, "  %s\n", text)
	}
	for _, text := range s.Spared {
		fmt.Fprintf(out, "NOT TOUCHED  %s\n", text)
	}
	fmt.Fprintf(out, "Hold %s, %s, placed %s by %s: %s\n", s.Hold, s.Ticket, w.local(s.Placed), s.Requester, s.words())
	for _, a := range s.Accounts {
		fmt.Fprintf(out, "  %s\n", a.Login)
		for _, c := range a.Controllers {
			fmt.Fprintf(out, "    %-30s %s\n", c.Controller, c.words(w))
		}
	}
	if !s.Review.IsZero() {
		fmt.Fprintf(out, "To be looked at again on %s.\n", s.Review.Words())
	}
}

func (s shownHold) words() string {
	switch s.State {
	case state.HoldInForce:
		return "in force, every account is off on every controller"
	case state.HoldPlacing:
		return "NOT DONE, tried again until it is"
	case state.HoldReleasing:
		return "being released"
	}
	return s.State
}

func (c shownController) words(w *wards) string {
	if c.Disabled.IsZero() {
		return "STILL OPEN: " + c.Error
	}
	text := "off since " + c.Disabled.In(w.engine.Settings.Zone).Format("2006-01-02 15:04:05")
	if !c.Reset.IsZero() {
		text += ", password reset"
	}
	if !c.Marked {
		text += ", not marked yet"
	}
	return text
}
