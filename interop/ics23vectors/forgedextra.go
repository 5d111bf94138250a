package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"sort"

	ics23 "github.com/cosmos/ics23/go"
)

func sortByHash(leaves []*node) {
	sort.Slice(leaves, func(i, j int) bool {
		a, b := sha256.Sum256(leaves[i].key), sha256.Sum256(leaves[j].key)
		return bytes.Compare(a[:], b[:]) < 0
	})
}

// keyBetween gives a key that fits the claimed gap most of the time, and one that does not at times.
func (f *forger) keyBetween(left, right *ics23.ExistenceProof) []byte {
	if f.random.Intn(12) == 0 && right != nil {
		return right.Key
	}
	order := func(key []byte) []byte {
		if !f.spec.PrehashKeyBeforeComparison {
			return key
		}
		hash := sha256.Sum256(key)
		return hash[:]
	}
	for n := 0; n < 4000; n++ {
		key := []byte(fmt.Sprintf("k%02d-%d", f.random.Intn(24), n))
		if left != nil && bytes.Compare(order(key), order(left.Key)) <= 0 {
			continue
		}
		if right != nil && bytes.Compare(order(key), order(right.Key)) >= 0 {
			continue
		}
		return key
	}
	return []byte("j")
}

// depthClaims walks paths around the deepest allowed for each spec.
func depthClaims() []claim {
	var claims []claim
	for _, name := range []string{"iavl", "tendermint", "smt"} {
		spec := specs[name]
		deepest := 128
		if spec.MaxDepth > 0 {
			deepest = int(spec.MaxDepth)
		}
		for _, depth := range []int{0, deepest, deepest + 1} {
			claims = append(claims, judged(depthClaim(name, depth)))
		}
	}
	return claims
}

func depthClaim(name string, depth int) claim {
	leaf := *specs[name].LeafSpec
	leaf.Prefix = []byte{0}
	if name == "iavl" {
		leaf.Prefix = []byte{0, 2, 2}
	}
	proof := &ics23.ExistenceProof{Key: []byte("deep"), Value: []byte("down"), Leaf: &leaf}
	for i := 1; i <= depth; i++ {
		step := &ics23.InnerOp{Hash: ics23.HashOp_SHA256, Prefix: []byte{1}}
		if name == "iavl" {
			step.Prefix = []byte{0x80 | byte(2*i)&0x7f, byte(2 * i >> 7), 2, 2, 32}
		}
		proof.Path = append(proof.Path, step)
	}
	root := must(proof.Calculate())
	title := fmt.Sprintf("%s at depth %d", name, depth)
	return claim{title, name, root, encodeExistence(proof), proof.Key, proof.Value, false}
}

// strangeInnerClaims prove under inner nodes that start with 02, which RFC 6962 never makes, though
// their lengths fit the spec.
func strangeInnerClaims() []claim {
	leaf := *specs["tendermint"].LeafSpec
	proof := &ics23.ExistenceProof{Key: []byte("k"), Value: []byte("v"), Leaf: &leaf}
	proof.Path = []*ics23.InnerOp{{Hash: ics23.HashOp_SHA256, Prefix: []byte{2}, Suffix: make([]byte, 32)}}
	root := must(proof.Calculate())
	return []claim{
		judged(claim{"tendermint under 02", "tendermint", root, encodeExistence(proof), proof.Key, proof.Value, false}),
		judged(claim{"tendermint absent under 02", "tendermint", root, encodeAbsence([]byte("a"), nil, proof), []byte("a"), nil, false}),
	}
}

// opVector is one leaf op with the hash it gives, or none where the module refuses it.
type opVector struct {
	Proof []byte `json:"proof"`
	Root  []byte `json:"root,omitempty"`
}

// opVectors runs every hash op and every length op once, over short and 32- and 64-byte values.
func opVectors() []opVector {
	var out []opVector
	for _, size := range []int{0, 1, 32, 64, 200} {
		for length := 0; length < 9; length++ {
			out = append(out, opVectorOf(1+length, length, size), opVectorOf(length, 1, size))
		}
	}
	return out
}

func opVectorOf(hash, length, size int) opVector {
	data := bytes.Repeat([]byte{0xa5}, size)
	leaf := &ics23.LeafOp{Hash: ics23.HashOp(hash), Length: ics23.LengthOp(length), Prefix: []byte{9}}
	if size == 200 {
		leaf.PrehashKey, leaf.PrehashValue = leaf.Hash, leaf.Hash
	}
	proof := &ics23.ExistenceProof{Key: data, Value: data, Leaf: leaf}
	root, err := proof.Calculate()
	if err != nil {
		root = nil
	}
	return opVector{encodeExistence(proof), root}
}
