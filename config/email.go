package config

// EmailProvider says who allocates addresses.
type EmailProvider string

// The providers.
const (
	// ProviderOwn allocates here. The default.
	ProviderOwn EmailProvider = "own"
	// ProviderFile asks another service by CSV, and learns from its answer.
	ProviderFile EmailProvider = "file"
)

// EmailReady says when an address may be given to ESR.
type EmailReady string

// The signs that an address works.
const (
	// ReadyAssume takes an address as working once it is written. The default.
	ReadyAssume EmailReady = "assume"
	// ReadyAttribute waits for ReadyAttribute to have a value.
	ReadyAttribute EmailReady = "attribute"
	// ReadyCommand waits for MailboxCommand to succeed.
	ReadyCommand EmailReady = "command"
	// ReadyAnswer waits for the other service's answer.
	ReadyAnswer EmailReady = "answer"
)

// Email says how addresses come to be.
type Email struct {
	// Provider is own (the default) or file.
	Provider EmailProvider `toml:"provider" oneof:"own file"`
	// RequestFile is the path of the requests to the other service, for file; {date} is the day.
	RequestFile string `toml:"request_file"`
	// AnswerFile is the pattern of names of its answers in the inbox.
	AnswerFile string `toml:"answer_file"`
	// Ready is assume (the default), attribute, command or answer.
	Ready EmailReady `toml:"ready" oneof:"assume attribute command answer"`
	// ReadyAttribute is the directory attribute that shows a mailbox, for attribute.
	ReadyAttribute string `toml:"ready_attribute"`
	// Columns names the headings of the answers.
	Columns EmailColumns `toml:"columns"`
	// MailboxCommand is a program and its arguments, run without a shell once for each new mailbox. Empty, the
	// default: attributes alone make one.
	MailboxCommand []string `toml:"mailbox_command"`
}

// EmailColumns names the heading of each column of the other service's answers.
type EmailColumns struct {
	EmployeeNumber string `toml:"employee_number"`
	Email          string `toml:"email"`
	State          string `toml:"state"`
}

// Map returns the headings by key, without those that are empty.
func (c EmailColumns) Map() map[string]string { return headings(c) }

// Writeback is the list of addresses that Workforce Information loads into ESR.
type Writeback struct {
	// File is the path of the list; {date} is the day.
	File string `toml:"file"`
	// ExpectWithinWorkingDays is when an address that ESR does not show yet is a finding. Default 5.
	ExpectWithinWorkingDays int `toml:"expect_within_working_days" range:"1..60"`
}
