package hold

import (
	"slices"
	"testing"
)

func TestAnAdministratorsLoginThatWasCutIsFoundToo(t *testing.T) {
	t.Parallel()
	got := related([]string{"adm-{login}"}, "Inigo.Pretendcombe")
	for _, want := range []string{"adm-inigo.pretendcombe", "adm-inigo.pretendcom"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %v", want, got)
		}
	}
	if short := related([]string{"adm-{login}"}, "sample"); !slices.Equal(short, []string{"adm-sample"}) {
		t.Errorf("a login that fits gives %v", short)
	}
}
