package config

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// dn checks a distinguished name. An empty one is for [checker.required].
func (c *checker) dn(key, name string) {
	if name == "" {
		return
	}
	if _, err := foldDN(name); err != nil {
		c.fault(key, err.Error(), `write it as "ou=Staff,dc=example,dc=org", with a backslash before a comma inside a name`)
	}
}

// dns checks a list of distinguished names, each of which has to lie under one of the bases.
func (c *checker) dns(key string, names, bases []string, what string) {
	for i, name := range names {
		at := elementKey(key, i)
		if name == "" {
			c.fault(at, "is empty", "write a DN, or take it out")
			continue
		}
		c.dn(at, name)
		c.under(at, name, bases, what)
	}
}

// under reports a name that lies under none of the bases.
func (c *checker) under(key, name string, bases []string, what string) {
	if name != "" && !isUnderAny(name, present(bases)) {
		c.fault(key, fmt.Sprintf("%q is not under %s", name, what), "move it there, or widen "+what)
	}
}

// present returns the texts that are not empty.
func present(texts []string) []string {
	var found []string
	for _, text := range texts {
		if text != "" {
			found = append(found, text)
		}
	}
	return found
}

// globs checks patterns in which * and ? stand for letters.
func (c *checker) globs(key string, patterns []string) {
	for i, pattern := range patterns {
		c.glob(elementKey(key, i), pattern)
	}
}

func (c *checker) glob(key, pattern string) {
	if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
		c.fault(key, fmt.Sprintf("%q is not a pattern", pattern), "write letters, * for any of them and ? for one; close each bracket")
	}
}

// filePattern checks a pattern of names in the inbox. Empty means that there is no such file.
func (c *checker) filePattern(key, pattern string) {
	if pattern == "" {
		return
	}
	c.glob(key, pattern)
	if strings.ContainsAny(pattern, `/\`) {
		c.fault(key, fmt.Sprintf("%q holds a folder", pattern), "write the name alone: it is looked for in feeds.inbox")
	}
}

// texts reports elements of a list that are blank or come twice.
func (c *checker) texts(key string, list []string) {
	seen := map[string]bool{}
	for i, text := range list {
		switch {
		case strings.TrimSpace(text) == "":
			c.fault(elementKey(key, i), "is empty", "write a text, or take it out")
		case seen[text]:
			c.fault(elementKey(key, i), fmt.Sprintf("%q is there twice", text), "take one out")
		}
		seen[text] = true
	}
}

// https checks an address that is called with something to protect.
func (c *checker) https(key, address string) {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Scheme != "https" || parsed.Hostname() == "":
		// The address is not repeated: it may hold a password.
		c.fault(key, "is not an https:// address", `write it as "https://name/path"`)
	case parsed.User != nil:
		c.fault(key, "holds a user or password", "take it out: calls are signed with the secret")
	}
}

// listen checks an address to listen on. Empty means that nothing listens.
func (c *checker) listen(key, address string) {
	if address == "" {
		return
	}
	_, port, err := net.SplitHostPort(address)
	if _, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil {
		c.fault(key, fmt.Sprintf("%q is not an address to listen on", address), `write it as "127.0.0.1:8443"`)
	}
}

// mailbox checks an email address, lightly: the mail server is the judge.
func (c *checker) mailbox(key, address string) {
	local, domain, _ := strings.Cut(address, "@")
	if local == "" || !isDomain(domain) || strings.ContainsAny(address, " \t\r\n<>,;") {
		c.fault(key, fmt.Sprintf("%q is not an email address", address), `write it as "name@example.org"`)
	}
}

// isDomain reports whether name is written as a DNS name.
func isDomain(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	for _, label := range strings.Split(name, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return isBareKey(label) // the same letters; an underscore stands in names of Active Directory
}

// attribute checks the name of a directory attribute.
func (c *checker) attribute(key, name string) {
	if !isAttribute(name) {
		c.fault(key, fmt.Sprintf("%q is not the name of an attribute", name), "write its LDAP name, such as employeeID")
	}
}
