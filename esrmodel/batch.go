package esrmodel

// Batch is what one accepted file brings, ready to be put into the mirror.
//
// A full file states every slice of each record that it names: those records'
// stored slices are replaced. Records that it does not name stay; people among
// them are counted absent. A changes file is spliced in, slice by slice.
type Batch struct {
	Full          bool
	People        []Person
	Assignments   []Assignment
	Positions     []Position
	Organisations []Organisation
	Locations     []Location
	Deleted       []Deletion
	Faults        []Fault
}
