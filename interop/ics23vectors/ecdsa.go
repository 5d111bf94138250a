package main

import (
	"crypto/elliptic"
	"crypto/sha256"
	"fmt"
	"math/big"
	"slices"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256r1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	dcrec "github.com/decred/dcrd/dcrec/secp256k1/v4"
)

// ecdsaCurve is what differs between the two curves.
type ecdsaCurve struct {
	keyType string
	n       *big.Int
	key     []byte
	sign    func(message []byte) []byte
}

func ecdsaCases() []signed {
	var out []signed
	for _, c := range []ecdsaCurve{secp256k1Curve(), p256Curve()} {
		for i := 0; i < 3; i++ {
			message := []byte(fmt.Sprintf("report %d", i))
			signature := c.sign(message)
			out = append(out, c.caseOf(fmt.Sprintf("good %d", i), c.key, message, signature))
		}
		out = append(out, c.bent()...)
	}
	return out
}

func secp256k1Curve() ecdsaCurve {
	private := secp256k1.GenPrivKeyFromSecret([]byte("vectors"))
	return ecdsaCurve{"secp256k1", dcrec.S256().N, private.PubKey().Bytes(), func(message []byte) []byte {
		return must(private.Sign(message))
	}}
}

func p256Curve() ecdsaCurve {
	curve := elliptic.P256()
	d := new(big.Int).SetBytes([]byte("a secret of a test device, P-256"))
	d.Mod(d, curve.Params().N)
	x, y := curve.ScalarBaseMult(d.Bytes())
	key := elliptic.MarshalCompressed(curve, x, y)
	return ecdsaCurve{"p256", curve.Params().N, key, func(message []byte) []byte {
		return signP256(d, message)
	}}
}

// signP256 signs with a nonce from the message, so that every run prints the same.
func signP256(d *big.Int, message []byte) []byte {
	n := elliptic.P256().Params().N
	digest, seed := sha256.Sum256(message), sha256.Sum256(append([]byte("nonce of "), message...))
	k := new(big.Int).Mod(new(big.Int).SetBytes(seed[:]), n)
	r, _ := elliptic.P256().ScalarBaseMult(k.Bytes())
	r.Mod(r, n)
	s := new(big.Int).Mul(r, d)
	s.Add(s, new(big.Int).SetBytes(digest[:]))
	s.Mul(s, new(big.Int).ModInverse(k, n)).Mod(s, n)
	if s.Cmp(new(big.Int).Rsh(n, 1)) > 0 {
		s.Sub(n, s)
	}
	return compact(r, s)
}

func compact(r, s *big.Int) []byte {
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

func (c ecdsaCurve) caseOf(name string, key, message, signature []byte) (out signed) {
	out = signed{c.keyType + ": " + name, c.keyType, key, message, signature, false}
	defer func() { _ = recover() }()
	if c.keyType == "secp256k1" {
		var public cryptotypes.PubKey = &secp256k1.PubKey{Key: key}
		out.OK = public.VerifySignature(message, signature)
		return out
	}
	public, err := p256Key(key)
	out.OK = err == nil && public.VerifySignature(message, signature)
	return out
}

// p256Key reads a key through the protobuf form that a transaction carries it in.
func p256Key(key []byte) (*secp256r1.PubKey, error) {
	public := &secp256r1.PubKey{}
	err := public.Unmarshal(append([]byte{10, byte(len(key))}, key...))
	return public, err
}

func (c ecdsaCurve) bent() []signed {
	message := []byte("a report")
	good := c.sign(message)
	r, s := new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:])
	zero := new(big.Int)
	half := new(big.Int).Rsh(c.n, 1)
	otherSign := slices.Clone(c.key)
	otherSign[0] ^= 1
	offCurve := c.offCurveKey()
	out := []signed{c.caseOf("good", c.key, message, good)}
	for _, bent := range []struct {
		name string
		r, s *big.Int
	}{
		{"high S", r, new(big.Int).Sub(c.n, s)},
		{"r = 0", zero, s}, {"s = 0", r, zero}, {"both 0", zero, zero},
		{"r = n", c.n, s}, {"s = n", r, c.n},
		{"s = n / 2", r, half}, {"s = n / 2 + 1", r, new(big.Int).Add(half, big.NewInt(1))},
		{"r and s swapped", s, r},
	} {
		out = append(out, c.caseOf(bent.name, c.key, message, compact(bent.r, bent.s)))
	}
	return append(out,
		c.caseOf("other message", c.key, []byte("b report"), good),
		c.caseOf("short signature", c.key, message, good[:63]),
		c.caseOf("long signature", c.key, message, append(slices.Clone(good), 0)),
		c.caseOf("key of the other sign", otherSign, message, good),
		c.caseOf("key off the curve", offCurve, message, good),
		c.caseOf("key of prefix 05", append([]byte{5}, c.key[1:]...), message, good),
		c.caseOf("short key", c.key[:32], message, good),
		c.caseOf("no key", []byte{}, message, good))
}

// offCurveKey is a compressed key whose x belongs to no point.
func (c ecdsaCurve) offCurveKey() []byte {
	for x := byte(1); ; x++ {
		key := append([]byte{2}, make([]byte, 32)...)
		key[32] = x
		_, errK := dcrec.ParsePubKey(key)
		xP, _ := elliptic.UnmarshalCompressed(elliptic.P256(), key)
		if (c.keyType == "secp256k1" && errK != nil) || (c.keyType == "p256" && xP == nil) {
			return key
		}
	}
}
