package config

// Console is the web console.
type Console struct {
	// Listen is host:port. Empty, the default: there is no console.
	Listen string `toml:"listen"`
	// Cert is the path of the PEM certificate, and Key of its private key. Both are required with Listen.
	Cert string `toml:"cert"`
	Key  string `toml:"key"`
	// Session is how long a sign-in lasts without use. Default 30 minutes.
	Session Duration `toml:"session"`
	// Managers says whom a line manager sees: direct (the default), below or none.
	Managers string `toml:"managers" oneof:"direct below none"`
	// Roles maps each role to the DN of the group that has it.
	Roles Roles `toml:"roles"`
	// OIDC is a way to sign in besides the directory's.
	OIDC OIDC `toml:"oidc"`
}

// Roles holds the DN of the group for each role. An empty one gives the role to nobody.
type Roles struct {
	// The group's DN.
	ServiceDesk      string `toml:"service_desk"`
	CorporateSystems string `toml:"corporate_systems"`
	Admin            string `toml:"admin"`
	HR               string `toml:"hr"`
	Auditor          string `toml:"auditor"`
	Workforce        string `toml:"workforce"`
}

// Map returns the group's DN by role, without the roles that nobody has.
func (r Roles) Map() map[string]string { return headings(r) }

// OIDC is an OpenID Connect provider.
type OIDC struct {
	// Issuer is the provider's https address. Empty, the default: not used.
	Issuer string `toml:"issuer"`
	// ClientID is our name there.
	ClientID string `toml:"client_id"`
	// ClientSecret goes with ClientID.
	ClientSecret Secret `toml:"client_secret"`
}

// Alarms says who is called when something is wrong, besides mail.to.incident.
type Alarms struct {
	// Webhook are HTTPS calls.
	Webhook []Webhook `toml:"webhook"`
}

// Webhook is an HTTPS call with a signed body.
type Webhook struct {
	// URL is called over HTTPS. Required.
	URL string `toml:"url"`
	// Secret is the HMAC key that signs the body. Required.
	Secret Secret `toml:"secret"`
}

// Metrics is the listener for figures in Prometheus form.
type Metrics struct {
	// Listen is host:port. Empty, the default: none.
	Listen string `toml:"listen"`
}

// Log says what is logged and where to.
type Log struct {
	// Level is debug, info (the default), warn or error.
	Level string `toml:"level" oneof:"debug info warn error"`
	// Format is json (the default) or text.
	Format string `toml:"format" oneof:"json text"`
	// File is the path of a file that is rotated. Empty, the default: standard error, the journal or the Event Log.
	File string `toml:"file"`
}
