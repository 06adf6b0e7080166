package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"

	"esrsync/config"
	"esrsync/esrmodel"
	"esrsync/esrmodel/feed"
	"esrsync/ldapx"
	"esrsync/sync/engine"
	"esrsync/sync/guard"
	"esrsync/sync/person"
	"esrsync/sync/plan"
)

// settings says what the configuration says, in the engine's words.
func (s *session) settings() (engine.Settings, error) {
	zone, err := time.LoadLocation(s.cfg.TimeZone)
	if err != nil {
		return engine.Settings{}, fmt.Errorf("time_zone: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	cfg := s.cfg
	return engine.Settings{
		Mode: string(cfg.Mode), Zone: zone, LeaverAt: time.Duration(cfg.Lifecycle.LeaverAt.Minutes()) * time.Minute,
		Base: cfg.Directory.Base, Bases: cfg.Directory.ManagedBases,
		Scope:  []string{"givenName", "sn", "displayName", "title", "department", "msExchHideFromAddressLists"},
		People: peoplePolicy(cfg), Workers: cfg.Directory.Connections, Lease: cfg.Store.Lease.Std(),
		Machine: fmt.Sprintf("%s, process %d", host, os.Getpid()),
		Feeds:   feedSettings(cfg), Policies: policies(s.doc),
	}, nil
}

func peoplePolicy(cfg config.Config) person.Policy {
	statuses := map[string]person.Effect{}
	for label, effect := range cfg.Lifecycle.Statuses {
		statuses[label] = person.Effect(effect)
	}
	return person.Policy{
		LeaverDate: string(cfg.Lifecycle.LeaverDate), CreateBefore: days(cfg.Lifecycle.CreateBeforeStart),
		AbsentFullFeeds: cfg.Lifecycle.AbsentFullFeeds, Statuses: statuses, Categories: cfg.Lifecycle.Categories,
	}
}

func days(d config.Duration) int { return int(d.Std() / (24 * time.Hour)) }

// feedSettings says where feeds are and how they are judged.
func feedSettings(cfg config.Config) engine.FeedSettings {
	staff := cfg.Feeds.Staff
	outbox := filepath.Dir(cfg.Writeback.File)
	return engine.FeedSettings{
		Others: []string{cfg.Feeds.URP.File, cfg.Feeds.OneForms.File, cfg.Feeds.ASNumbers.File, cfg.Email.AnswerFile},
		Inbox:  feedFolder(cfg), StaffPattern: staff.File, ExternalsPattern: cfg.Feeds.NonESR.File,
		Staff: feed.Policy{
			Format: string(staff.Format), VPD: cfg.Trust.VPD, Environment: string(cfg.Environment),
			TestCanaries: staff.TestCanaries, Canaries: staff.Canaries, TrailerCounts: string(staff.TrailerCounts),
			MaxShrinkPercent: staff.MaxShrinkPercent, MaxShrinkPercentPerOrganisation: staff.MaxShrinkPercentPerOrganisation,
			Columns: staff.Columns.Map(),
		},
		Externals: feed.Policy{Columns: cfg.Feeds.NonESR.Columns.Map(), MaxShrinkPercent: staff.MaxShrinkPercent},
		Request: func(name string, content []byte) error {
			if err := os.MkdirAll(outbox, 0o750); err != nil {
				return fmt.Errorf("making the outbox: %w", err)
			}
			return os.WriteFile(filepath.Join(outbox, name), content, 0o640)
		},
	}
}

// policies compiles the rules of the configuration against the organisations that ESR has.
func policies(doc config.Document) func(esrmodel.Staff, esrmodel.Date) (plan.Policy, guard.Policy, error) {
	return func(staff esrmodel.Staff, day esrmodel.Date) (plan.Policy, guard.Policy, error) {
		c := compiler{doc: doc, places: person.Places(staff, day)}
		p, g := c.plan(doc.Config), c.guard(doc.Config)
		if len(c.faults) > 0 {
			return p, g, config.Faults(c.faults)
		}
		return p, g, nil
	}
}

// compiler compiles rules and gathers what is wrong with them.
type compiler struct {
	doc    config.Document
	places []person.Place
	faults []config.Fault
}

func (c *compiler) rule(key, text string) person.Rule {
	r, err := person.CompileRule(text, c.places)
	if err != nil {
		c.faults = append(c.faults, c.doc.Fault(key, err.Error(), "correct the rule; nobody is changed until it can be read"))
	}
	return r
}

func (c *compiler) plan(cfg config.Config) plan.Policy {
	p := plan.Policy{
		Trust: cfg.Trust.Name, EmailDomain: cfg.Trust.EmailDomain,
		ManagedBases: cfg.Directory.ManagedBases, GroupBases: cfg.Directory.GroupBases, LeaversOU: cfg.Directory.LeaversOU,
		LoginTemplates: cfg.Naming.Login, LoginMax: cfg.Naming.LoginMax, UPNTemplate: cfg.Naming.UPN,
		EmailTemplates: cfg.Naming.Email, DisplayName: cfg.Naming.DisplayName, CommonName: cfg.Naming.CN,
		Rename: string(cfg.Naming.Rename), EmailFromFile: cfg.Email.Provider == config.ProviderFile,
		CreateBefore: days(cfg.Lifecycle.CreateBeforeStart), AccountExpires: cfg.Lifecycle.AccountExpires,
		DeleteAfter: days(cfg.Lifecycle.DeleteAfter.Duration()), UnusedAfter: days(cfg.Lifecycle.UnusedAccountAfter),
		ProtectedGroups: cfg.Directory.Protected.Groups, Protected: cfg.Directory.Protected.Accounts,
		Secondary: cfg.Directory.SecondaryAccounts, Generic: cfg.URP.GenericNames,
		PersonKeyAttribute: cfg.Directory.PersonKeyAttribute, MarkerAttribute: cfg.Directory.MarkerAttribute,
	}
	for i, rule := range cfg.Placement {
		name := fmt.Sprintf("placement[%d]", i)
		p.Placement = append(p.Placement, plan.Placement{Name: name, When: c.rule(name+".when", rule.When), OU: rule.OU, Always: rule.Apply == config.ApplyAlways})
	}
	for i, rule := range cfg.Groups {
		name := fmt.Sprintf("groups[%d]", i)
		p.Groups = append(p.Groups, plan.GroupRule{Name: name, When: c.rule(name+".when", rule.When), Group: rule.Group, Exclusive: rule.Exclusive})
	}
	for name, rule := range cfg.Attributes {
		p.Attributes = append(p.Attributes, plan.Attribute{Name: name, Template: rule.Value, Authority: plan.Authority(rule.Authority)})
	}
	sort.Slice(p.Attributes, func(i, j int) bool { return p.Attributes[i].Name < p.Attributes[j].Name })
	return p
}

func (c *compiler) guard(cfg config.Config) guard.Policy {
	g := guard.Policy{
		ShareFrom: cfg.Guard.ShareFrom, PerOrganisation: limit(cfg.Guard.PerOrganisation),
		Limits: limits(cfg.Guard.Limits()), Observe: cfg.Mode != config.ModeEnforce,
	}
	for _, q := range cfg.Guard.QuietHours {
		g.Quiet = append(g.Quiet, guard.Quiet{Text: q.String(), From: minuteOfWeek(q.From), To: minuteOfWeek(q.To)})
	}
	for i, e := range cfg.Guard.Expected {
		g.Expected = append(g.Expected, guard.Expected{
			Name: e.Name, From: dateOf(e.From), To: dateOf(e.To), Limits: limits(e.Limits()),
			When: c.rule(fmt.Sprintf("guard.expected[%d].when", i), e.When),
		})
	}
	if len(cfg.EnforceClasses) > 0 {
		g.Classes = map[plan.Class]bool{}
		for _, class := range cfg.EnforceClasses {
			g.Classes[plan.Class(class)] = true
		}
	}
	return g
}

func limit(l config.Limit) guard.Limit { return guard.Limit{Max: l.Max, MaxPercent: l.MaxPercent} }

func limits(of map[string]config.Limit) map[plan.Class]guard.Limit {
	out := map[plan.Class]guard.Limit{}
	for class, l := range of {
		out[plan.Class(class)] = limit(l)
	}
	return out
}

// minuteOfWeek counts from Monday 00:00.
func minuteOfWeek(t config.WeekTime) int {
	return (int(t.Day)+6)%7*24*60 + t.At.Minutes()
}

func dateOf(d config.Date) esrmodel.Date { return esrmodel.NewDate(d.Year, d.Month, d.Day) }

// options says which directory to open and as whom.
func (d *domain) options(bind config.Bind) (ldapx.Options, error) {
	if bind.Method != config.BindSimple {
		return ldapx.Options{}, usage("directory.bind.method = %q is not supported yet: use \"simple\", over TLS", bind.Method)
	}
	return ldapx.Options{
		Servers: d.cfg.Servers, Domain: d.cfg.Domain, CAFile: d.cfg.CAFile, Base: d.cfg.Base,
		Connections: d.cfg.Connections, Timeout: d.cfg.Timeout.Std(), PageSize: d.cfg.PageSize,
		BindUser: bind.User, BindPassword: bind.Password.Resolve, Circuit: d.circuitOf(bind),
		PersonKeyAttribute: d.cfg.PersonKeyAttribute, MarkerAttribute: d.cfg.MarkerAttribute, Logger: d.log,
	}, nil
}
