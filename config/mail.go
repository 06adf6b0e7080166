package config

// Mail says how and to whom mails are sent.
type Mail struct {
	// From is the sender's address.
	From string `toml:"from"`
	// MaxPerRun is the most mails of one run; more are gathered into one. Default 50; zero sends none.
	MaxPerRun int `toml:"max_per_run" range:"0..10000"`
	// SMTP is the server to hand mails to.
	SMTP SMTP `toml:"smtp"`
	// To lists who gets what.
	To Recipients `toml:"to"`
}

// SMTP is a mail server.
type SMTP struct {
	// Host is its name. Empty, the default: no mail is sent.
	Host string `toml:"host"`
	// Port is its TCP port. Default 587.
	Port int `toml:"port" range:"1..65535"`
	// TLS is starttls (the default), tls (from the first byte) or none (never with a password).
	TLS string `toml:"tls" oneof:"starttls tls none"`
	// User is the name to sign in with. Empty: without signing in.
	User string `toml:"user"`
	// Password goes with User.
	Password Secret `toml:"password"`
}

// Recipients lists addresses by what is sent. An empty list sends that to nobody.
type Recipients struct {
	// Report gets the daily report.
	Report []string `toml:"report"`
	// Incident gets what cannot wait: an account still open, a hold undone by somebody.
	Incident []string `toml:"incident"`
	// Workforce gets the addresses to load into ESR and findings of data quality.
	Workforce []string `toml:"workforce"`
	// CorporateSystems gets the responsibilities in ESR that have to be ended.
	CorporateSystems []string `toml:"corporate_systems"`
}
