package madeup

import (
	"math/rand/v2"
	"strings"
)

// fullName is what somebody is called. A person with one name has no first.
type fullName struct {
	title, first, middle, last, preferred string
}

// namer draws names. None holds a letter outside ISO-8859-1, in which ESR's
// files are written.
type namer struct {
	rand                               *rand.Rand
	firsts, nicks, heads, tails, whole []string
}

func newNamer(r *rand.Rand) *namer {
	return &namer{
		rand: r,
		firsts: strings.Fields(`Siobhán Zoë José Aïcha Priya Wei Oluwaseun Fatima Björn Renée Ángel Chloë Mohammed Agnieszka
			Tomasz Nneka Kwame Ngozi Rhys Seren Callum Eilidh Aoife Tariq Yusuf Leila Hiroshi Mei Rajesh Ananya Harpreet Gurdeep
			Amara Chidi Beatriz João Sofía Luca Giulia Anaïs Noël Françoise Günther Søren Åsa Maeve Declan Imogen Alfie Edith
			Stanley Mabel Percival Jean-Luc Mary-Anne Ife Temitope Samir Nadia Dmitri Olga Kofi Blessing Grace Thomas Margaret
			Jane John Éamonn Þóra Íñigo`),
		nicks: strings.Fields("Sam Alex Bob Kit Jo Max Bea Nell Ned Ash"),
		heads: strings.Fields(`Test Sample Mock Fable Fiction Pretend Sham Bogus Dummy Trial Draft Spoof Myth Dream Blank Decoy
			Figment Phantom Invent Imagine Example Unreal Notional Madeup`),
		tails: strings.Fields("ley ton ford worth by son wick ham field shaw well brook combe dale stead croft"),
		whole: strings.Fields("Mustermann Ejemplo Beispiel Modèle Esempio Prøveland Näyteharju Exempelström Përshembull Fictión"),
	}
}

// draw returns the next name.
func (n *namer) draw() fullName {
	name := fullName{title: pick(n.rand, "Mr", "Mrs", "Ms", "Miss", "Mx", "Dr"), first: pick(n.rand, n.firsts...), last: n.surname()}
	if chance(n.rand, 50) {
		name.middle = pick(n.rand, n.firsts...)
	}
	if chance(n.rand, 8) {
		name.preferred = pick(n.rand, n.nicks...)
	}
	if chance(n.rand, 0.4) {
		name.first, name.middle, name.preferred = "", "", ""
	}
	return name
}

// surname returns a surname that nobody has, plain or in one of the shapes that
// programs trip over.
func (n *namer) surname() string {
	switch x := n.rand.Float64() * 100; {
	case x < 3:
		return "O'" + n.plain()
	case x < 5:
		return "van der " + n.plain()
	case x < 6:
		return "Ó " + n.plain()
	case x < 7:
		return "Mc" + n.plain()
	case x < 10:
		return n.plain() + "-" + n.plain()
	case x < 10.4:
		return "Featherstonehaugh-Placeholder-" + n.plain() + "-" + n.plain()
	case x < 13:
		return pick(n.rand, n.whole...)
	}
	return n.plain()
}

func (n *namer) plain() string { return pick(n.rand, n.heads...) + pick(n.rand, n.tails...) }

// pick returns one of the values, each as likely as the others.
func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// chance reports true so many times in a hundred.
func chance(r *rand.Rand, percent float64) bool { return r.Float64()*100 < percent }

// speller writes names as old administrators typed them into login names.
type speller struct{ letters *strings.Replacer }

func newSpeller() speller {
	return speller{strings.NewReplacer(
		"á", "a", "à", "a", "ä", "a", "å", "a", "ã", "a", "ç", "c", "é", "e", "è", "e", "ë", "e", "í", "i", "ï", "i", "ñ", "n",
		"ó", "o", "ö", "o", "ø", "o", "õ", "o", "ú", "u", "ü", "u", "þ", "th", "ł", "l", "ŵ", "w", "đ", "d", "ş", "s", "ğ", "g",
		"ý", "y", "č", "c", "ž", "z", "ř", "r", "ő", "o", "ē", "e", "ī", "i", "ș", "s", "ā", "a",
	)}
}

// ascii returns a name in lower case, letters of the alphabet alone.
func (s speller) ascii(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, s.letters.Replace(strings.ToLower(name)))
}
