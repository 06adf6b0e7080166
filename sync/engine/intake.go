package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/internal/state"
)

// Where feeds come from, as the store names them.
const (
	SourceStaff     = "staff"
	SourceExternals = "non_esr"
)

// requestSetting counts the snapshots that were asked for.
const requestSetting = "requests.staff"

// FeedSettings says where feeds are and how they are judged.
type FeedSettings struct {
	Inbox            Inbox
	Staff            feed.Policy // its Now is filled in
	StaffPattern     string      // of CSV files; GO files have their own names
	Externals        feed.Policy
	ExternalsPattern string
	Others           []string // patterns of files that belong to feeds which a run does not take
	// Request writes the file that asks ESR for a snapshot to where it is fetched from.
	Request func(name string, content []byte) error
}

// Inbox is where feed files lie.
type Inbox interface {
	Names(pattern string) ([]string, error)
	Newest(names []string) (string, error)
	Open(name string) (io.ReadCloser, error)
	Keep(name string) error
	Refuse(name, reasons string) error
}

// Judgement is what the gate said of one file of either sort.
type Judgement struct {
	Verdict  feed.Verdict   `json:"verdict"`
	File     string         `json:"file"`
	Source   string         `json:"source"`
	Reasons  []feed.Reason  `json:"reasons,omitempty"`
	Warnings []feed.Reason  `json:"warnings,omitempty"`
	Staff    *feed.Result   `json:"staff,omitempty"`
	Register *feed.Register `json:"register,omitempty"`
}

// Text returns the judgement in words: the verdict, then a line for each reason.
func (j Judgement) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", j.File, j.Verdict)
	for _, r := range j.Reasons {
		fmt.Fprintf(&b, "  %s\n", r)
	}
	for _, w := range j.Warnings {
		fmt.Fprintf(&b, "  note: %s\n", w)
	}
	return b.String()
}

// takeFeeds takes in every file of the inbox: GO files in the order of their
// sequence, or the newest staff export, and then the newest register. A refused
// file stops nothing but what rests on it; its reasons are in the outcome. Files
// that fit no feed are left where they are, and named.
func (e *Engine) takeFeeds(ctx context.Context, out *Outcome) error {
	if e.Settings.Feeds.Inbox == nil {
		return nil
	}
	staff, err := e.staffFiles(out)
	if err != nil {
		return err
	}
	for _, name := range staff {
		if err := e.takeOne(ctx, out, SourceStaff, name); err != nil {
			return err
		}
	}
	register, err := e.newest(e.Settings.Feeds.ExternalsPattern, out)
	if err != nil {
		return err
	}
	if register != "" {
		if err := e.takeOne(ctx, out, SourceExternals, register); err != nil {
			return err
		}
	}
	return e.nameStrangers(out)
}

func (e *Engine) takeOne(ctx context.Context, out *Outcome, source, name string) error {
	j, f, err := e.Accept(ctx, source, name, nil)
	if err != nil {
		return err
	}
	if f.Verdict != "" {
		out.Feeds = append(out.Feeds, f)
	}
	if j.Register != nil {
		for _, fault := range j.Register.Faults {
			out.Notes = append(out.Notes, fmt.Sprintf("%s, line %d: %s cannot be, expected %s; that person is left as they were.", f.Name, fault.Line, fault.Field, fault.Expected))
		}
	}
	return nil
}

// nameStrangers names the files of the inbox that fit no feed.
func (e *Engine) nameStrangers(out *Outcome) error {
	names, err := e.Settings.Feeds.Inbox.Names("*")
	if err != nil {
		return err
	}
	for _, name := range names {
		if !fitsAny(e.Settings.Feeds.Others, name) {
			out.Notes = append(out.Notes, fmt.Sprintf("%q in the inbox fits no feed, and was left there.", name))
		}
	}
	return nil
}

func fitsAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		fits, err := filepath.Match(pattern, name)
		return err == nil && fits
	})
}

// staffFiles returns the staff files of the inbox in the order in which they are taken.
func (e *Engine) staffFiles(out *Outcome) ([]string, error) {
	s := e.Settings.Feeds
	if s.Staff.Format == feed.FormatCSV {
		name, err := e.newest(s.StaffPattern, out)
		if err != nil || name == "" {
			return nil, err
		}
		return []string{name}, nil
	}
	names, err := s.Inbox.Names("GO_*")
	if err != nil {
		return nil, err
	}
	sequence := func(name string) int {
		n, err := feed.ParseName(name)
		if err != nil {
			return -1 // judged first, and refused for its name
		}
		return n.Sequence
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(sequence(a), sequence(b)) })
	return names, nil
}

// newest returns the newest file of the inbox that fits, or nothing. Older ones
// go to the archive unread: on the next run they would else be the newest, and
// take the register back to an earlier day.
func (e *Engine) newest(pattern string, out *Outcome) (string, error) {
	if pattern == "" {
		return "", nil
	}
	inbox := e.Settings.Feeds.Inbox
	names, err := inbox.Names(pattern)
	if err != nil || len(names) == 0 {
		return "", err
	}
	newest, err := inbox.Newest(names)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if name == newest {
			continue
		}
		out.Notes = append(out.Notes, fmt.Sprintf("%s is older than %s, which stands in its place; it went to the archive unread.", name, newest))
		if err := inbox.Keep(name); err != nil {
			return "", err
		}
	}
	return newest, nil
}

// SourceOf says what sort of feed a file is, by its name.
func (e *Engine) SourceOf(name string) string {
	fits, err := filepath.Match(e.Settings.Feeds.ExternalsPattern, filepath.Base(name))
	if err == nil && fits {
		return SourceExternals
	}
	return SourceStaff
}

// Judge examines one file and stores nothing.
func (e *Engine) Judge(ctx context.Context, source, name string, overrides []feed.Override) (Judgement, error) {
	before, err := e.before(ctx)
	if err != nil {
		return Judgement{}, err
	}
	file, err := e.Settings.Feeds.Inbox.Open(name)
	if err != nil {
		return Judgement{}, err
	}
	defer file.Close()
	now := e.Now().In(e.Settings.Zone)
	if source == SourceExternals {
		policy := e.Settings.Feeds.Externals
		policy.Now = now
		r, err := feed.ExamineRegister(file, name, policy, before, overrides)
		r.File = printable(r.File)
		return Judgement{Verdict: r.Verdict, File: r.File, Source: source, Reasons: r.Reasons, Register: &r}, err
	}
	policy := e.Settings.Feeds.Staff
	policy.Now = now
	r, err := feed.Examine(file, name, policy, before, overrides)
	r.File = printable(r.File)
	return Judgement{Verdict: r.Verdict, File: r.File, Source: source, Reasons: r.Reasons, Warnings: r.Warnings, Staff: &r}, err
}

// printable returns the name of a file as it may be shown: one with control
// characters in it, which could write over what stands on a screen, is quoted.
func printable(name string) string {
	if strings.ContainsFunc(name, unicode.IsControl) {
		return strconv.QuoteToGraphic(name)
	}
	return name
}

// before returns what the gate must know of what was taken so far.
func (e *Engine) before(ctx context.Context) (feed.Before, error) {
	var b feed.Before
	feeds, err := e.Store.Feeds(ctx, 0)
	if err != nil {
		return b, fmt.Errorf("reading which feeds were taken: %w", err)
	}
	b.Taken = map[string]string{}
	for _, f := range feeds {
		if f.Verdict == state.Accepted {
			b.Taken[f.SHA256] = f.Name
		}
	}
	if b.Mirror, err = e.Store.Staff(ctx); err != nil {
		return b, fmt.Errorf("reading the mirror of ESR: %w", err)
	}
	b.Chain, err = e.chain(ctx)
	return b, err
}

// chain returns where the accepted GO files have got to.
func (e *Engine) chain(ctx context.Context) (feed.Chain, error) {
	var chain feed.Chain
	last, found, err := e.Store.LastFeed(ctx, SourceStaff)
	if err != nil {
		return chain, fmt.Errorf("reading the last feed: %w", err)
	}
	if found {
		var said feed.Result
		if err := json.Unmarshal(last.Details, &said); err != nil {
			return chain, fmt.Errorf("reading what was noted of %s: %w", last.Name, err)
		}
		chain = said.Next
	}
	gap, err := e.Store.Gap(ctx, SourceStaff)
	if err != nil {
		return chain, fmt.Errorf("reading whether the chain is whole: %w", err)
	}
	chain.GapAt = gap.Detail
	return chain, nil
}

// Accept examines one file and, where the gate lets it through, puts it into the
// mirror; otherwise it goes to the quarantine with its reasons. A file that was
// taken before changes nothing and gives no record.
func (e *Engine) Accept(ctx context.Context, source, name string, overrides []feed.Override) (Judgement, state.Feed, error) {
	j, err := e.Judge(ctx, source, name, overrides)
	if err != nil {
		return j, state.Feed{}, err
	}
	if j.Verdict == feed.AlreadyTaken {
		e.Log.WithField("file", j.File).Info("feed already taken")
		return j, state.Feed{}, e.Settings.Feeds.Inbox.Keep(name)
	}
	f, err := e.feedRecord(j, overrides)
	if err != nil {
		return j, f, err
	}
	if j.Verdict == feed.Quarantined {
		err = e.refuse(ctx, name, j, f)
	} else {
		err = e.take(ctx, name, j, f)
	}
	e.ledger(ctx, state.Event{Action: "feed." + f.Verdict, Details: map[string]string{"file": f.Name, "sha256": f.SHA256, "override": f.Override}})
	return j, f, err
}

// feedRecord returns what the store keeps of a judged file.
func (e *Engine) feedRecord(j Judgement, overrides []feed.Override) (state.Feed, error) {
	f := state.Feed{Name: j.File, Source: j.Source, Judged: e.Now().UTC(), Verdict: string(j.Verdict)}
	var err error
	if len(j.Reasons) > 0 {
		if f.Reasons, err = json.Marshal(j.Reasons); err != nil {
			return f, fmt.Errorf("writing down the gate's reasons: %w", err)
		}
	}
	for _, o := range overrides {
		f.Override = strings.TrimPrefix(f.Override+"; "+string(o.Check)+": "+o.Reason+", "+o.By, "; ")
	}
	var details any = j.Register
	if j.Staff != nil {
		details = j.Staff
		f.SHA256, f.Full, f.Sequence = j.Staff.SHA256, j.Staff.Full, int64(j.Staff.Name.Sequence)
		f.Created = j.Staff.Header.Created
		f.Held = j.Staff.Difference.HeldOrganisations()
	} else {
		f.SHA256, f.Full = j.Register.SHA256, true
	}
	if f.Details, err = json.Marshal(details); err != nil {
		return f, fmt.Errorf("writing down what the gate counted: %w", err)
	}
	return f, nil
}

// refuse quarantines a file. A broken chain is remembered, and a snapshot asked for.
func (e *Engine) refuse(ctx context.Context, name string, j Judgement, f state.Feed) error {
	if err := e.Store.RecordFeed(ctx, f); err != nil {
		return fmt.Errorf("recording the refused feed %s: %w", f.Name, err)
	}
	e.Log.WithField("file", f.Name).WithField("reasons", len(j.Reasons)).Warn("feed quarantined")
	if j.Staff != nil && j.Staff.Next.GapAt != "" {
		if err := e.noteGap(ctx, j.Staff.Next.GapAt); err != nil {
			return err
		}
	}
	return e.Settings.Feeds.Inbox.Refuse(name, j.Text())
}

// noteGap remembers where the chain broke and, the first time, asks for a snapshot.
func (e *Engine) noteGap(ctx context.Context, at string) error {
	known, err := e.Store.Gap(ctx, SourceStaff)
	if err != nil {
		return fmt.Errorf("reading whether the chain is whole: %w", err)
	}
	if known.Detail != "" {
		return nil
	}
	if err := e.Store.SetGap(ctx, SourceStaff, e.Now().UTC(), at); err != nil {
		return fmt.Errorf("noting the gap at %s: %w", at, err)
	}
	_, err = e.RequestSnapshot(ctx)
	return err
}

// RequestSnapshot writes the file that asks ESR for a full snapshot, and returns its name.
func (e *Engine) RequestSnapshot(ctx context.Context) (string, error) {
	chain, err := e.chain(ctx)
	if err != nil {
		return "", err
	}
	stream := "GDW"
	if last, err := feed.ParseName(chain.File); err == nil {
		stream = last.Stream
	}
	count, err := e.countRequest(ctx)
	if err != nil {
		return "", err
	}
	name, content := feed.Request(e.Settings.Feeds.Staff.VPD, stream, count, chain, e.Now().In(e.Settings.Zone))
	if err := e.Settings.Feeds.Request(name, content); err != nil {
		return "", fmt.Errorf("asking for a snapshot: %w", err)
	}
	e.ledger(ctx, state.Event{Action: "feed.requested", Details: map[string]string{"file": name}})
	return name, nil
}

// countRequest returns the next sequence of requests.
func (e *Engine) countRequest(ctx context.Context) (int, error) {
	text, err := e.Store.Setting(ctx, requestSetting)
	if err != nil {
		return 0, fmt.Errorf("counting the requests: %w", err)
	}
	count := 0
	if text != "" {
		if _, err := fmt.Sscan(text, &count); err != nil {
			return 0, fmt.Errorf("counting the requests: %w", err)
		}
	}
	count++
	return count, e.Store.SetSetting(ctx, requestSetting, fmt.Sprint(count))
}

// take puts an accepted file into the mirror, whole or not at all.
func (e *Engine) take(ctx context.Context, name string, j Judgement, f state.Feed) error {
	var err error
	if j.Staff != nil {
		err = e.Store.ApplyFeed(ctx, f, batch(*j.Staff.Batch))
	} else {
		err = e.Store.SetExternals(ctx, f, j.Register.Externals)
	}
	if err != nil {
		return fmt.Errorf("taking in %s: %w", f.Name, err)
	}
	e.Log.WithField("file", f.Name).Info("feed accepted")
	return e.Settings.Feeds.Inbox.Keep(name)
}

// batch returns what a file brings in the words of the store.
func batch(b feed.Batch) esrmodel.Batch {
	return esrmodel.Batch{
		Full: b.Full, People: b.People, Assignments: b.Assignments, Positions: b.Positions,
		Organisations: b.Organisations, Locations: b.Locations, Deleted: b.Deletions, Faults: b.Faults,
	}
}
