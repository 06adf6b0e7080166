package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

func (c *checker) lockout(config *Config) {
	l := &config.Lockout
	c.dns("lockout.bases", l.Bases, []string{config.Directory.Base}, "directory.base")
	for _, base := range present(config.Directory.ManagedBases) {
		if !isUnderAny(base, present(l.Bases)) {
			c.warn("lockout.bases", fmt.Sprintf("accounts under %q cannot be locked out", base), "name the whole domain")
		}
	}
	c.globs("lockout.never", l.Never)
	if !slices.ContainsFunc(l.Never, func(name string) bool { return strings.EqualFold(name, "krbtgt") }) {
		c.warn("lockout.never", "does not name krbtgt, without which nobody signs in", "add it")
	}
	c.texts("lockout.categories", l.Categories)
	if len(l.Categories) == 0 {
		c.fault("lockout.categories", "is empty, and a lockout needs a category", `write at least ["other"]`)
	}
	names := map[string]bool{}
	for i, hook := range l.Hooks {
		key := elementKey("lockout.hooks", i)
		c.hook(key, hook)
		if names[hook.Name] && hook.Name != "" {
			c.fault(key+".name", fmt.Sprintf("%q is there twice", hook.Name), "give each hook a name of its own")
		}
		names[hook.Name] = true
	}
}

func (c *checker) hook(key string, hook Hook) {
	c.required(key+".name", hook.Name, "name the hook")
	c.positive(map[string]Duration{key + ".timeout": hook.Timeout})
	switch {
	case (len(hook.Command) > 0) == (hook.URL != ""):
		c.fault(key, "needs either command or url", "write one of them")
	case hook.URL != "":
		c.https(key+".url", hook.URL)
		c.requiredSecret(key+".secret", hook.Secret)
	default:
		c.command(key+".command", hook.Command, PlaceHook)
	}
}

// command checks a program and its arguments. The program itself is fixed: a person's data never chooses it.
func (c *checker) command(key string, command []string, place Place) {
	if strings.ContainsAny(command[0], "{}") || command[0] == "" {
		c.fault(elementKey(key, 0), "is not the path of a program", "write it in full; placeholders go into the arguments")
	}
	for i, argument := range command[1:] {
		if argument != "" {
			c.template(elementKey(key, i+1), argument, place)
		}
	}
}

func (c *checker) urp(u *URP) {
	c.texts("urp.elevated_except", u.ElevatedExcept)
	c.texts("urp.smartcard_required", u.SmartcardRequired)
	c.texts("urp.exception_approvers", u.ExceptionApprovers)
	c.globs("urp.generic_names", u.GenericNames)
	c.positive(map[string]Duration{"urp.unused_after": u.UnusedAfter})
	for i, pair := range u.Conflicts {
		key := elementKey("urp.conflicts", i)
		c.texts(key, pair)
		if len(pair) != 2 {
			c.fault(key, "is not a pair", `write ["one", "the other"]`)
		}
	}
}

func (c *checker) email(config *Config) {
	e := &config.Email
	needed := map[EmailReady]struct{ key, text, mend string }{
		ReadyAttribute: {"email.ready_attribute", e.ReadyAttribute, "write the attribute that shows a mailbox"},
		ReadyCommand:   {"email.mailbox_command", strings.Join(e.MailboxCommand, " "), "write the program that makes a mailbox"},
		ReadyAnswer:    {"email.answer_file", e.AnswerFile, `write the pattern of the answers, such as "mailboxes_*.csv"`},
	}
	if need, found := needed[e.Ready]; found {
		c.required(need.key, need.text, need.mend)
	}
	if e.Provider == ProviderFile {
		c.required("email.request_file", e.RequestFile, "write the path of the requests")
		c.required("email.answer_file", e.AnswerFile, "write the pattern of the answers")
	}
	if e.Provider == ProviderFile || e.Ready == ReadyAnswer {
		c.columns("email", e.AnswerFile, e.Columns.Map(), "employee_number", "email")
	}
	if e.ReadyAttribute != "" {
		c.attribute("email.ready_attribute", e.ReadyAttribute)
	}
	if len(e.MailboxCommand) > 0 {
		c.command("email.mailbox_command", e.MailboxCommand, PlaceMailbox)
	}
	c.dated("email.request_file", e.RequestFile)
	c.required("writeback.file", config.Writeback.File, "write the path of the list for Workforce Information")
	c.dated("writeback.file", config.Writeback.File)
}

// dated checks the path of a file that is written again and again.
func (c *checker) dated(key, path string) {
	if path == "" {
		return
	}
	c.template(key, path, PlaceFile)
	if !strings.Contains(path, "{date}") {
		c.warn(key, "is the same every day, so each file replaces the one before", "put {date} into it")
	}
}

func (c *checker) store(config *Config) {
	switch config.Store.Driver {
	case StoreSQLite:
		c.required("store.path", config.Store.Path, "write the path of the database's file")
	case StorePostgres:
		c.requiredSecret("store.dsn", config.Store.DSN)
	}
	c.positive(map[string]Duration{
		"store.lease":                           config.Store.Lease,
		"retention.personal_data_after_leaving": config.Retention.PersonalDataAfterLeaving,
		"retention.ledger":                      config.Retention.Ledger,
		"report.keep":                           config.Report.Keep,
	})
	c.ledger(&config.Ledger)
	if config.Retention.Ledger < config.Retention.PersonalDataAfterLeaving {
		c.fault("retention.ledger", "is shorter than personal_data_after_leaving", "keep the ledger at least as long as the names in it")
	}
	c.required("report.directory", config.Report.Directory, "write the folder of reports")
	c.texts("report.formats", config.Report.Formats)
}

func (c *checker) ledger(l *Ledger) {
	c.requiredSecret("ledger.key", l.Key)
	c.requiredSecret("ledger.token_key", l.TokenKey)
	if l.Key == l.TokenKey && !l.Key.IsZero() {
		c.fault("ledger.token_key", "is the same secret as ledger.key", "make a key of its own")
	}
	c.texts("ledger.checkpoint_to", l.CheckpointTo)
	if len(l.CheckpointTo) == 0 {
		c.warn("ledger.checkpoint_to", "is empty, so nothing shows whether the end of the ledger was cut off", `write ["syslog"]`)
	}
	if slices.Contains(l.CheckpointTo, "file") {
		c.required("ledger.checkpoint_file", l.CheckpointFile, "write the path of the file of checkpoints")
	}
}

func (c *checker) schedule(config *Config) {
	s := &config.Schedule
	for _, job := range []struct{ key, text string }{
		{"schedule.sync", s.Sync}, {"schedule.dates", s.Dates}, {"schedule.report", s.Report}, {"schedule.kpi", s.KPI},
	} {
		if job.text == "" {
			continue
		}
		cron, err := ParseCron(job.text)
		if err != nil {
			c.fault(job.key, err.Error(), `write minute, hour, day, month and day of the week, such as "0 6 * * *"`)
		} else if config.TimeZone == "Europe/London" && cron.inHour(1) {
			c.warn(job.key, "comes between 01:00 and 01:59, which the clocks skip in March and repeat in October",
				"choose another hour")
		}
	}
}

func (c *checker) mail(m *Mail) {
	for _, list := range []struct {
		key       string
		addresses []string
	}{
		{"mail.to.report", m.To.Report}, {"mail.to.incident", m.To.Incident},
		{"mail.to.workforce", m.To.Workforce}, {"mail.to.corporate_systems", m.To.CorporateSystems},
	} {
		for i, address := range list.addresses {
			c.mailbox(elementKey(list.key, i), address)
		}
	}
	if m.From != "" {
		c.mailbox("mail.from", m.From)
	}
	if m.SMTP.Host == "" {
		c.warn("mail.smtp.host", "is empty, so no mail is sent, not even an incident's", "name the mail server")
		return
	}
	c.required("mail.from", m.From, "write the sender's address")
	if len(m.To.Incident) == 0 {
		c.warn("mail.to.incident", "is empty, so nobody is told when an account stays open", "add an address that is read at night")
	}
	if (m.SMTP.User == "") != m.SMTP.Password.IsZero() {
		c.fault("mail.smtp", "has only one of user and password", "write both, or neither")
	}
	if m.SMTP.TLS == "none" && !m.SMTP.Password.IsZero() {
		c.fault("mail.smtp.tls", "would send the password in clear", `write "starttls" or "tls"`)
	}
}

func (c *checker) console(console *Console) {
	for role, group := range console.Roles.Map() {
		c.dn("console.roles."+role, group)
		c.under("console.roles."+role, group, []string{c.document.Config.Directory.Base}, "directory.base")
	}
	c.positive(map[string]Duration{"console.session": console.Session})
	if console.Listen != "" {
		c.required("console.cert", console.Cert, "write the path of the certificate: the console speaks HTTPS only")
		c.required("console.key", console.Key, "write the path of the certificate's private key")
	}
	if console.OIDC.Issuer != "" {
		c.https("console.oidc.issuer", console.OIDC.Issuer)
		c.required("console.oidc.client_id", console.OIDC.ClientID, "write our name at the provider")
		c.requiredSecret("console.oidc.client_secret", console.OIDC.ClientSecret)
	}
}

// listeners checks what is listened on and what is called.
func (c *checker) listeners(config *Config) {
	c.listen("console.listen", config.Console.Listen)
	c.listen("metrics.listen", config.Metrics.Listen)
	if config.Console.Listen != "" && config.Console.Listen == config.Metrics.Listen {
		c.fault("metrics.listen", "is the console's address", "write another port")
	}
	for i, webhook := range config.Alarms.Webhook {
		key := elementKey("alarms.webhook", i)
		c.https(key+".url", webhook.URL)
		c.requiredSecret(key+".secret", webhook.Secret)
	}
}

// paths warns of paths that depend on where the service was started.
func (c *checker) paths(config *Config) {
	for _, file := range []struct{ key, path string }{
		{"feeds.inbox", config.Feeds.Inbox}, {"feeds.archive", config.Feeds.Archive},
		{"directory.ca_file", config.Directory.CAFile}, {"directory.bind.keytab", config.Directory.Bind.Keytab},
		{"directory.read_bind.keytab", config.Directory.ReadBind.Keytab},
		{"urp.exceptions", config.URP.Exceptions}, {"email.request_file", config.Email.RequestFile},
		{"writeback.file", config.Writeback.File}, {"store.path", config.Store.Path},
		{"ledger.checkpoint_file", config.Ledger.CheckpointFile}, {"report.directory", config.Report.Directory},
		{"console.cert", config.Console.Cert}, {"console.key", config.Console.Key}, {"log.file", config.Log.File},
	} {
		if file.path != "" && !filepath.IsAbs(file.path) && !strings.HasPrefix(file.path, "/") {
			c.warn(file.key, fmt.Sprintf("%q depends on where the service was started", file.path), "write the path in full")
		}
	}
}
