package main

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/cometbft/cometbft/types"
)

var timeType = reflect.TypeOf(time.Time{})

// walk visits every field that holds a value and not others. Of lists only some elements are entered.
func walk(value reflect.Value, path string, visit func(string, reflect.Value)) {
	switch {
	case value.Kind() == reflect.Pointer:
		walk(value.Elem(), path, visit)
	case value.Type() == timeType || value.Kind() != reflect.Struct && !isList(value):
		visit(path, value)
	case isList(value):
		for _, i := range someOf(value.Len()) {
			walk(value.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	default:
		for i := 0; i < value.NumField(); i++ {
			if field := value.Field(i); field.CanSet() {
				walk(field, path+"."+value.Type().Field(i).Name, visit)
			}
		}
	}
}

func isList(value reflect.Value) bool {
	return value.Kind() == reflect.Slice && value.Type().Elem().Kind() != reflect.Uint8
}

// someOf gives the first, the one in the middle and the last place, so that a second walk finds the same.
func someOf(length int) []int {
	if length <= fewElements {
		out := make([]int, length)
		for i := range out {
			out[i] = i
		}
		return out
	}
	return []int{0, length / 2, length - 1}
}

// changesOf lists what a field can be changed to.
func changesOf(value reflect.Value) []func() {
	set := func(to any) func() {
		return func() { value.Set(reflect.ValueOf(to).Convert(value.Type())) }
	}
	switch value.Kind() {
	case reflect.String:
		return []func(){set(value.String() + "x"), set(""), set(fmt.Sprint("a chain id that is long enough ", "to be refused: fifty"))}
	case reflect.Int64, reflect.Int32:
		highest := int64(math.MaxInt64)
		if value.Kind() == reflect.Int32 {
			highest = math.MaxInt32
		}
		return []func(){set(value.Int() + 1), set(value.Int() - 1), set(int64(0)), set(int64(-1)), set(highest)}
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		return []func(){set(value.Uint() + 1), set(value.Uint() - 1), set(uint64(0)), set(uint64(3)), set(uint64(200))}
	case reflect.Slice:
		return bytesChanges(value.Bytes(), func(to []byte) func() { return set(to) })
	}
	if value.Type() == timeType {
		at := value.Interface().(time.Time)
		return []func(){set(at.Add(1)), set(at.Add(-1)), set(at.Add(time.Hour)), set(at.Add(-time.Minute)), set(time.Time{})}
	}
	panic(value.Type().String())
}

func bytesChanges(bytes []byte, set func([]byte) func()) []func() {
	with := func(length int, change func([]byte)) func() {
		out := make([]byte, length)
		copy(out, bytes)
		change(out)
		return set(out)
	}
	changes := []func(){set(nil), with(len(bytes)+1, func([]byte) {})}
	if len(bytes) == 0 {
		return append(changes, with(20, func([]byte) {}), with(64, func([]byte) {}))
	}
	return append(changes,
		with(len(bytes), func(b []byte) { b[0] ^= 1 }),
		with(len(bytes), func(b []byte) { b[len(b)-1] ^= 0x80 }),
		with(len(bytes)-1, func([]byte) {}))
}

// change applies the change that a path and a number name.
func change(value reflect.Value, name string) {
	isDone := false
	walk(value, "", func(path string, field reflect.Value) {
		for i, apply := range changesOf(field) {
			if !isDone && fmt.Sprint(path, " ", i) == name {
				apply()
				isDone = true
				return
			}
		}
	})
	if !isDone {
		panic(name)
	}
}

// deepCopy shares nothing that a change could reach; hashes that commits remember are left behind.
func deepCopy(header *types.SignedHeader) *types.SignedHeader {
	h := *header.Header
	c := header.Commit
	commit := &types.Commit{Height: c.Height, Round: c.Round, BlockID: c.BlockID}
	commit.Signatures = append([]types.CommitSig{}, c.Signatures...)
	return &types.SignedHeader{Header: &h, Commit: commit}
}
