package ldapx

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"esrsync/internal/directory"
)

// The two attributes in which a controller shows who wrote which attribute last:
// the vector that it keeps, which every controller has, and the same worked out as
// text, which Samba does not know. The vector is a tenth of the size.
const (
	metadataVector = "replPropertyMetaData"
	metadataText   = "msDS-ReplAttributeMetaData"
)

// unicodePwd is the password, by name and by the number that it has in every
// forest (MS-DRSR 5.14, ATTRTYP: the first entries of the prefix table are fixed).
const (
	unicodePwd   = "unicodePwd"
	unicodePwdID = 0x0009005A
)

// errMetadata reports replication metadata that cannot be read.
var errMetadata = errors.New("the replication metadata has no form that is known")

// passwordStamp reads who wrote the password last out of an entry that was asked
// for both attributes, or for the vector alone.
func passwordStamp(entry *ldap.Entry) (directory.Stamp, error) {
	if raw := entry.GetEqualFoldRawAttributeValue(metadataVector); len(raw) > 0 {
		return stampInVector(raw, unicodePwdID)
	}
	for _, a := range entry.Attributes {
		if r, err := parseRange(a.Name); err == nil && strings.EqualFold(r.attribute, metadataText) && len(a.Values) > 0 {
			return stampInText(a.Values, unicodePwd)
		}
	}
	return directory.Stamp{}, fmt.Errorf("%w: an account does not show its replication metadata: our account lacks the right to read it", directory.ErrDenied)
}

// The vector (MS-DRSR 5.166, PROPERTY_META_DATA_VECTOR_V1), all little-endian: a
// version, which is 1, a number of rows, each followed by four bytes of padding;
// then the rows: attribute, version, seconds since 1601, invocation id, and two
// update sequence numbers.
const (
	vectorHead = 16
	vectorRow  = 48
	// secondsTo1970 is how much later than 1601 Unix time begins.
	secondsTo1970 = 11644473600
	// year10000 is the first second since 1601 that has no date of four digits.
	year10000 = 265046774400
)

// stampInVector finds an attribute in the vector. One that is not in it was never written.
func stampInVector(raw []byte, attribute uint32) (directory.Stamp, error) {
	if len(raw) < vectorHead || binary.LittleEndian.Uint32(raw) != 1 {
		return directory.Stamp{}, errMetadata
	}
	rows := raw[vectorHead:]
	// The number is compared by division: multiplied, it could overflow.
	if n := int(binary.LittleEndian.Uint32(raw[8:])); len(rows)%vectorRow != 0 || len(rows)/vectorRow != n {
		return directory.Stamp{}, errMetadata
	}
	for ; len(rows) > 0; rows = rows[vectorRow:] {
		if binary.LittleEndian.Uint32(rows) == attribute {
			return stampOfRow(rows[:vectorRow])
		}
	}
	return directory.Stamp{}, nil
}

func stampOfRow(row []byte) (directory.Stamp, error) {
	seconds := binary.LittleEndian.Uint64(row[8:])
	if seconds >= year10000 {
		return directory.Stamp{}, errMetadata
	}
	origin, err := directory.GUIDOf(row[16:32])
	return directory.Stamp{
		Version: binary.LittleEndian.Uint32(row[4:]),
		At:      time.Unix(int64(seconds)-secondsTo1970, 0).UTC(),
		Origin:  origin,
	}, err
}

// metadataRow is one value of the text form, a small XML document
// (MS-ADTS 3.1.1.3.1.1.3, DS_REPL_ATTR_META_DATA).
type metadataRow struct {
	Attribute string `xml:"pszAttributeName"`
	Version   uint32 `xml:"dwVersion"`
	At        string `xml:"ftimeLastOriginatingChange"`
	Origin    string `xml:"uuidLastOriginatingDsaInvocationID"`
}

// stampInText finds an attribute among the values of the text form.
func stampInText(values []string, attribute string) (directory.Stamp, error) {
	for _, v := range values {
		// Controllers end each value with a zero byte.
		var row metadataRow
		if err := xml.Unmarshal([]byte(strings.TrimRight(v, "\x00")), &row); err != nil {
			return directory.Stamp{}, errMetadata
		}
		if strings.EqualFold(row.Attribute, attribute) {
			return row.stamp()
		}
	}
	return directory.Stamp{}, nil
}

func (r metadataRow) stamp() (directory.Stamp, error) {
	at, err := time.Parse(time.RFC3339, r.At)
	if err != nil {
		return directory.Stamp{}, errMetadata
	}
	origin, err := directory.ParseGUID(strings.ToLower(r.Origin))
	if err != nil {
		return directory.Stamp{}, errMetadata
	}
	return directory.Stamp{Version: r.Version, At: at.UTC().Truncate(time.Second), Origin: origin}, nil
}
