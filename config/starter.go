package config

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"text/template"
)

//go:embed starter.toml.tmpl
var starterText string

// InitAnswers are what a person answers when a trust is set up for the first time.
type InitAnswers struct {
	TrustName   string // required
	VPD         string // three digits; required
	EmailDomain string // what follows the @; required
	Environment Environment

	Servers     []string // ldaps:// addresses; either these or Domain
	Domain      string   // the domain whose SRV records name the controllers
	CAFile      string   // empty: the system's authorities
	Base        string   // the domain's DN; required
	ManagedBase string   // the OU of the accounts; required
	GroupBase   string   // the OU of the groups; empty: none

	BindUser     string // the account that writes; empty: the service's own account (Windows)
	BindPassword Secret
	ReadUser     string // the account that plans; empty: the one that writes does that too
	ReadPassword Secret

	DataDir   string // where the service writes; empty: the system's usual place
	LedgerKey Secret // zero: where init puts a key by default
	TokenKey  Secret // zero: where init puts a key by default

	MailFrom string // the sender's address; empty: esrsync at EmailDomain
	MailTo   string // who gets the report and incidents; empty: nobody
	SMTPHost string // empty: no mail
}

// Starter returns a commented configuration made from answers. It is short, and it observes. What [Parse] finds
// wrong with it, because an answer is, comes as [Faults].
func Starter(answers InitAnswers) ([]byte, error) {
	answers.complete()
	layout, err := template.New("esrsync.toml").Funcs(template.FuncMap{
		"quote": quoteTOML,
		"list":  quoteList,
		"ref":   func(secret Secret) (string, error) { return quoteTOML(secret.reference()) },
		"data":  func(name string) string { return underData(answers.DataDir, name) },
	}).Parse(starterText)
	if err != nil {
		return nil, fmt.Errorf("reading the layout of a first configuration: %w", err)
	}
	var text bytes.Buffer
	if err := layout.Execute(&text, answers); err != nil {
		return nil, fmt.Errorf("writing a first configuration: %w", err)
	}
	if _, err := Parse(text.Bytes(), "esrsync.toml"); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// complete fills in what a person need not answer.
func (a *InitAnswers) complete() {
	if a.Environment == "" {
		a.Environment = EnvironmentLive
	}
	if a.DataDir == "" {
		a.DataDir = dataFolder()
	}
	if a.LedgerKey.IsZero() {
		a.LedgerKey = keyReference("ledger-key")
	}
	if a.TokenKey.IsZero() {
		a.TokenKey = keyReference("token-key")
	}
	if a.MailFrom == "" {
		a.MailFrom = "esrsync@" + a.EmailDomain
	}
}

// underData returns a path in the data folder, in the manner of the folder's own path.
func underData(folder, name string) string {
	if strings.Contains(folder, `\`) {
		return strings.TrimSuffix(folder, `\`) + `\` + strings.ReplaceAll(name, "/", `\`)
	}
	return path.Join(folder, name)
}

// quoteTOML returns a text as TOML has it. A JSON text is a TOML one, but for the letters that JSON hides from
// web pages.
func quoteTOML(text any) (string, error) {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(fmt.Sprint(text)); err != nil {
		return "", err
	}
	return strings.ReplaceAll(strings.TrimSuffix(quoted.String(), "\n"), "\x7f", `\u007f`), nil
}

func quoteList(texts []string) (string, error) {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		var err error
		if quoted[i], err = quoteTOML(text); err != nil {
			return "", err
		}
	}
	return "[" + strings.Join(quoted, ", ") + "]", nil
}
