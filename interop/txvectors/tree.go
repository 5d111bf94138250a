package main

import (
	"math/rand"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field on the wire; message is set when its bytes read as a message themselves.
type field struct {
	number  protowire.Number
	kind    protowire.Type
	value   uint64
	bytes   []byte
	message []*field
	// How many bytes more than needed the tag, the length or the value take.
	longTag, longLength, longValue int
}

// parse reads bytes as fields, or gives nil when they are none.
func parse(b []byte) []*field {
	fields := []*field{}
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return nil
		}
		b = b[n:]
		f := &field{number: number, kind: kind}
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			f.value, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
			if n >= 0 && looksLikeMessage(f.bytes) {
				f.message = parse(f.bytes)
			}
		default:
			return nil
		}
		if n < 0 {
			return nil
		}
		b = b[n:]
		fields = append(fields, f)
	}
	return fields
}

// looksLikeMessage leaves texts and keys alone: only what begins with a small field number is taken for a message.
func looksLikeMessage(b []byte) bool {
	if len(b) < 2 || b[0] == 0 || b[0] > 0x50 || parse(b) == nil {
		return false
	}
	printable := utf8.Valid(b)
	for _, c := range b {
		printable = printable && c >= 0x20
	}
	return !printable
}

func longVarint(v uint64, more int) []byte {
	b := protowire.AppendVarint(nil, v)
	for ; more > 0; more-- {
		b[len(b)-1] |= 0x80
		b = append(b, 0)
	}
	return b
}

func encode(fields []*field) []byte {
	var b []byte
	for _, f := range fields {
		b = append(b, longVarint(uint64(f.number)<<3|uint64(f.kind), f.longTag)...)
		switch f.kind {
		case protowire.VarintType:
			b = append(b, longVarint(f.value, f.longValue)...)
		case protowire.Fixed64Type:
			b = protowire.AppendFixed64(b, f.value)
		case protowire.Fixed32Type:
			b = protowire.AppendFixed32(b, uint32(f.value))
		case protowire.BytesType:
			content := f.bytes
			if f.message != nil {
				content = encode(f.message)
			}
			b = append(b, longVarint(uint64(len(content)), f.longLength)...)
			b = append(b, content...)
		case protowire.StartGroupType:
			b = append(b, f.bytes...)
			b = protowire.AppendTag(b, f.number, protowire.EndGroupType)
		case protowire.EndGroupType:
		}
	}
	return b
}

// all gives every list of fields in a tree, with those inside.
func all(fields []*field) []*[]*field {
	lists := []*[]*field{&fields}
	return append(lists, inside(fields)...)
}

func inside(fields []*field) []*[]*field {
	var lists []*[]*field
	for _, f := range fields {
		if f.message != nil {
			lists = append(lists, &f.message)
			lists = append(lists, inside(f.message)...)
		}
	}
	return lists
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.Intn(len(list))] }
