package house

import "strings"

// room is a folder with the packages in it, down to the next room, and what they
// may import besides the standard library. Tests are free of these rules, but for
// the ones on go-ldap and on who may use the test bed.
type room struct {
	path    string
	pure    bool     // touches nothing but its arguments; see purity_test.go
	rooms   []string // other rooms, by path
	modules []string // other people's modules, by path
}

const (
	goLDAP = "github.com/go-ldap/ldap/v3"
	ber    = "github.com/go-asn1-ber/asn1-ber"
	expr   = "github.com/expr-lang/expr"
	logrus = "github.com/sirupsen/logrus"
	pgx    = "github.com/jackc/pgx/v5"
	sqlite = "modernc.org/sqlite"
	xsync  = "golang.org/x/sync"
	xtext  = "golang.org/x/text"
)

// anything stands for every room or module, in the one room that puts all together.
const anything = "..."

// nouns are the words that every room may speak.
var nouns = []string{"esrmodel", "internal/directory", "internal/finding", "internal/state", "sync/person"}

// nounsAnd returns the nouns and further rooms.
func nounsAnd(more ...string) []string {
	return append(append([]string(nil), nouns...), more...)
}

// rooms is the whole house. The pure rooms under sync stand in the order of the
// line: each may import those before it.
var rooms = []room{
	{path: "esrmodel", pure: true},
	{path: "esrmodel/feed", rooms: []string{"esrmodel", "internal/finding"}, modules: []string{xtext}},

	{path: "internal/directory"},
	{path: "internal/directory/memory", rooms: []string{"internal/directory"}},
	{path: "internal/finding", pure: true, rooms: []string{"esrmodel"}},
	{path: "internal/state", rooms: []string{"esrmodel", "internal/directory", "internal/finding", "sync/person"}},
	{path: "internal/names", pure: true, modules: []string{xtext, "github.com/mozillazg/go-unidecode"}},
	{path: "internal/token", rooms: []string{"internal/directory"}},
	{path: "internal/password"},

	{path: "sync"},
	{path: "sync/person", pure: true, rooms: []string{"esrmodel", "internal/finding"}, modules: []string{expr}},
	{path: "sync/match", pure: true, rooms: nounsAnd("internal/names"), modules: []string{expr}},
	{path: "sync/plan", pure: true, rooms: nounsAnd("internal/names", "sync/match"), modules: []string{expr, xtext}},
	{path: "sync/guard", pure: true, rooms: nounsAnd("sync/match", "sync/plan"), modules: []string{expr}},
	{path: "sync/urp", pure: true, rooms: nounsAnd("sync/match", "sync/plan", "sync/guard"), modules: []string{expr}},

	// Who writes to an account also seals its token and makes its password.
	{path: "sync/apply", rooms: nounsAnd("internal/token", "internal/password", "sync/plan"), modules: []string{logrus, xsync}},
	// What apply is handed is a plan's change, so hold must be able to say one.
	{
		path:    "sync/hold",
		rooms:   nounsAnd("internal/token", "internal/password", "sync/plan", "sync/apply"),
		modules: []string{logrus, xsync},
	},
	{
		path: "sync/engine",
		rooms: nounsAnd("esrmodel/feed", "internal/names", "internal/token", "internal/password",
			"sync/match", "sync/plan", "sync/guard", "sync/urp", "sync/apply", "sync/hold"),
		modules: []string{logrus, xsync},
	},

	{path: "ldapx", rooms: nouns, modules: []string{goLDAP, ber, logrus, xsync, xtext}},
	{path: "ldapx/adsim", rooms: nounsAnd("internal/directory/memory"), modules: []string{goLDAP, ber, logrus, xsync}},
	{path: "ldapx/gssapi", rooms: nounsAnd("ldapx"), modules: []string{goLDAP}},

	{path: "internal/inbox"},
	{path: "internal/spool", rooms: []string{"esrmodel", "internal/directory", "internal/state"}},
	{path: "internal/hooks", rooms: []string{"internal/directory"}},
	{path: "internal/madeup", rooms: []string{"esrmodel", "esrmodel/feed", "internal/directory"}},
	{path: "internal/store", rooms: nouns, modules: []string{pgx, sqlite, "github.com/pressly/goose/v3", logrus, xsync}},
	{path: "internal/report", rooms: nounsAnd("sync/plan"), modules: []string{"github.com/jedib0t/go-pretty/v6", xtext}},
	{path: "internal/console", rooms: nouns, modules: []string{logrus, xsync}},
	{path: "config", modules: []string{"github.com/pelletier/go-toml/v2"}},

	{path: "cmd/esrsyncd", rooms: []string{anything}, modules: []string{anything}},
	{path: "packaging"},

	{path: "internal/house"},
	{path: "internal/testbed", modules: []string{goLDAP, pgx}},
}

// roomOf returns the room that a folder is in: the longest path that is the
// folder or above it.
func roomOf(folder string) (room, bool) {
	var best room
	found := false
	for _, r := range rooms {
		if within(folder, r.path) && len(r.path) >= len(best.path) {
			best, found = r, true
		}
	}
	return best, found
}

// within reports whether a slash-separated path is above, or begins there.
func within(path, above string) bool {
	return path == above || strings.HasPrefix(path, above+"/")
}
