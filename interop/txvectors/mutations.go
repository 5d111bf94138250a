package main

import (
	"bytes"
	"math/rand"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// A mutation changes a message somewhere, or says that it cannot.
type mutation struct {
	name  string
	apply func(r *rand.Rand, b []byte) []byte
}

var typeURLs = []string{
	"", "/", "cosmos.bank.v1beta1.MsgSend", "/cosmos.bank.v1beta1.MsgSend", "/cosmos.bank.v1beta1.MsgMultiSend",
	"/cosmos.bank.v1beta1.Params", "/cosmos.base.v1beta1.Coin", "/cosmos.crypto.secp256k1.PubKey",
	"/cosmos.crypto.ed25519.PubKey", "/cosmos.crypto.secp256r1.PubKey", "/cosmos.crypto.multisig.LegacyAminoPubKey",
	"/cosmos.feegrant.v1beta1.BasicAllowance", "/cosmos.feegrant.v1beta1.PeriodicAllowance",
	"/cosmos.staking.v1beta1.MsgDelegate", "/cosmos.staking.v1beta1.StakeAuthorization", "/no.such.Message",
	"type.googleapis.com/cosmos.bank.v1beta1.MsgSend", "/cosmos.tx.v1beta1.TxBody",
}

var numbers = []string{
	"", "0", "-0", "-1", "+5", "007", "08", "0x10", "0b11", "0o17", "1_000", "1__0", "1.5", "1e3", " 1", "abc",
	"115792089237316195423570985008687907853269984665640564039457584007913129639935",
	"115792089237316195423570985008687907853269984665640564039457584007913129639936", "0x", "_1", "1_",
}

var values = []uint64{
	0, 1, 2, 3, 127, 128, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 253402300799, 253402300800, 1<<63 - 1, 1 << 63,
	1<<64 - 1, 1<<64 - 62135596800, 1<<64 - 62135596801, 999999999, 1000000000, 9223372036, 9223372037,
}

// inTree makes a mutation of a list of fields one of bytes.
func inTree(change func(r *rand.Rand, list *[]*field) bool) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, b []byte) []byte {
		fields := parse(b)
		lists := all(fields)
		// The frame is chosen more often than its share.
		list := lists[0]
		if r.Intn(8) > 0 {
			list = pick(r, lists)
		}
		if !change(r, list) {
			return nil
		}
		return encode(*lists[0])
	}
}

// ofField makes a change of one field one of bytes.
func ofField(change func(r *rand.Rand, f *field) bool) func(*rand.Rand, []byte) []byte {
	return inTree(func(r *rand.Rand, list *[]*field) bool {
		return len(*list) > 0 && change(r, pick(r, *list))
	})
}

func ofText(isText func(string) bool, texts []string) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, b []byte) []byte {
		fields := parse(b)
		var found []*field
		for _, list := range all(fields) {
			for _, f := range *list {
				if f.kind == protowire.BytesType && f.message == nil && isText(string(f.bytes)) {
					found = append(found, f)
				}
			}
		}
		if len(found) == 0 {
			return nil
		}
		pick(r, found).bytes = []byte(pick(r, texts))
		return encode(fields)
	}
}

func unknownField(r *rand.Rand, critical bool) *field {
	number := protowire.Number(r.Intn(1<<14) + 6)
	if critical {
		number &^= 1 << 10
	} else {
		number |= 1 << 10
	}
	f := &field{number: number, kind: pick(r, []protowire.Type{0, 1, 2, 5}), value: r.Uint64()}
	f.bytes = make([]byte, r.Intn(6))
	r.Read(f.bytes)
	return f
}

func insert(r *rand.Rand, list *[]*field, f *field) {
	at := r.Intn(len(*list) + 1)
	*list = append((*list)[:at:at], append([]*field{f}, (*list)[at:]...)...)
}

var mutations = []mutation{
	{"set a byte", func(r *rand.Rand, b []byte) []byte {
		c := bytes.Clone(b)
		c[r.Intn(len(c))] = byte(r.Intn(256))
		return c
	}},
	{"turn a bit", func(r *rand.Rand, b []byte) []byte {
		c := bytes.Clone(b)
		c[r.Intn(len(c))] ^= 1 << r.Intn(8)
		return c
	}},
	{"insert a byte", func(r *rand.Rand, b []byte) []byte {
		at := r.Intn(len(b) + 1)
		return append(b[:at:at], append([]byte{byte(r.Intn(256))}, b[at:]...)...)
	}},
	{"take out a byte", func(r *rand.Rand, b []byte) []byte {
		at := r.Intn(len(b))
		return append(b[:at:at], b[at+1:]...)
	}},
	{"cut", func(r *rand.Rand, b []byte) []byte { return bytes.Clone(b[:r.Intn(len(b))]) }},
	{"repeat a part", func(r *rand.Rand, b []byte) []byte {
		from := r.Intn(len(b))
		to := from + r.Intn(min(len(b)-from, 40)) + 1
		return append(b[:to:to], b[from:]...)
	}},
	{"add an unknown critical field", inTree(func(r *rand.Rand, list *[]*field) bool {
		insert(r, list, unknownField(r, true))
		return true
	})},
	{"add an unknown non-critical field", inTree(func(r *rand.Rand, list *[]*field) bool {
		insert(r, list, unknownField(r, false))
		return true
	})},
	{"add a group", inTree(func(r *rand.Rand, list *[]*field) bool {
		f := unknownField(r, r.Intn(2) == 0)
		f.kind = protowire.StartGroupType
		f.bytes = nil
		insert(r, list, f)
		return true
	})},
	{"write a field twice", inTree(func(r *rand.Rand, list *[]*field) bool {
		if len(*list) == 0 {
			return false
		}
		insert(r, list, pick(r, *list))
		return true
	})},
	{"take out a field", inTree(func(r *rand.Rand, list *[]*field) bool {
		if len(*list) == 0 {
			return false
		}
		at := r.Intn(len(*list))
		*list = append((*list)[:at:at], (*list)[at+1:]...)
		return true
	})},
	{"shuffle fields", inTree(func(r *rand.Rand, list *[]*field) bool {
		r.Shuffle(len(*list), func(i, j int) { (*list)[i], (*list)[j] = (*list)[j], (*list)[i] })
		return len(*list) > 1
	})},
	{"empty a field", ofField(func(r *rand.Rand, f *field) bool {
		f.message, f.bytes, f.value = nil, nil, 0
		return true
	})},
	{"change a number", ofField(func(r *rand.Rand, f *field) bool {
		f.value = pick(r, values)
		return f.kind == protowire.VarintType
	})},
	{"change a wire type", ofField(func(r *rand.Rand, f *field) bool {
		before := f.kind
		f.kind = pick(r, []protowire.Type{0, 1, 2, 5})
		return f.kind != before
	})},
	{"change a field number", ofField(func(r *rand.Rand, f *field) bool {
		f.number = protowire.Number(r.Intn(8) + 1)
		return true
	})},
	{"lengthen a tag", ofField(func(r *rand.Rand, f *field) bool { f.longTag = r.Intn(3) + 1; return true })},
	{"lengthen a length", ofField(func(r *rand.Rand, f *field) bool {
		f.longLength = r.Intn(3) + 1
		return f.kind == protowire.BytesType
	})},
	{"lengthen a number", ofField(func(r *rand.Rand, f *field) bool {
		f.longValue = r.Intn(3) + 1
		return f.kind == protowire.VarintType
	})},
	{"break UTF-8", ofField(func(r *rand.Rand, f *field) bool {
		if f.kind != protowire.BytesType || f.message != nil || len(f.bytes) == 0 {
			return false
		}
		f.bytes = bytes.Clone(f.bytes)
		f.bytes[r.Intn(len(f.bytes))] = 0xff
		return true
	})},
	{"change a type URL", ofText(func(s string) bool { return strings.HasPrefix(s, "/cosmos.") }, typeURLs)},
	{"change an amount", ofText(isDigits, numbers)},
	{"pack into an Any too many", inTree(func(r *rand.Rand, list *[]*field) bool {
		if len(*list) != 2 || (*list)[0].number != 1 || (*list)[1].number != 2 {
			return false
		}
		inner := *list
		*list = []*field{
			{number: 1, kind: protowire.BytesType, bytes: []byte("/cosmos.feegrant.v1beta1.AllowedMsgAllowance")},
			{number: 2, kind: protowire.BytesType, message: []*field{{number: 1, kind: protowire.BytesType, message: inner}}},
		}
		return true
	})},
}

func isDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
