package ldapx

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// A part says which values of an attribute an answer holds: Active Directory gives
// at most 1500 at once (MaxValRange) and names the attribute "member;range=0-1499"
// then (MS-ADTS 3.1.1.3.1.3.3).
type part struct {
	attribute string
	next      int  // where the following part begins
	last      bool // nothing follows
}

// parseRange reads an attribute's name as the server wrote it.
func parseRange(name string) (part, error) {
	attribute, options, ranged := strings.Cut(name, ";")
	if !ranged {
		return part{attribute: name, last: true}, nil
	}
	for option := range strings.SplitSeq(options, ";") {
		if len(option) < 6 || !strings.EqualFold(option[:6], "range=") {
			continue
		}
		low, high, ok := strings.Cut(option[6:], "-")
		from, err := strconv.ParseUint(low, 10, 31)
		if ok && err == nil && high == "*" {
			return part{attribute: attribute, last: true}, nil
		}
		to, toErr := strconv.ParseUint(high, 10, 31)
		if !ok || err != nil || toErr != nil || to < from {
			return part{}, fmt.Errorf("%w: %q is no range of values", directory.ErrIncomplete, name)
		}
		return part{attribute: attribute, next: int(to) + 1}, nil
	}
	return part{attribute: attribute, last: true}, nil
}

// rangeTries is how often a long list is begun anew because it changed while it was read.
const rangeTries = 5

// list reads all values of a long attribute of one object, part by part. A list
// that changes meanwhile is read again from its beginning: a value that goes from
// the front would else hide one that moves from the next part into this one.
func (c *conn) list(ctx context.Context, id directory.GUID, attribute string) ([]string, error) {
	for range rangeTries {
		values, steady, err := c.listOnce(ctx, id, attribute)
		if err != nil || steady {
			return values, err
		}
	}
	return nil, fmt.Errorf("reading %s of %s: %w: it changed %d times meanwhile", attribute, id, directory.ErrIncomplete, rangeTries)
}

// listOnce reads the parts once; steady is false where the object changed between two.
func (c *conn) listOnce(ctx context.Context, id directory.GUID, attribute string) (values []string, steady bool, err error) {
	var version string
	for next := 0; ; {
		if ctx.Err() != nil {
			return nil, false, fmt.Errorf("%w: %w", directory.ErrIncomplete, ctx.Err())
		}
		entry, err := c.one(address(id), everything, fmt.Sprintf("%s;range=%d-*", attribute, next), "uSNChanged")
		if err != nil {
			return nil, false, fmt.Errorf("reading %s of %s from value %d: %w", attribute, id, next, readError(err))
		}
		seen := entry.GetEqualFoldAttributeValue("uSNChanged")
		if next > 0 && seen != version {
			return nil, false, nil
		}
		version = seen
		found, p, err := partOf(entry, attribute)
		if err != nil {
			return nil, false, err
		}
		values = append(values, found...)
		if p.last {
			return values, true, nil
		}
		if p.next <= next {
			return nil, false, fmt.Errorf("reading %s of %s: %w: the ranges do not go on", attribute, id, directory.ErrIncomplete)
		}
		next = p.next
	}
}

// partOf finds an attribute in an answer, whole or in a part. One that is not there
// has no values.
func partOf(entry *ldap.Entry, attribute string) ([]string, part, error) {
	for _, a := range entry.Attributes {
		p, err := parseRange(a.Name)
		if err != nil {
			return nil, part{}, err
		}
		// A server may answer with an empty plain attribute beside the ranged one.
		if strings.EqualFold(p.attribute, attribute) && len(a.Values) > 0 {
			return a.Values, p, nil
		}
	}
	return nil, part{attribute: attribute, last: true}, nil
}
