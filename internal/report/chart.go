package report

import (
	"fmt"
	"strings"

	"esrsync/internal/finding"
)

// chart is a bar for each age of findings, cut by severity. Its lengths are
// tenths of a percent of the longest bar, so that the page need not reckon.
type chart struct {
	Title   string
	Summary string // all of it in words, for who cannot see it
	Bars    []bar
	Legend  []string // severities that occur, gravest first
}

// bar is the findings of one age.
type bar struct {
	Label string
	Count int
	Parts []barPart
}

// barPart is the findings of one age and severity.
type barPart struct {
	Severity string
	Count    int
	From     int // of the axis, 0 to 1000
	Width    int
}

// ages are the bars' bounds in days, both included; the last has no end.
func ages() []struct {
	label string
	to    int
} {
	return []struct {
		label string
		to    int
	}{{"Today", 0}, {"1 to 7 days", 7}, {"8 to 30 days", 30}, {"31 to 90 days", 90}, {"Over 90 days", 1 << 30}}
}

// ageChart counts the open findings by age and severity.
func (c *composer) ageChart() *chart {
	out := &chart{Title: "Open findings by age and severity"}
	counts := make([]map[finding.Severity]int, len(ages()))
	totals := make([]int, len(counts))
	seen := map[finding.Severity]bool{}
	for i := range counts {
		counts[i] = map[finding.Severity]int{}
	}
	for _, f := range c.n.Findings {
		i := ageBar(c.age(f))
		counts[i][f.Severity]++
		totals[i]++
		seen[f.Severity] = true
	}
	longest := 1
	for _, n := range totals {
		longest = max(longest, n)
	}
	var words []string
	for i, a := range ages() {
		out.Bars = append(out.Bars, bar{Label: a.label, Count: totals[i], Parts: parts(counts[i], longest)})
		words = append(words, fmt.Sprintf("%s: %s", a.label, number(totals[i])))
	}
	out.Summary = strings.Join(words, "; ") + "."
	for _, s := range severities() {
		if seen[s] {
			out.Legend = append(out.Legend, string(s))
		}
	}
	return out
}

func ageBar(days int) int {
	for i, a := range ages() {
		if days <= a.to {
			return i
		}
	}
	return len(ages()) - 1
}

// parts lays the severities of one bar side by side.
func parts(counts map[finding.Severity]int, longest int) []barPart {
	var out []barPart
	before := 0
	for _, s := range severities() {
		if counts[s] == 0 {
			continue
		}
		from := before * 1000 / longest
		before += counts[s]
		out = append(out, barPart{Severity: string(s), Count: counts[s], From: from, Width: before*1000/longest - from})
	}
	return out
}
