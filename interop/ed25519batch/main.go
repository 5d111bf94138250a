// Command ed25519batch prints batches of ed25519 signatures, a line each, with CometBFT's verdict on every signature
// and on the batch as a whole: valid ones, changed ones, points with a component of small order, encodings that are not
// canonical, and scalars at the ends of their range.
//
//	go run ./ed25519batch <seed> <batches>        (in interop/)
package main

import (
	"bufio"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"os"
	"strconv"

	"filippo.io/edwards25519"
	"github.com/cometbft/cometbft/crypto/ed25519"
)

const maxBatch = 24

type signed struct {
	Kind      string `json:"kind"`
	Key       []byte `json:"key"`
	Message   []byte `json:"message"`
	Signature []byte `json:"signature"`
	OK        bool   `json:"ok"`
}

type batch struct {
	Signed []signed `json:"signed"`
	OK     bool     `json:"ok"`
}

// Encodings of points of small order, of which all from the ninth on are not canonical.
var smallOrder = bytesOf(
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
)

// The group order, and the numbers around it.
var scalars = bytesOf(
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
	"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
	"eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
	"0000000000000000000000000000000000000000000000000000000000000010",
	"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
)

// A signer whose key may have a component of small order.
type signer struct {
	secret *edwards25519.Scalar
	key    []byte
}

type generator struct {
	random  *rand.Rand
	signers []signer
}

func main() {
	if len(os.Args) != 3 {
		log.Fatalf("expected a seed and the number of batches, got %d arguments", len(os.Args)-1)
	}
	g := generator{random: rand.New(rand.NewSource(number(os.Args[1])))}
	for i := 0; i < 60; i++ {
		g.signers = append(g.signers, g.newSigner(i))
	}
	out := bufio.NewWriter(os.Stdout)
	lines := json.NewEncoder(out)
	for i := number(os.Args[2]); i > 0; i-- {
		must(lines.Encode(judge(g.batch())))
	}
	must(out.Flush())
}

// Every third one's key has a component of small order.
func (g *generator) newSigner(i int) signer {
	secret := g.scalar()
	point := new(edwards25519.Point).ScalarBaseMult(secret)
	if i%3 == 0 {
		point.Add(point, g.torsion())
	}
	return signer{secret, point.Bytes()}
}

func (g *generator) batch() []signed {
	list := make([]signed, 1+g.random.Intn(maxBatch))
	// Half of the batches have nothing wrong in them, as far as that is known here.
	spoils := g.random.Intn(2) == 0
	for i := range list {
		switch {
		case spoils && g.random.Intn(len(list)) == 0:
			list[i] = g.bad()
		case g.random.Intn(6) == 0:
			list[i] = g.edge()
		default:
			list[i] = g.good()
		}
	}
	if spoils && len(list) > 1 && g.random.Intn(4) == 0 {
		g.cancel(list)
	}
	return list
}

// A signature whose R may have a component of small order.
func (g *generator) good() signed {
	by := g.signers[g.random.Intn(len(g.signers))]
	message := g.bytes(g.random.Intn(200))
	nonce := g.scalar()
	r := new(edwards25519.Point).ScalarBaseMult(nonce)
	kind := "valid"
	if g.random.Intn(3) == 0 {
		kind = "torsion in R"
		r.Add(r, g.torsion())
	}
	s := new(edwards25519.Scalar).MultiplyAdd(challenge(r.Bytes(), by.key, message), by.secret, nonce)
	return signed{Kind: kind, Key: by.key, Message: message, Signature: append(r.Bytes(), s.Bytes()...)}
}

// What is valid, or not, because of how its points are written.
func (g *generator) edge() signed {
	key := smallOrder[g.random.Intn(len(smallOrder))]
	message := g.bytes(20)
	if g.random.Intn(2) == 0 {
		r := smallOrder[g.random.Intn(len(smallOrder))]
		s := scalars[0]
		if g.random.Intn(8) == 0 {
			s = scalars[g.random.Intn(len(scalars))]
		}
		return signed{Kind: "small order", Key: key, Message: message, Signature: join(r, s)}
	}
	nonce := g.scalar()
	r := new(edwards25519.Point).ScalarBaseMult(nonce)
	return signed{Kind: "small order key", Key: key, Message: message, Signature: join(r.Bytes(), nonce.Bytes())}
}

func (g *generator) bad() signed {
	one := g.good()
	one.Key, one.Signature = join(one.Key), join(one.Signature)
	flip := func(bytes []byte) {
		bytes[g.random.Intn(len(bytes))] ^= 1 << g.random.Intn(8)
	}
	switch g.random.Intn(7) {
	case 0:
		one.Kind = "a bit of R"
		flip(one.Signature[:32])
	case 1:
		one.Kind = "a bit of s"
		flip(one.Signature[32:])
	case 2:
		one.Kind = "a bit of the key"
		flip(one.Key)
	case 3:
		one.Kind = "another message"
		one.Message = append(one.Message, 0)
	case 4:
		one.Kind = "another s"
		copy(one.Signature[32:], scalars[g.random.Intn(len(scalars))])
	case 5:
		one.Kind = "garbage"
		one.Signature = g.bytes(64)
	default:
		one.Kind = "s and the order"
		copy(one.Signature[32:], plusOrder(one.Signature[32:]))
	}
	return one
}

// Errors in two signatures whose sum is none.
func (g *generator) cancel(list []signed) {
	delta := g.scalar()
	for i, sign := range []*edwards25519.Scalar{delta, new(edwards25519.Scalar).Negate(delta)} {
		one := g.good()
		s, err := new(edwards25519.Scalar).SetCanonicalBytes(one.Signature[32:])
		must(err)
		one.Kind = "cancels"
		one.Signature = join(one.Signature[:32], s.Add(s, sign).Bytes())
		list[i] = one
	}
}

// CometBFT's verdicts: on the signatures and on the batch, which must agree.
func judge(list []signed) batch {
	verifier := ed25519.NewBatchVerifier()
	all := true
	isAdded := true
	for i := range list {
		one := &list[i]
		key := ed25519.PubKey(one.Key)
		one.OK = key.VerifySignature(one.Message, one.Signature)
		all = all && one.OK
		isAdded = verifier.Add(key, one.Message, one.Signature) == nil && isAdded
	}
	ok, _ := verifier.Verify()
	if isAdded && ok != all {
		log.Fatalf("batch: %v, one by one: %v, of %+v", ok, all, list)
	}
	return batch{list, isAdded && ok}
}

func challenge(r, key, message []byte) *edwards25519.Scalar {
	sum := sha512.Sum512(join(r, key, message))
	k, err := new(edwards25519.Scalar).SetUniformBytes(sum[:])
	must(err)
	return k
}

// s plus the group order, as 32 bytes: what malleable verifiers take for s.
func plusOrder(s []byte) []byte {
	sum, carry := make([]byte, 32), 0
	for i := range sum {
		carry += int(s[i]) + int(scalars[3][i])
		sum[i] = byte(carry)
		carry >>= 8
	}
	return sum
}

func (g *generator) scalar() *edwards25519.Scalar {
	scalar, err := new(edwards25519.Scalar).SetUniformBytes(g.bytes(64))
	must(err)
	return scalar
}

func (g *generator) torsion() *edwards25519.Point {
	point, err := new(edwards25519.Point).SetBytes(smallOrder[g.random.Intn(8)])
	must(err)
	return point
}

func (g *generator) bytes(count int) []byte {
	bytes := make([]byte, count)
	g.random.Read(bytes)
	return bytes
}

func join(parts ...[]byte) []byte {
	var joined []byte
	for _, part := range parts {
		joined = append(joined, part...)
	}
	return joined
}

func bytesOf(texts ...string) [][]byte {
	list := make([][]byte, len(texts))
	for i, text := range texts {
		bytes, err := hex.DecodeString(text)
		must(err)
		list[i] = bytes
	}
	return list
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	must(err)
	if value < 0 {
		must(fmt.Errorf("expected a number from 0 on, got %s", text))
	}
	return value
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
