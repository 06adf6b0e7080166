package config

// StoreDriver is a database engine.
type StoreDriver string

// The engines.
const (
	// StoreSQLite is a file, for one machine. The default.
	StoreSQLite StoreDriver = "sqlite"
	// StorePostgres may be shared by two machines or more.
	StorePostgres StoreDriver = "postgres"
)

// Store says where the service remembers.
type Store struct {
	// Driver is sqlite (the default) or postgres.
	Driver StoreDriver `toml:"driver" oneof:"sqlite postgres"`
	// Path is the database's file, for sqlite.
	Path string `toml:"path"`
	// DSN is the connection string, for postgres.
	DSN Secret `toml:"dsn"`
	// Lease is how long a leader that has gone silent keeps its lead. Default 30 seconds.
	Lease Duration `toml:"lease"`
}

// Ledger says how the record of who did what is sealed.
type Ledger struct {
	// Key signs checkpoints: 32 random bytes in base64.
	Key Secret `toml:"key"`
	// TokenKey seals the tokens on accounts: 32 random bytes in base64, never the same as Key. It is not in the
	// store, so it has to be backed up apart.
	TokenKey Secret `toml:"token_key"`
	// CheckpointTo lists where checkpoints go after each run and lockout: syslog, mail, file. Empty: nowhere,
	// and nothing shows that the end of the ledger was cut off.
	CheckpointTo []string `toml:"checkpoint_to" oneof:"syslog mail file"`
	// CheckpointFile is the path of the file of checkpoints.
	CheckpointFile string `toml:"checkpoint_file"`
}

// Retention says how long what is about people is kept.
type Retention struct {
	// PersonalDataAfterLeaving is how long a leaver's names and values are kept. Default 730 days.
	PersonalDataAfterLeaving Duration `toml:"personal_data_after_leaving"`
	// Ledger is how long the ledger is kept. Default 2920 days, eight years.
	Ledger Duration `toml:"ledger"`
}

// Schedule lists runs besides those that a feed's arrival starts. Each is a cron expression of five fields in
// time_zone; empty means never.
type Schedule struct {
	// Sync is a whole run. Default 06:00 daily.
	Sync string `toml:"sync"`
	// Dates looks again at the dates in the store. Default 00:05 daily.
	Dates string `toml:"dates"`
	// Report is when the day's report goes out at the latest. Default 09:00 daily.
	Report string `toml:"report"`
	// KPI is when the month's figures go out. Default 08:00 on the first of the month.
	KPI string `toml:"kpi"`
}

// Report says where reports are kept, and in which forms.
type Report struct {
	// Directory is the folder of reports.
	Directory string `toml:"directory"`
	// Formats are html, xlsx, csv, json and text. Empty writes none.
	Formats []string `toml:"formats" oneof:"html xlsx csv json text"`
	// Keep is how long a report stays. Default 400 days.
	Keep Duration `toml:"keep"`
}
