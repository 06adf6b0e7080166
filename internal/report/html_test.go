package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// found returns the first group of each match of a pattern.
func found(pattern, in string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(in, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestTheHTMLNeedsNothingElse(t *testing.T) {
	t.Parallel()
	for name, n := range nights() {
		got := written(t, HTML, n)
		for _, forbidden := range []string{"<script", "<link", "<iframe", "<img", "<form", "http:", "https:", "src=", "url(", "@import", " style=", "javascript:", "onload"} {
			if strings.Contains(got, forbidden) {
				t.Errorf("%s has %q", name, forbidden)
			}
		}
	}
}

func TestWhatPeopleAreCalledIsNeverMarkup(t *testing.T) {
	t.Parallel()
	n := busy()
	n.Trust, n.Notes = `<b onmouseover="x">`, []string{"</main><script>"}
	n.Run.Error, n.Run.Outcome = "</style><script>", "failed"
	got := written(t, HTML, n)
	if !strings.Contains(got, "&lt;script&gt;alert(1)&lt;/script&gt; Bobby") {
		t.Error("the name with markup in it does not show as it is")
	}
	for _, markup := range []string{"<script", "<b onmouseover", "<acting>"} {
		if strings.Contains(got, markup) {
			t.Errorf("%q is in the page as markup", markup)
		}
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	for name, n := range nights() {
		got := written(t, HTML, n)
		ids := found(`\bid="([^"]*)"`, got)
		for i, id := range ids {
			if slices.Contains(ids[:i], id) {
				t.Errorf("%s: the id %s is there twice", name, id)
			}
		}
		for _, link := range found(`href="#([^"]*)"`, got) {
			if !slices.Contains(ids, link) {
				t.Errorf("%s: nothing has the id %s", name, link)
			}
		}
	}
}

func TestAKeyThatIsNoWordHasAnAnchorOfItsOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if a != b && anchor(a) == anchor(b) {
			t.Fatalf("%q and %q have the anchor %s", a, b, anchor(a))
		}
		if !regexp.MustCompile(`^person-[0-9A-Za-z-]*$`).MatchString(anchor(a)) {
			t.Fatalf("%q has the anchor %q", a, anchor(a))
		}
	})
}

func TestThePageCanBeReadByEverybody(t *testing.T) {
	t.Parallel()
	for name, n := range nights() {
		got := written(t, HTML, n)
		if !strings.Contains(got, `<html lang="en-GB">`) {
			t.Errorf("%s does not say its language", name)
		}
		if first := found(`<a [^>]*href="([^"]*)"`, got); len(first) == 0 || first[0] != "#main" {
			t.Errorf("%s does not begin with a link past the head", name)
		}
		if levels := strings.Join(found(`<h([1-6])`, got), ""); !regexp.MustCompile(`^12+$`).MatchString(levels) {
			t.Errorf("%s has headings of the levels %s", name, levels)
		}
		for _, table := range found(`(?s)<table (.*?)</table>`, got) {
			checkTable(t, name, table)
		}
		for _, svg := range found(`(?s)<svg (viewBox="0 0 440.*?</title>.*?</desc>)`, got) {
			if !strings.Contains(svg, `role="img"`) || !strings.Contains(svg, "aria-labelledby") {
				t.Errorf("%s has a chart without a name", name)
			}
		}
	}
}

// checkTable looks whether a table says what it is, what its columns are, and has
// a heading in each row.
func checkTable(t *testing.T, night, table string) {
	t.Helper()
	if !strings.Contains(table, "<caption>") {
		t.Errorf("%s has a table without a caption", night)
	}
	columns := strings.Count(table, `scope="col"`)
	for _, row := range found(`(?s)<tr role="row"(?: id="[^"]*")?>(.*?)</tr>`, table) {
		if strings.Contains(row, `scope="col"`) {
			continue
		}
		if strings.Count(row, `scope="row"`) != 1 || strings.Count(row, "<td ") != columns-1 {
			t.Errorf("%s has a row that does not fit its %d columns: %s", night, columns, row)
		}
	}
}

// Normal text needs 4.5 to 1, by WCAG 2.2 success criterion 1.4.3.
func TestColoursCanBeToldFromTheirBackground(t *testing.T) {
	t.Parallel()
	css, err := files.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	rules := regexp.MustCompile(`(?m)^\s*([^{}@]+?) \{ ([^}]*) \}`).FindAllStringSubmatch(string(css), -1)
	pairs := 0
	for _, rule := range rules {
		colour, ground := found(`(?:^|; )color: (#[0-9a-f]+)`, rule[2]), found(`background: (#[0-9a-f]+)`, rule[2])
		if len(colour) == 0 {
			continue
		}
		if len(ground) == 0 {
			ground = []string{"#ffffff"}
			if rule[1] != "a" && !strings.HasPrefix(rule[1], ".") {
				ground[0] = "#f3f2f1" // the darkest that text without a ground of its own stands on
			}
		}
		if got := contrast(t, colour[0], ground[0]); got < 4.5 {
			t.Errorf("%s: %s on %s is %.1f to 1", rule[1], colour[0], ground[0], got)
		}
		pairs++
	}
	if pairs < 8 {
		t.Errorf("only %d colours were looked at", pairs)
	}
}

// contrast is the ratio of two colours by WCAG.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("%s is not a colour: %v", colour, err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestFoldingAListLosesNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := table{Show: rapid.IntRange(0, 12).Draw(t, "show")}
		var want []string
		for g := range rapid.IntRange(0, 6).Draw(t, "groups") {
			next := group{Title: fmt.Sprint(g)}
			for r := range rapid.IntRange(0, 9).Draw(t, "rows") {
				name := fmt.Sprint(g, "/", r)
				next.Rows = append(next.Rows, row{Cells: []cell{text(name)}})
				want = append(want, name)
			}
			in.Groups = append(in.Groups, next)
		}
		f := fold(in)
		open, more := rowNames(f.Open), rowNames(f.More)
		if got := append(open, more...); !slices.Equal(got, want) {
			t.Fatalf("%v became %v", want, got)
		}
		if len(more) != f.Hidden {
			t.Fatalf("it says %d are folded away, and %d are", f.Hidden, len(more))
		}
		if in.Show > 0 && len(open) > in.Show+in.Show/5 {
			t.Fatalf("%d rows stand open, of %d", len(open), in.Show)
		}
	})
}

func rowNames(groups []group) []string {
	var out []string
	for _, g := range groups {
		for _, r := range g.Rows {
			out = append(out, r.Cells[0].Text)
		}
	}
	return out
}
