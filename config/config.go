package config

import (
	"encoding/json"
	"fmt"

	"github.com/pelletier/go-toml/v2"
)

// Mode says whether runs write to the directory.
type Mode string

// The modes.
const (
	// ModeObserve reads, matches, plans, guards and reports, and writes nothing but lockouts. The default.
	ModeObserve Mode = "observe"
	// ModeEnforce also carries the plan out.
	ModeEnforce Mode = "enforce"
)

// Environment says which of ESR's environments the feeds come from and the directory is for.
type Environment string

// The environments.
const (
	// EnvironmentLive refuses a feed that holds a canary of the test environment. The default.
	EnvironmentLive Environment = "live"
	// EnvironmentTest allows `sync --as-of`.
	EnvironmentTest Environment = "test"
)

// Config is the whole of esrsync.toml. The zero value is not usable: start from [Default].
type Config struct {
	// Mode is observe (the default) or enforce.
	Mode Mode `toml:"mode" oneof:"observe enforce"`
	// EnforceClasses are the change classes that enforce applies; the others are reported only.
	// Empty, the default, means all of them. It has no effect in observe.
	EnforceClasses []string `toml:"enforce_classes" oneof:"link joiner mover rename leaver lockout release repair delete"`
	// Environment is live (the default) or test.
	Environment Environment `toml:"environment" oneof:"live test"`
	// TimeZone is the IANA name of the zone in which days begin and times of day are meant. Default Europe/London.
	TimeZone string `toml:"time_zone"`

	Trust     Trust       `toml:"trust"`
	Feeds     Feeds       `toml:"feeds"`
	Directory Directory   `toml:"directory"`
	Naming    Naming      `toml:"naming"`
	Lifecycle Lifecycle   `toml:"lifecycle"`
	Placement []Placement `toml:"placement"`
	Groups    []Group     `toml:"groups"`
	// Attributes maps a directory attribute to the rule that gives its value. Empty, the default, sets none
	// besides those that [Naming] gives.
	Attributes map[string]AttributeRule `toml:"attributes"`
	Guard      Guard                    `toml:"guard"`
	Lockout    Lockout                  `toml:"lockout"`
	URP        URP                      `toml:"urp"`
	Email      Email                    `toml:"email"`
	Writeback  Writeback                `toml:"writeback"`
	Store      Store                    `toml:"store"`
	Ledger     Ledger                   `toml:"ledger"`
	Retention  Retention                `toml:"retention"`
	Schedule   Schedule                 `toml:"schedule"`
	Report     Report                   `toml:"report"`
	Mail       Mail                     `toml:"mail"`
	Console    Console                  `toml:"console"`
	Alarms     Alarms                   `toml:"alarms"`
	Metrics    Metrics                  `toml:"metrics"`
	Log        Log                      `toml:"log"`
}

// Trust says whose staff this is.
type Trust struct {
	// Name is the trust's full name, the value of {trust} in templates. Required.
	Name string `toml:"name"`
	// VPD is the trust's three digits in ESR. Files of any other VPD are refused, users and URPs of one are
	// listed apart. Required.
	VPD string `toml:"vpd"`
	// EmailDomain is what follows the @ of the addresses that are allocated here. Required.
	EmailDomain string `toml:"email_domain"`
}

// Enforces reports whether runs apply changes of class. Lockouts and releases are applied in every mode.
func (c Config) Enforces(class string) bool {
	if class == "lockout" || class == "release" {
		return true
	}
	if c.Mode != ModeEnforce {
		return false
	}
	if len(c.EnforceClasses) == 0 {
		return true
	}
	for _, enforced := range c.EnforceClasses {
		if enforced == class {
			return true
		}
	}
	return false
}

// String returns the configuration in effect as TOML, with a placeholder for each secret.
func (c Config) String() string {
	type plain Config // without this method, which would call itself
	text, err := toml.Marshal(plain(c))
	if err != nil {
		return fmt.Sprintf("configuration that cannot be shown: %v", err)
	}
	return string(text)
}

// GoString returns what [Config.String] does, so that %#v shows no more than %v.
func (c Config) GoString() string { return c.String() }

// MarshalJSON returns the configuration in effect under the keys of the file, with a placeholder for each secret.
func (c Config) MarshalJSON() ([]byte, error) {
	var tree map[string]any
	if err := toml.Unmarshal([]byte(c.String()), &tree); err != nil {
		return nil, fmt.Errorf("rendering the configuration: %w", err)
	}
	return json.Marshal(tree)
}
