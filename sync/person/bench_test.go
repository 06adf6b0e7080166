package person_test

import (
	"fmt"
	"testing"

	"esrsync/sync/person"
)

func BenchmarkResolve(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			staff := crowdOf(n)
			b.ReportAllocs()
			for b.Loop() {
				if people, _ := person.Resolve(staff, person.Moment{Day: today}, policy()); len(people) < n {
					b.Fatal("people were lost")
				}
			}
		})
	}
}

func BenchmarkRuleFits(b *testing.B) {
	people, _ := person.Resolve(crowdOf(1000), person.Moment{Day: today}, policy())
	for _, text := range []string{`true`, `category == "Bank"`, `organisation_under("Community")`, `is_manager`,
		`staff_group == "Medical and Dental" or organisation_under("Community") and not bank_only`} {
		b.Run(text, func(b *testing.B) {
			rule, err := person.CompileRule(text, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := range b.N {
				rule.FitsAt(&people[i%len(people)])
			}
		})
	}
}
