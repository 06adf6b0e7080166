package person

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Errors of [CompileRule] that a caller may want to tell apart.
var (
	// ErrNoOrganisation reports a rule that names an organisation which ESR does
	// not have. ESR may have renamed it since the rule was written, so whoever gets
	// this must not read it as "fits nobody": that would take memberships away.
	ErrNoOrganisation = errors.New("no organisation has that name")
	// ErrTwoOrganisations reports a rule that names two organisations at once.
	ErrTwoOrganisations = errors.New("two organisations have that name")
)

// maxNodes bounds how large a rule may be.
const maxNodes = 500

// underFunction is the function that asks for an organisation or any below it.
const underFunction = "organisation_under"

// builtins are the library's functions that a rule may call.
func builtins() []string { return []string{"len", "lower", "trim", "upper"} }

// Rule is an expression over a person that is true or false, as `when` holds it
// in the configuration. The zero Rule fits nobody. It is safe for concurrent use.
type Rule struct {
	text    string
	program *vm.Program
	quick   truth // the same without the library; nil where the rule is too intricate
}

// String returns the rule as it was written.
func (r Rule) String() string { return r.text }

// Fits reports whether the rule is true of the person.
func (r Rule) Fits(p Person) bool { return r.FitsAt(&p) }

// FitsAt is [Rule.Fits] without the copy, for those who ask of a hundred thousand.
func (r Rule) FitsAt(p *Person) bool {
	switch {
	case r.quick != nil:
		return r.quick(p)
	case r.program == nil:
		return false
	}
	return r.run(p)
}

// run asks the expression library.
func (r Rule) run(p *Person) bool {
	answer, err := vm.Run(r.program, factsOf(p))
	// Safe to ignore: a compiled rule has a type for everything that it does. What is
	// left, an expression that runs out of its memory budget, fits nobody.
	fits, _ := answer.(bool)
	return err == nil && fits
}

// CompileRule reads a rule. It knows the names category, employee_category,
// staff_group, job_role, position_title, position_number, organisation,
// organisation_id, location, status, title and register_category (text), fte (a
// number), is_manager, bank_only and external (true or false), and
// organisation_under("Name") or organisation_under("#ID"), which is true of the
// organisation itself and of all below it. All but the flags are of the primary
// assignment.
//
// Every fault is an error that says where it is: an unknown name, a type that
// does not fit, an expression that is not true or false, and, where
// organisations are given (see [Places]), a name that none or more than one of
// them has. Without organisations those names are looked up in each person's own.
func CompileRule(text string, organisations []Place) (Rule, error) {
	if strings.TrimSpace(text) == "" {
		return Rule{}, errors.New(`reading the rule: it is empty; write true where it fits everybody`)
	}
	names := &ruleChecker{places: organisations}
	options := []expr.Option{
		expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(maxNodes), expr.Patch(names), expr.DisableAllBuiltins(),
	}
	for _, name := range builtins() {
		options = append(options, expr.EnableBuiltin(name))
	}
	program, err := expr.Compile(text, options...)
	if err != nil {
		return Rule{}, fmt.Errorf("reading the rule %q: %w", text, explained(err))
	}
	if names.fault != nil {
		return Rule{}, fmt.Errorf("reading the rule %q: column %d: %w", text, names.column+1, names.fault)
	}
	return Rule{text: text, program: program, quick: quick(program.Node())}, nil
}

// explained words the expression library's error as one line, with a hint where
// a name is nearly one that we know.
func explained(err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return err
	}
	hint := ""
	if name, found := strings.CutPrefix(at.Message, "unknown name "); found {
		hint = "; " + nameHint(name)
	}
	return fmt.Errorf("line %d, column %d: %s%s", at.Line, at.Column+1, at.Message, hint)
}

func nameHint(name string) string {
	best, distance := "", len(name)/3+1
	for _, known := range factNames() {
		if d := edits(strings.ToLower(name), known); d <= distance {
			best, distance = known, d-1
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "the names are " + strings.Join(factNames(), ", ")
}

// edits counts the letters to insert, drop or change to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// ruleChecker looks at every call: a rule calls only what it may, and a name in
// organisation_under becomes an ID, so that it means one organisation and no other.
type ruleChecker struct {
	places []Place
	fault  error
	column int
}

// Visit implements the expression library's visitor.
func (c *ruleChecker) Visit(node *ast.Node) {
	if c.fault != nil {
		return
	}
	switch call := (*node).(type) {
	case *ast.BuiltinNode:
		c.builtin(call)
	case *ast.CallNode:
		if callee, is := call.Callee.(*ast.IdentifierNode); is && callee.Value == underFunction && len(call.Arguments) == 1 {
			c.under(call.Arguments[0])
		}
	}
}

// builtin refuses the library's functions over lists: disabling them leaves
// those in that its parser knows itself.
func (c *ruleChecker) builtin(call *ast.BuiltinNode) {
	if !contains(builtins(), call.Name) {
		c.column = call.Location().From
		c.fault = fmt.Errorf("%s is no function of rules; they are %s and %s", call.Name, strings.Join(builtins(), ", "), underFunction)
	}
}

func (c *ruleChecker) under(argument ast.Node) {
	c.column = argument.Location().From
	literal, is := argument.(*ast.StringNode)
	if !is {
		c.fault = errors.New(`organisation_under takes a name in quotes, or "#" and an ID`)
		return
	}
	literal.Value, c.fault = c.resolve(literal.Value)
}

// resolve returns the "#ID" of a name or of an ID.
func (c *ruleChecker) resolve(wanted string) (string, error) {
	if len(c.places) == 0 {
		return wanted, nil
	}
	id, byID := strings.CutPrefix(wanted, "#")
	var found []string
	for _, place := range c.places {
		if byID && place.ID == id || !byID && place.Name == wanted {
			found = append(found, "#"+place.ID)
		}
	}
	sort.Strings(found)
	switch len(found) {
	case 0:
		return wanted, fmt.Errorf("%w: %q", ErrNoOrganisation, wanted)
	case 1:
		return found[0], nil
	}
	return wanted, fmt.Errorf("%w: %q is %s; write the one you mean", ErrTwoOrganisations, wanted, strings.Join(found, " and "))
}
