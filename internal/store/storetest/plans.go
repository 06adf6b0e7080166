package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"esrsync/internal/state"
)

func planClaims() []claim {
	return []claim{
		{"a plan is found by its ID or by the beginning of it", planFound},
		{"a beginning that several plans have is refused with the list", planAmbiguous},
		{"an ID that is the beginning of another is found", planWhole},
		{"no plan is not found", planNone},
		{"the latest plan is the one that was saved last", planLatest},
		{"every field of an approval comes back", approvalEveryField},
		{"an approval holds until it expires, and a rejection is among them", approvalExpires},
	}
}

func (f Fixture) plan(t *testing.T, id, body string, at time.Time) {
	t.Helper()
	done(t, f.SavePlan(t.Context(), id, day(22), json.RawMessage(body), at))
}

func planFound(t *testing.T, f Fixture) {
	f.plan(t, "abc123", `{"plan_id": "abc123"}`, noon)
	f.plan(t, "abd456", `{"plan_id": "abd456"}`, noon)
	for _, id := range []string{"abc123", "abc"} {
		same(t, "plan "+id, string(got[json.RawMessage](t)(f.Plan(t.Context(), id))), `{"plan_id": "abc123"}`)
	}
}

func planAmbiguous(t *testing.T, f Fixture) {
	f.plan(t, "abc123", `{}`, noon)
	f.plan(t, "abd456", `{}`, noon)
	_, err := f.Plan(t.Context(), "ab")
	wantKind(t, err, state.ErrAmbiguous)
	wantWords(t, err, "abc123", "abd456")
}

func planWhole(t *testing.T, f Fixture) {
	f.plan(t, "abc", `{"n": 1}`, noon)
	f.plan(t, "abc1", `{"n": 2}`, noon)
	same(t, "the plan", string(got[json.RawMessage](t)(f.Plan(t.Context(), "abc"))), `{"n": 1}`)
}

func planNone(t *testing.T, f Fixture) {
	_, err := f.LatestPlan(t.Context())
	wantKind(t, err, state.ErrNotFound)
	f.plan(t, "abc", `{}`, noon)
	for _, id := range []string{"", "%", "x", "abcd"} {
		_, err := f.Plan(t.Context(), id)
		wantKind(t, err, state.ErrNotFound)
	}
}

func planLatest(t *testing.T, f Fixture) {
	f.plan(t, "a", `{"n": 1}`, noon)
	f.plan(t, "b", `{"n": 2}`, noon.Add(time.Hour))
	same(t, "the latest", string(got[json.RawMessage](t)(f.LatestPlan(t.Context()))), `{"n": 2}`)
	f.plan(t, "a", `{"n": 3}`, noon.Add(2*time.Hour))
	same(t, "the latest", string(got[json.RawMessage](t)(f.LatestPlan(t.Context()))), `{"n": 3}`)
}

func approvalEveryField(t *testing.T, f Fixture) {
	want := filled[state.Approval](t)
	done(t, f.SaveApproval(t.Context(), want))
	same(t, "the approvals", got[[]state.Approval](t)(f.Approvals(t.Context(), noon)), []state.Approval{want})
}

func approvalExpires(t *testing.T, f Fixture) {
	yes := state.Approval{ID: "b", ChangeIDs: []string{"1", "2"}, At: noon, Expires: noon.Add(time.Hour)}
	no := state.Approval{ID: "a", Rejected: true, At: noon.Add(time.Minute), Expires: noon.Add(2 * time.Hour)}
	done(t, f.SaveApproval(t.Context(), no))
	done(t, f.SaveApproval(t.Context(), yes))
	for at, want := range map[time.Duration][]state.Approval{0: {yes, no}, time.Hour: {no}, 2 * time.Hour: nil} {
		same(t, "after "+at.String(), got[[]state.Approval](t)(f.Approvals(t.Context(), noon.Add(at))), want)
	}
}
