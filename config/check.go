package config

// checker finds what is wrong with a configuration that could be decoded.
type checker struct {
	document *Document
	decoded  Faults // faults of decoding: what is about the same keys would only echo them
	faults   Faults
	warnings Faults
}

// fault reports what makes the configuration unusable.
func (c *checker) fault(key, message, mend string) {
	if !c.decoded.about(key) {
		c.faults = append(c.faults, c.document.Fault(key, message, mend))
	}
}

// warn reports what is worth a look.
func (c *checker) warn(key, message, mend string) {
	if !c.decoded.about(key) {
		c.warnings = append(c.warnings, c.document.Fault(key, message, mend))
	}
}

// config is the configuration that is checked.
func (c *checker) config() *Config { return &c.document.Config }

func (c *checker) all() {
}
