package hold

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"esrsync/internal/finding"
	"esrsync/internal/state"
)

// TaskPrefix begins the ID of every task that a lockout opens. They are for their
// owners' eyes and stand in no report, mail or file.
const TaskPrefix = "lock-"

// Kinds of the tasks of a lockout.
const (
	TaskESR       = "lockout_esr"
	TaskSmartcard = "lockout_smartcard"
	TaskNHSmail   = "lockout_nhsmail"
	TaskEquipment = "lockout_equipment"
	TaskOpen      = "lockout_open"
	TaskReview    = "lockout_review"
)

// IsOurs reports whether a task belongs to a lockout.
func IsOurs(t state.Task) bool { return strings.HasPrefix(t.ID, TaskPrefix) }

// Tasks returns what people have to do at once because the directory's lock does
// not reach it. None says why.
func Tasks(h state.Hold) []state.Task {
	who := subjectOf(h)
	urgent := "End access urgently, " + h.Ticket + ": "
	return []state.Task{
		task(h, TaskESR, finding.CorporateSystems, urgent+"end the ESR user account and every responsibility (URP) of "+who+
			". ESR can be reached from the internet with its own password, so the directory's lock does not close it."),
		task(h, TaskSmartcard, finding.CorporateSystems, urgent+"suspend the smartcard of "+who+"."),
		task(h, TaskNHSmail, finding.ServiceDesk, urgent+"disable the NHSmail account of "+who+
			". Disable it; never mark it as a leaver, since that deletes the mailbox after 30 days."),
		task(h, TaskEquipment, finding.ServiceDesk, urgent+"secure the equipment of "+who+
			": laptop, telephone, remote access; sessions that are open on them go on until they are ended."),
	}
}

func task(h state.Hold, kind string, owner finding.Owner, text string) state.Task {
	return state.Task{ID: taskID(h, kind), Kind: kind, Owner: string(owner), Subject: subjectKey(h), Text: text}
}

func taskID(h state.Hold, kind string) string {
	return TaskPrefix + h.ID[:min(len(h.ID), 12)] + "-" + strings.TrimPrefix(kind, "lockout_")
}

func subjectKey(h state.Hold) string {
	switch {
	case h.PersonKey != "":
		return h.PersonKey
	case len(h.Accounts) > 0:
		return h.Accounts[0].Login
	}
	return h.ID
}

func subjectOf(h state.Hold) string {
	if h.PersonKey != "" {
		return "employee " + h.PersonKey
	}
	return "the holder of the account " + subjectKey(h)
}

// ReviewTask asks somebody to look at a hold whose review date has passed. It
// never releases anything.
func ReviewTask(h state.Hold) state.Task {
	return task(h, TaskReview, finding.HR, "Review the hold "+h.ID+", "+h.Ticket+": its date, "+h.Review.Words()+
		", has passed. It goes on until it is released.")
}

// openTask opens the task for what is still open, or closes it.
func (l *Locker) openTask(ctx context.Context, h state.Hold, failed error) error {
	if l.complete(h) && failed == nil {
		return l.closeTask(ctx, h, TaskOpen, "every controller has answered")
	}
	t := task(h, TaskOpen, finding.Infrastructure, "STILL OPEN, "+h.Ticket+": "+strings.Join(l.Unfinished(h), "; ")+
		". It is tried again until it is done.")
	t.Opened = l.Now().UTC()
	_, err := l.Record.EnsureTask(ctx, t)
	return err
}

// Unfinished says what is not done yet of a hold, what is open first.
func (l *Locker) Unfinished(h state.Hold) []string {
	var open, rest []string
	for _, a := range h.Accounts {
		if len(a.Reached) == 0 {
			open = append(open, a.Login+" is not off on any controller")
		}
		for _, r := range a.Reached {
			switch {
			case r.Disabled.IsZero():
				open = append(open, a.Login+" is not off on "+r.Controller)
			case !r.Marked:
				rest = append(rest, a.Login+" is not marked on "+r.Controller)
			}
		}
		if !wasReset(a) {
			rest = append(rest, "the password of "+a.Login+" is not reset")
		}
		if l.Policy.StripGroups && a.Groups == nil {
			rest = append(rest, fmt.Sprintf("the memberships of %s are not taken", a.Login))
		}
	}
	return append(open, rest...)
}

// closeTask closes a task of a hold, where there is one.
func (l *Locker) closeTask(ctx context.Context, h state.Hold, kind, evidence string) error {
	err := l.Record.CloseTask(ctx, taskID(h, kind), state.Daemon, evidence, l.Now().UTC())
	if errors.Is(err, state.ErrNotFound) {
		return nil
	}
	return err
}
