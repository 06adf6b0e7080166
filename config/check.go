package config

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

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

// required reports a text that is not there.
func (c *checker) required(key, text, mend string) {
	if strings.TrimSpace(text) == "" {
		c.fault(key, "is missing", mend)
	}
}

// requiredSecret reports a secret that is not there.
func (c *checker) requiredSecret(key string, secret Secret) {
	if secret.IsZero() {
		c.fault(key, "is missing", `write where the secret is: "credential:NAME", "file:PATH", "env:NAME" or "dpapi:BLOB"`)
	}
}

// positive reports durations that have to be above zero.
func (c *checker) positive(durations map[string]Duration) {
	for _, key := range slices.Sorted(maps.Keys(durations)) {
		if durations[key] <= 0 {
			c.fault(key, "is zero", `write a longer time, such as "10s" or "1d"`)
		}
	}
}

// all runs every check. Their order does not matter: faults are sorted afterwards.
func (c *checker) all() {
	config := &c.document.Config
	c.tags("", reflect.ValueOf(config).Elem(), "")
	c.basics(config)
	c.feeds(&config.Feeds)
	c.directory(&config.Directory)
	c.naming(&config.Naming)
	c.lifecycle(config)
	c.rules(config)
	c.guard(&config.Guard)
	c.lockout(config)
	c.urp(&config.URP)
	c.email(config)
	c.store(config)
	c.schedule(config)
	c.mail(&config.Mail)
	c.console(&config.Console)
	c.listeners(config)
	c.paths(config)
}

// tags checks what the tags oneof and range of [Config] say, all over it.
func (c *checker) tags(key string, value reflect.Value, tag reflect.StructTag) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			c.tags(key, value.Elem(), tag)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			field := value.Type().Field(i)
			if name := field.Tag.Get("toml"); name != "" {
				c.tags(joinKey(key, name), value.Field(i), field.Tag)
			}
		}
	case reflect.Slice:
		for i := range value.Len() {
			c.tags(elementKey(key, i), value.Index(i), tag)
		}
	case reflect.Map:
		for _, name := range value.MapKeys() {
			c.tags(joinKey(key, name.String()), value.MapIndex(name), tag)
		}
	case reflect.String:
		c.oneOf(key, value.String(), tag.Get("oneof"))
	case reflect.Int:
		c.inRange(key, float64(value.Int()), tag.Get("range"))
	case reflect.Float64:
		c.inRange(key, value.Float(), tag.Get("range"))
	}
}

// oneOf reports a text that is none of the words. An empty one is let pass where the key may be absent: a bind.
func (c *checker) oneOf(key, text, words string) {
	if words == "" || slices.Contains(strings.Fields(words), text) || (text == "" && strings.HasSuffix(key, "bind.method")) {
		return
	}
	c.fault(key, fmt.Sprintf("%q is not known", text), "write one of "+strings.Join(strings.Fields(words), ", "))
}

// inRange reports a number outside "from..to", where to may be left out.
func (c *checker) inRange(key string, number float64, bounds string) {
	if bounds == "" {
		return
	}
	low, high, _ := strings.Cut(bounds, "..")
	from, _ := strconv.ParseFloat(low, 64) // tags are constants; a test reads every one
	to, err := strconv.ParseFloat(high, 64)
	if err != nil {
		to = math.Inf(1)
	}
	if number >= from && number <= to {
		return
	}
	mend := "write a number from " + low + " to " + high
	if high == "" {
		mend = "write a number from " + low + " up"
	}
	c.fault(key, strconv.FormatFloat(number, 'f', -1, 64)+" is out of range", mend)
}
