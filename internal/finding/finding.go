// Package finding holds the noun for what does not fit: a person, an account or
// a feed that somebody should look at. A finding changes nothing by itself.
//
// A finding has the same identity from night to night, so that it has an age and
// closes by itself when its evidence is gone.
package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strings"

	"esrsync/esrmodel"
)

// Code names a sort of finding: D for the directory, E for email, L for
// lateness, Q for the quality of ESR's data, S for suspensions, U for URPs.
type Code string

// The codes of the directory and of ESR's data. Those of URPs are in sync/urp.
const (
	UnownedAccount     Code = "D01"
	NoAccount          Code = "D02"
	SeveralAccounts    Code = "D03"
	DisabledByHand     Code = "D04"
	ProtectedLeaver    Code = "D05"
	DisabledWithGroups Code = "D06"
	GenericAccount     Code = "D07"
	UnusedAccount      Code = "D08"
	WrongManager       Code = "D09"
	InvalidToken       Code = "D10"
	NameClash          Code = "D11"
	EmailNotInESR      Code = "E01"
	ReportedLate       Code = "L01"
	SupervisorMissing  Code = "Q01"
	UnknownStatus      Code = "Q02"
	PrimaryUnclear     Code = "Q03"
	DateGap            Code = "Q04"
	DuplicatePerson    Code = "Q05"
	EndedPositionHeld  Code = "Q06"
	ImpossibleValue    Code = "Q07"
	LeftOrLost         Code = "Q08"
	SuspendedNotLocked Code = "S01"
	LockedNotSuspended Code = "S02"
)

// Severity is one of the trust's four grades of incident.
type Severity string

// The severities, gravest first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Moderate Severity = "moderate"
	Standard Severity = "standard"
)

// Rank orders severities: 0 is the gravest.
func (s Severity) Rank() int {
	switch s {
	case Critical:
		return 0
	case High:
		return 1
	case Moderate:
		return 2
	}
	return 3
}

// Owner is the team that can mend a finding.
type Owner string

// The owners.
const (
	Infrastructure   Owner = "infrastructure"
	ServiceDesk      Owner = "service_desk"
	Workforce        Owner = "workforce"
	CorporateSystems Owner = "corporate_systems"
	HR               Owner = "hr"
)

// Definition is what a code means, how grave it is by default and who mends it.
type Definition struct {
	Code     Code
	Meaning  string
	Severity Severity
	Owner    Owner
}

// Definitions returns every code of this package in order.
func Definitions() []Definition {
	return []Definition{
		{UnownedAccount, "an account that nobody owns", Moderate, Infrastructure},
		{NoAccount, "a current person without an account", Moderate, ServiceDesk},
		{SeveralAccounts, "several accounts carry one person's employee number", High, Infrastructure},
		{DisabledByHand, "a current person's account was disabled by somebody else", Moderate, ServiceDesk},
		{ProtectedLeaver, "a leaver's protected account is still on", Critical, Infrastructure},
		{DisabledWithGroups, "a disabled account still has managed groups", Moderate, Infrastructure},
		{GenericAccount, "a generic or shared account", Moderate, Infrastructure},
		{UnusedAccount, "an account that is not used", Standard, Infrastructure},
		{WrongManager, "the manager in the directory has left or is not ESR's", Standard, Infrastructure},
		{InvalidToken, "an account's token is not valid", Critical, Infrastructure},
		{NameClash, "a login or an address is on two accounts", High, Infrastructure},
		{EmailNotInESR, "the address is not in ESR yet", Standard, Workforce},
		{ReportedLate, "the leaver was recorded after the leaving day", Moderate, HR},
		{SupervisorMissing, "the supervisor is missing, has left, or is in a ring", Standard, Workforce},
		{UnknownStatus, "an assignment status that the table does not have", High, Workforce},
		{PrimaryUnclear, "no primary assignment, or several", Standard, Workforce},
		{DateGap, "an assignment's dates have a gap or end without a date of leaving", High, Workforce},
		{DuplicatePerson, "two records of one person", High, Workforce},
		{EndedPositionHeld, "an ended position still has a holder", Standard, Workforce},
		{ImpossibleValue, "values that disagree or cannot be", High, Workforce},
		{LeftOrLost, "left, or lost from the feed?", High, HR},
		{SuspendedNotLocked, "suspended in ESR without a lockout here", High, HR},
		{LockedNotSuspended, "locked out here without a suspension in ESR", High, HR},
	}
}

// Subject says what a finding is about.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	Key  string      `json:"key"` // employee number, objectGUID, file name…
}

// SubjectKind is the sort of thing that a finding is about.
type SubjectKind string

// The kinds of subject.
const (
	OfPerson       SubjectKind = "person"
	OfAccount      SubjectKind = "account"
	OfURP          SubjectKind = "urp"
	OfPosition     SubjectKind = "position"
	OfOrganisation SubjectKind = "organisation"
	OfFeed         SubjectKind = "feed"
)

// Finding is one thing that does not fit.
type Finding struct {
	ID        string        `json:"id"`
	Code      Code          `json:"code"`
	Severity  Severity      `json:"severity"`
	Subject   Subject       `json:"subject"`
	FirstSeen esrmodel.Date `json:"first_seen"` // filled in from the store; zero in a pure room
	LastSeen  esrmodel.Date `json:"last_seen"`
	Text      string        `json:"text"` // the evidence in words; no NI number, date of birth or lockout category
	Owner     Owner         `json:"owner"`
}

// New returns a finding of a known code with its default severity and owner.
// The discriminator tells apart findings of one code about one subject; most
// codes need none.
func New(code Code, kind SubjectKind, key, discriminator, text string) Finding {
	f := Finding{Code: code, Subject: Subject{Kind: kind, Key: key}, Text: text, Severity: Standard, Owner: Infrastructure}
	for _, d := range Definitions() {
		if d.Code == code {
			f.Severity, f.Owner = d.Severity, d.Owner
		}
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{string(code), string(kind), key, discriminator}, "\x00")))
	f.ID = hex.EncodeToString(sum[:8])
	return f
}

// Sort puts findings in the order in which people read them: the gravest first,
// then by code, subject and identity.
func Sort(fs []Finding) {
	sort.Slice(fs, func(i, j int) bool {
		a, b := fs[i], fs[j]
		switch {
		case a.Severity != b.Severity:
			return a.Severity.Rank() < b.Severity.Rank()
		case a.Code != b.Code:
			return a.Code < b.Code
		case a.Subject != b.Subject:
			return a.Subject.Kind+SubjectKind(a.Subject.Key) < b.Subject.Kind+SubjectKind(b.Subject.Key)
		}
		return a.ID < b.ID
	})
}
