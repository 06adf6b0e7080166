package person

import "github.com/expr-lang/expr/ast"

// A trust asks a dozen rules of a hundred thousand people every night, and nearly
// all rules are of a few simple shapes. Those are answered by plain functions,
// ten times as fast as by the expression library; all others by the library. A
// test holds both to the same answers.

// truth answers a rule, or a part of one.
type truth func(*Person) bool

// quick returns a function for an expression of a simple shape, nil for any other.
func quick(node ast.Node) truth {
	switch n := node.(type) {
	case *ast.BoolNode:
		return func(*Person) bool { return n.Value }
	case *ast.IdentifierNode:
		return flagFact(n.Value)
	case *ast.UnaryNode:
		if of := quick(n.Node); of != nil && (n.Operator == "not" || n.Operator == "!") {
			return func(p *Person) bool { return !of(p) }
		}
	case *ast.BinaryNode:
		return quickPair(n)
	case *ast.CallNode:
		return quickUnder(n)
	}
	return nil
}

func quickPair(n *ast.BinaryNode) truth {
	switch n.Operator {
	case "and", "&&":
		if a, b := quick(n.Left), quick(n.Right); a != nil && b != nil {
			return func(p *Person) bool { return a(p) && b(p) }
		}
	case "or", "||":
		if a, b := quick(n.Left), quick(n.Right); a != nil && b != nil {
			return func(p *Person) bool { return a(p) || b(p) }
		}
	case "==", "!=":
		return quickEqual(n)
	case "in":
		return quickIn(n)
	}
	return nil
}

// quickEqual compares a fact with a text.
func quickEqual(n *ast.BinaryNode) truth {
	name, isFact := n.Left.(*ast.IdentifierNode)
	wanted, isText := n.Right.(*ast.StringNode)
	if !isFact || !isText {
		return nil
	}
	fact, equal := textFact(name.Value), n.Operator == "=="
	if fact == nil {
		return nil
	}
	return func(p *Person) bool { return (*fact(p) == wanted.Value) == equal }
}

// quickIn looks a fact up in a list of texts, which the library has made a set of.
func quickIn(n *ast.BinaryNode) truth {
	name, isFact := n.Left.(*ast.IdentifierNode)
	list, isConstant := n.Right.(*ast.ConstantNode)
	if !isFact || !isConstant {
		return nil
	}
	set, isSet := list.Value.(map[string]struct{})
	fact := textFact(name.Value)
	if !isSet || fact == nil {
		return nil
	}
	return func(p *Person) bool {
		_, found := set[*fact(p)]
		return found
	}
}

func quickUnder(n *ast.CallNode) truth {
	callee, isName := n.Callee.(*ast.IdentifierNode)
	if !isName || callee.Value != underFunction || len(n.Arguments) != 1 {
		return nil
	}
	place, isText := n.Arguments[0].(*ast.StringNode)
	if !isText {
		return nil
	}
	return func(p *Person) bool { return under(p.Primary.Path, place.Value) }
}

func flagFact(name string) truth {
	switch name {
	case "is_manager":
		return func(p *Person) bool { return p.IsManager }
	case "bank_only":
		return func(p *Person) bool { return p.BankOnly }
	case "external":
		return func(p *Person) bool { return p.External }
	}
	return nil
}

// textFact returns where a person keeps a fact that is a text, nil where it is none.
func textFact(name string) func(*Person) *string {
	facts := map[string]func(*Person) *string{
		"category":          func(p *Person) *string { return &p.Primary.Category },
		"employee_category": func(p *Person) *string { return &p.Primary.EmployeeCategory },
		"staff_group":       func(p *Person) *string { return &p.Primary.StaffGroup },
		"job_role":          func(p *Person) *string { return &p.Primary.JobRole },
		"position_title":    func(p *Person) *string { return &p.Primary.Title },
		"position_number":   func(p *Person) *string { return &p.Primary.PositionNumber },
		"organisation":      func(p *Person) *string { return &p.Primary.Organisation.Name },
		"organisation_id":   func(p *Person) *string { return &p.Primary.Organisation.ID },
		"location":          func(p *Person) *string { return &p.Primary.Location },
		"status":            func(p *Person) *string { return &p.Primary.Status },
		"title":             func(p *Person) *string { return &p.Title },
		"register_category": func(p *Person) *string { return &p.Register },
	}
	return facts[name]
}
