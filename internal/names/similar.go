package names

// prefixWeight is how much each of the first letters that agree adds: people get
// the beginning of a name right. It is Winkler's own value.
const prefixWeight = 0.1

// Similarity returns how alike two names are, from 0 (nothing in common) to 1
// (the same), by the measure of Jaro and Winkler over characters. It is
// symmetric. Fold the names first where case and accents should not count.
func Similarity(a, b string) float64 {
	if a == b {
		return 1
	}
	ra, rb := []rune(a), []rune(b)
	jaro := jaro(ra, rb)
	prefix := 0
	for prefix < min(4, len(ra), len(rb)) && ra[prefix] == rb[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*prefixWeight*(1-jaro)
}

// jaro returns the share of characters that both have in about the same place,
// less half of those that stand in another order.
func jaro(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	window := max(max(len(a), len(b))/2-1, 0)
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	matches := 0
	for i, r := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !usedB[j] && b[j] == r {
				usedA[i], usedB[j] = true, true
				matches++
				break
			}
		}
	}
	if matches == 0 {
		return 0
	}
	m := float64(matches)
	swapped := float64(outOfOrder(a, b, usedA, usedB)) / 2
	return (m/float64(len(a)) + m/float64(len(b)) + (m-swapped)/m) / 3
}

// outOfOrder counts the places in which the characters that match differ when
// each name's are read in its own order.
func outOfOrder(a, b []rune, usedA, usedB []bool) int {
	count, j := 0, 0
	for i, used := range usedA {
		if !used {
			continue
		}
		for !usedB[j] {
			j++
		}
		if a[i] != b[j] {
			count++
		}
		j++
	}
	return count
}
