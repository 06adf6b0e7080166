package config

import (
	"fmt"
	"slices"
	"strings"
)

func (c *checker) feeds(f *Feeds) {
	c.required("feeds.inbox", f.Inbox, "write the folder that files arrive in")
	c.required("feeds.archive", f.Archive, "write the folder that files go to afterwards")
	if f.Inbox != "" && f.Inbox == f.Archive {
		c.fault("feeds.archive", "is the inbox", "write another folder: files in the inbox are taken")
	}
	c.positive(map[string]Duration{
		"feeds.archive_keep": f.ArchiveKeep, "feeds.max_age": f.MaxAge, "feeds.urp.max_age": f.URP.MaxAge,
	})
	c.sftp(&f.SFTP)
	c.staff(&f.Staff)
	c.patterns(f)
	c.columns("feeds.urp", f.URP.File, f.URP.Columns.Map(), "user_name", "urp")
	c.columns("feeds.oneforms", f.OneForms.File, f.OneForms.Columns.Map(), "employee_number", "urp", "authorised_by", "authorised_on")
	c.columns("feeds.as_numbers", f.ASNumbers.File, f.ASNumbers.Columns.Map(), "employee_number", "as_number")
	c.columns("feeds.non_esr", f.NonESR.File, f.NonESR.Columns.Map(), "reference", "surname", "sponsor", "start", "end")
}

// sftp checks the server to fetch from, where there is one.
func (c *checker) sftp(s *SFTP) {
	if s.Host == "" {
		return
	}
	c.required("feeds.sftp.user", s.User, "write the name to sign in with")
	c.requiredSecret("feeds.sftp.key", s.Key)
	if !strings.HasPrefix(s.HostKey, "SHA256:") || len(s.HostKey) != len("SHA256:")+43 {
		c.fault("feeds.sftp.host_key", "is not the fingerprint of a key",
			"write what ssh-keygen -lf prints for the server's key: SHA256: and 43 letters")
	}
	c.positive(map[string]Duration{"feeds.sftp.every": s.Every})
}

func (c *checker) staff(s *StaffFeed) {
	c.texts("feeds.staff.canaries", s.Canaries)
	c.texts("feeds.staff.test_canaries", s.TestCanaries)
	for i, canary := range s.TestCanaries {
		if slices.Contains(s.Canaries, canary) {
			c.fault(elementKey("feeds.staff.test_canaries", i), fmt.Sprintf("%q is among canaries too", canary),
				"a person is in both environments or in the test environment only: take it out of one")
		}
	}
	if c.document.Config.Environment == EnvironmentLive && len(s.TestCanaries) == 0 {
		c.warn("feeds.staff.test_canaries", "is empty, so a file of the test environment may not be noticed",
			"add employee numbers that exist in the test environment only")
	}
	if s.Format != StaffCSV {
		return
	}
	c.required("feeds.staff.file", s.File, `write the pattern of file names, such as "staff_*.csv"`)
	c.columns("feeds.staff", s.File, s.Columns.Map(), "employee_number", "last_name", "assignment_number",
		"assignment_status", "assignment_start", "assignment_end", "organisation")
}

// patterns checks the patterns of files. One pattern twice would give a file to two readers.
func (c *checker) patterns(f *Feeds) {
	used := map[string]string{}
	for _, feed := range []struct{ key, pattern string }{
		{"feeds.staff.file", f.Staff.File},
		{"feeds.urp.file", f.URP.File},
		{"feeds.oneforms.file", f.OneForms.File},
		{"feeds.as_numbers.file", f.ASNumbers.File},
		{"feeds.non_esr.file", f.NonESR.File},
		{"email.answer_file", c.document.Config.Email.AnswerFile},
	} {
		c.filePattern(feed.key, feed.pattern)
		if other, twice := used[feed.pattern]; twice && feed.pattern != "" {
			c.fault(feed.key, fmt.Sprintf("%q is the pattern of %s too", feed.pattern, other), "give each a pattern of its own")
		}
		used[feed.pattern] = feed.key
	}
}

// columns checks that a feed that is read names the headings it cannot do without.
func (c *checker) columns(key, file string, named map[string]string, needed ...string) {
	if file == "" {
		return
	}
	for _, column := range needed {
		if named[column] == "" {
			c.fault(key+".columns."+column, "is empty, and this feed cannot be read without it", "write the heading of that column")
		}
	}
}
