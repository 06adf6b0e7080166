package memory

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"maps"

	"esrsync/internal/directory"
)

// invocation names the one database that all writes are made in, as the
// replication metadata has it.
func invocation() directory.GUID { return directory.GUID([]byte("the one database")) }

// passwordStamp is the replication metadata of an account's password.
func (d *Domain) passwordStamp(id directory.GUID) directory.Stamp {
	d.mu.RLock()
	defer d.mu.RUnlock()
	e := d.byGUID[id]
	if e == nil || e.stamps["unicodepwd"].version == 0 {
		return directory.Stamp{}
	}
	s := e.stamps["unicodepwd"]
	return directory.Stamp{Version: uint32(s.version), At: s.at.UTC().Truncate(time.Second), Origin: invocation()}
}

// attributeIDs are the directory's own numbers of the attributes whose
// replication metadata anybody asks for (the last arc of the OID, under prefix 9).
func attributeIDs() map[string]uint32 {
	return map[string]uint32{"useraccountcontrol": 0x90008, "unicodepwd": 0x9005A, "pwdlastset": 0x90060,
		"accountexpires": 0x9009F, "samaccountname": 0x900DD, "lockouttime": 0x90296, "name": 0x90001}
}

// metadataBlob is replPropertyMetaData: how often and when each attribute was
// written (MS-DRSR 5.166). Only known attributes are in it.
func metadataBlob(e *entry) []byte {
	ids := attributeIDs()
	var rows []byte
	count := 0
	for _, key := range slices.SortedFunc(maps.Keys(e.stamps), func(a, b string) int { return int(ids[a]) - int(ids[b]) }) {
		id, ok := ids[key]
		if !ok {
			continue
		}
		s := e.stamps[key]
		rows = binary.LittleEndian.AppendUint32(rows, id)
		rows = binary.LittleEndian.AppendUint32(rows, uint32(s.version))
		rows = binary.LittleEndian.AppendUint64(rows, uint64(s.at.Unix()+11644473600))
		origin := invocation()
		rows = append(rows, origin[:]...)
		rows = binary.LittleEndian.AppendUint64(rows, uint64(s.usn))
		rows = binary.LittleEndian.AppendUint64(rows, uint64(s.usn))
		count++
	}
	head := binary.LittleEndian.AppendUint64(nil, 1) // version 1 and a reserved field
	return append(binary.LittleEndian.AppendUint64(head, uint64(count)), rows...)
}

// metadataText is msDS-ReplAttributeMetaData: the same as small XML documents.
func metadataText(s schema, e *entry) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(e.stamps)) {
		st := e.stamps[key]
		out = append(out, fmt.Sprintf("<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>%s</pszAttributeName>\n"+
			"\t<dwVersion>%d</dwVersion>\n\t<ftimeLastOriginatingChange>%s</ftimeLastOriginatingChange>\n"+
			"\t<uuidLastOriginatingDsaInvocationID>%s</uuidLastOriginatingDsaInvocationID>\n"+
			"\t<usnOriginatingChange>%d</usnOriginatingChange>\n\t<usnLocalChange>%d</usnLocalChange>\n</DS_REPL_ATTR_META_DATA>\n",
			s[key].name, st.version, st.at.UTC().Format(time.RFC3339), invocation(), st.usn, st.usn))
	}
	return out
}
