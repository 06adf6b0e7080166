package storetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"esrsync/internal/directory"
)

// filled returns a value of which no field is zero and no two fields are equal, so
// that a column that is forgotten, or taken for another, shows.
func filled[T any](t *testing.T) T {
	t.Helper()
	var value T
	n := 0
	fill(t, reflect.ValueOf(&value).Elem(), &n)
	return value
}

func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n) * time.Hour)))
		return
	case directory.GUID:
		v.Set(reflect.ValueOf(directory.GUID{15: byte(*n)}))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(fmt.Sprintf(`{"n": %d}`, *n))))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.String:
		v.SetString(fmt.Sprintf("value %d é'\"", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n + 45000))
	case reflect.Uint32:
		v.SetUint(uint64(*n + 45000))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.2)
	default:
		t.Fatalf("fill does not know a %s", v.Type())
	}
}
