package main

import (
	"fmt"
	"math/rand"

	ics23 "github.com/cosmos/ics23/go"
)

// Forged proofs lead to the very root they are checked against, so that only the rules about form,
// order and adjacency decide. Trees are made up node by node, well formed or not.

type node struct {
	key, value  []byte
	leaf        *ics23.LeafOp
	left, right *node
	makeOp      func(sibling []byte, isLeft bool) *ics23.InnerOp
	hash        []byte
	height      int
}

// forger makes trees for one spec; odds is how often, in percent, something is out of form.
type forger struct {
	random *rand.Rand
	name   string
	spec   *ics23.ProofSpec
	odds   int
}

func forgedVectors() any {
	var claims []claim
	for seed := int64(0); seed < 9; seed++ {
		for _, name := range []string{"iavl", "tendermint", "smt"} {
			odds := []int{0, 2, 6}[seed%3]
			f := &forger{rand.New(rand.NewSource(seed)), name, specs[name], odds}
			root, leaves := f.tree(2 + f.random.Intn(9))
			claims = append(claims, f.presences(root, leaves)...)
			claims = append(claims, f.absences(root, leaves)...)
		}
	}
	claims = append(claims, depthClaims()...)
	claims = append(claims, strangeInnerClaims()...)
	return map[string]any{"claims": claims, "ops": opVectors()}
}

func (f *forger) bad() bool { return f.random.Intn(100) < f.odds }

func (f *forger) pick(choices ...[]byte) []byte { return choices[f.random.Intn(len(choices))] }

// tree builds a tree over keys in the order of the spec and gives its leaves from left to right.
func (f *forger) tree(size int) (*node, []*node) {
	var leaves []*node
	for i := 0; i < size; i++ {
		leaves = append(leaves, f.leaf(i))
	}
	if f.spec.PrehashKeyBeforeComparison {
		sortByHash(leaves)
	}
	return f.join(leaves), leaves
}

func (f *forger) leaf(i int) *node {
	op := *f.spec.LeafSpec
	op.Prefix = []byte{0}
	if f.name == "iavl" {
		op.Prefix = []byte{0, 2, byte(2 * f.random.Intn(60))}
	}
	if f.bad() {
		op.Prefix = f.pick(nil, []byte{0}, []byte{0, 2, 2, 2}, []byte{1, 2, 2}, []byte{0, 3, 2}, []byte{2, 2, 2},
			[]byte{0, 2, 0x82, 0}, []byte{0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	}
	if f.bad() {
		op.Hash = ics23.HashOp(1 + f.random.Intn(9))
	}
	if f.bad() {
		op.PrehashKey = ics23.HashOp(f.random.Intn(10))
	}
	if f.bad() {
		op.PrehashValue = ics23.HashOp(f.random.Intn(10))
	}
	if f.bad() {
		op.Length = ics23.LengthOp(f.random.Intn(9))
	}
	leaf := &node{key: []byte(fmt.Sprintf("k%02d", 2*i+1)), value: []byte(fmt.Sprintf("v%d", i)), leaf: &op}
	hash, err := op.Apply(leaf.key, leaf.value)
	if err != nil {
		op = *f.spec.LeafSpec
		op.Prefix = []byte{0, 2, 2}
		hash = must(op.Apply(leaf.key, leaf.value))
	}
	leaf.hash = hash
	return leaf
}

func (f *forger) join(nodes []*node) *node {
	if len(nodes) == 1 {
		if f.name == "smt" && f.random.Intn(3) == 0 {
			return f.inner(nodes[0], nil)
		}
		return nodes[0]
	}
	split := 1 + f.random.Intn(len(nodes)-1)
	joined := f.inner(f.join(nodes[:split]), f.join(nodes[split:]))
	if f.name == "smt" && f.random.Intn(3) == 0 {
		return f.inner(nil, joined)
	}
	return joined
}

// inner joins two nodes; one of them may be missing where the spec has empty children.
func (f *forger) inner(left, right *node) *node {
	joined := &node{left: left, right: right, height: 1 + max(heightOf(left), heightOf(right))}
	start, between, after := f.innerBytes(joined.height)
	op := f.spec.InnerSpec.Hash
	if f.bad() {
		op = ics23.HashOp(1 + f.random.Intn(8))
		if op == ics23.HashOp_KECCAK256 {
			op = ics23.HashOp_SHA512
		}
	}
	joined.makeOp = func(sibling []byte, isLeft bool) *ics23.InnerOp {
		if isLeft {
			return &ics23.InnerOp{Hash: op, Prefix: clone(start), Suffix: clone(between, sibling, after)}
		}
		return &ics23.InnerOp{Hash: op, Prefix: clone(start, sibling, between), Suffix: clone(after)}
	}
	joined.hash = must(joined.makeOp(f.hashOf(right), true).Apply(f.hashOf(left)))
	return joined
}

func (f *forger) innerBytes(height int) (start, between, after []byte) {
	start = []byte{1}
	if f.name == "iavl" {
		start = []byte{byte(2 * height), byte(4 * height), byte(2 * f.random.Intn(60)), 32}
		between = []byte{32}
	}
	if f.bad() {
		start = f.pick([]byte{2}, []byte{0, 1}, nil, []byte{1, 1}, []byte{byte(2 * height), 2, 2, 9},
			[]byte{2, 2, 2, 32}, []byte{byte(2 * height), 2, 2}, []byte{byte(2 * height), 1, 2, 32},
			[]byte{byte(2 * height), 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 2, 32})
	}
	if f.bad() {
		after = f.pick([]byte{7}, make([]byte, f.spec.InnerSpec.ChildSize), make([]byte, 2*f.spec.InnerSpec.ChildSize))
	}
	return start, between, after
}

func (f *forger) hashOf(n *node) []byte {
	if n == nil {
		return f.spec.InnerSpec.EmptyChild
	}
	return n.hash
}

func heightOf(n *node) int {
	if n == nil {
		return 0
	}
	return n.height
}

func clone(parts ...[]byte) []byte {
	var out []byte
	for _, part := range parts {
		out = append(out, part...)
	}
	return out
}

// prove gives the existence proof of a leaf in the tree, from the leaf up.
func (f *forger) prove(root, leaf *node) *ics23.ExistenceProof {
	if root == nil {
		return nil
	}
	if root == leaf {
		return &ics23.ExistenceProof{Key: leaf.key, Value: leaf.value, Leaf: leaf.leaf}
	}
	if proof := f.prove(root.left, leaf); proof != nil {
		proof.Path = append(proof.Path, root.makeOp(f.hashOf(root.right), true))
		return proof
	}
	if proof := f.prove(root.right, leaf); proof != nil {
		proof.Path = append(proof.Path, root.makeOp(f.hashOf(root.left), false))
		return proof
	}
	return nil
}

func (f *forger) presences(root *node, leaves []*node) []claim {
	var claims []claim
	for n := 0; n < 4; n++ {
		leaf := leaves[f.random.Intn(len(leaves))]
		proof := f.prove(root, leaf)
		name := fmt.Sprintf("%s of %d", f.name, len(leaves))
		claims = append(claims, judged(claim{name, f.name, root.hash, encodeExistence(proof), leaf.key, leaf.value, false}))
	}
	return claims
}

// absences claims that something is missing between any two leaves, or outside of one.
func (f *forger) absences(root *node, leaves []*node) []claim {
	var claims []claim
	for n := 0; n < 9; n++ {
		at := f.random.Intn(len(leaves)+1) - 1
		to := at + 1
		if f.random.Intn(3) == 0 {
			to = f.random.Intn(len(leaves) + 1)
		}
		var left, right *ics23.ExistenceProof
		if at >= 0 {
			left = f.prove(root, leaves[at])
		}
		if to < len(leaves) {
			right = f.prove(root, leaves[to])
		}
		key := f.keyBetween(left, right)
		name := fmt.Sprintf("%s of %d: absent between %d and %d", f.name, len(leaves), at, to)
		claims = append(claims, judged(claim{name, f.name, root.hash, encodeAbsence(key, left, right), key, nil, false}))
	}
	return claims
}
