package main

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
)

// signed is one signature with the official verdict.
type signed struct {
	Name      string `json:"name"`
	KeyType   string `json:"keyType"`
	Key       []byte `json:"key"`
	Message   []byte `json:"message"`
	Signature []byte `json:"signature"`
	OK        bool   `json:"ok"`
}

func signatureVectors() any {
	out := append(smallOrderCases(), mixedOrderCases()...)
	out = append(out, scalarCases()...)
	return append(out, ecdsaCases()...)
}

func ed25519Case(name string, key, message, signature []byte) signed {
	ok := len(key) == ed25519.PubKeySize && ed25519.PubKey(key).VerifySignature(message, signature)
	return signed{name, "ed25519", key, message, signature, ok}
}

// smallOrderEncodings are all encodings, canonical or not, of the eight points of small order,
// and some of no point at all.
func smallOrderEncodings() [][]byte {
	var out [][]byte
	for _, text := range []string{
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"0200000000000000000000000000000000000000000000000000000000000000",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	} {
		out = append(out, must(hex.DecodeString(text)))
	}
	return out
}

func smallOrderCases() []signed {
	var out []signed
	for i, key := range smallOrderEncodings() {
		for j, r := range smallOrderEncodings() {
			name := fmt.Sprintf("small order key %d, R %d", i, j)
			out = append(out, ed25519Case(name, key, []byte("Zcash"), append(slices.Clone(r), make([]byte, 32)...)))
		}
	}
	return out
}

// mixedOrderCases signs with keys and nonces that carry a torsion component.
func mixedOrderCases() []signed {
	torsion := must(curve.NewEdwardsPoint().SetCompressedY(
		must(curve.NewCompressedEdwardsYFromBytes(smallOrderEncodings()[6]))))
	none := curve.NewEdwardsPoint().Identity()
	message := []byte("mixed order")
	a, r := scalar.NewFromUint64(123456789), scalar.NewFromUint64(987654321)
	var out []signed
	for i, onKey := range []*curve.EdwardsPoint{none, torsion} {
		for j, onNonce := range []*curve.EdwardsPoint{none, torsion} {
			key := must(curve.NewEdwardsPoint().Add(basePoint(a), onKey).MarshalBinary())
			nonce := must(curve.NewEdwardsPoint().Add(basePoint(r), onNonce).MarshalBinary())
			digest := sha512.Sum512(slices.Concat(nonce, key, message))
			k := must(scalar.NewFromBytesModOrderWide(digest[:]))
			s := scalar.New().Add(r, scalar.New().Mul(k, a))
			signature := append(nonce, must(s.MarshalBinary())...)
			name := fmt.Sprintf("torsion %d on the key, %d on R", i, j)
			out = append(out, ed25519Case(name, key, message, signature),
				ed25519Case(name+", other message", key, []byte("mixed"), signature))
		}
	}
	return out
}

func basePoint(k *scalar.Scalar) *curve.EdwardsPoint {
	return curve.NewEdwardsPoint().MulBasepoint(curve.ED25519_BASEPOINT_TABLE, k)
}

// scalarCases bends the S of a good signature, and the lengths.
func scalarCases() []signed {
	private := ed25519.GenPrivKeyFromSecret([]byte("vectors"))
	key, message := private.PubKey().Bytes(), []byte("a report")
	good := must(private.Sign(message))
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := new(big.Int).SetBytes(reversed(good[32:]))
	with := func(s *big.Int) []byte {
		return append(slices.Clone(good[:32]), reversed(s.FillBytes(make([]byte, 32)))...)
	}
	plus := func(n int64) *big.Int { return new(big.Int).Add(s, new(big.Int).Mul(order, big.NewInt(n))) }
	return []signed{
		ed25519Case("good", key, message, good),
		ed25519Case("S + L", key, message, with(plus(1))),
		ed25519Case("S + 7 L", key, message, with(plus(7))),
		ed25519Case("S = L", key, message, with(order)),
		ed25519Case("S = 0", key, message, with(new(big.Int))),
		ed25519Case("S = 2^256 - 1", key, message, with(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1)))),
		ed25519Case("short signature", key, message, good[:63]),
		ed25519Case("long signature", key, message, append(slices.Clone(good), 0)),
		ed25519Case("no signature", key, message, []byte{}),
		ed25519Case("short key", key[:31], message, good),
		ed25519Case("long key", append(slices.Clone(key), 0), message, good),
		ed25519Case("other message", key, []byte("b report"), good),
	}
}

func reversed(bytes []byte) []byte {
	out := slices.Clone(bytes)
	slices.Reverse(out)
	return out
}
