package esrmodel

import "strings"

// PositionTitle returns the job title in a pipe-joined position name,
// "277|Staff Nurse|Ward 4" → "Staff Nurse": the second part, or the whole where
// there is one part.
func PositionTitle(name string) string {
	parts := strings.Split(name, "|")
	if len(parts) < 2 || strings.TrimSpace(parts[1]) == "" {
		return strings.TrimSpace(parts[0])
	}
	return strings.TrimSpace(parts[1])
}
