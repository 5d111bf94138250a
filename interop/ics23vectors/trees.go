package main

import (
	"crypto/sha256"
	"fmt"
	"math/rand"

	"cosmossdk.io/log"
	"cosmossdk.io/store/types"
	"github.com/cosmos/iavl"
	dbm "github.com/cosmos/iavl/db"
	ics23 "github.com/cosmos/ics23/go"
)

// claim is one proof with what it is said to show; no value means absence.
type claim struct {
	Name  string `json:"name"`
	Spec  string `json:"spec"`
	Root  []byte `json:"root"`
	Proof []byte `json:"proof"`
	Key   []byte `json:"key"`
	Value []byte `json:"value,omitempty"`
	OK    bool   `json:"ok"`
}

var specs = map[string]*ics23.ProofSpec{
	"iavl": ics23.IavlSpec, "tendermint": ics23.TendermintSpec, "smt": ics23.SmtSpec,
}

// verdict is what the official verifier says; where it panics the answer is no.
func verdict(spec *ics23.ProofSpec, c claim) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	var proof ics23.CommitmentProof
	if proof.Unmarshal(c.Proof) != nil {
		return false
	}
	if c.Value == nil {
		return ics23.VerifyNonMembership(spec, c.Root, &proof, c.Key)
	}
	return ics23.VerifyMembership(spec, c.Root, &proof, c.Key, c.Value)
}

func judged(c claim) claim {
	c.OK = verdict(specs[c.Spec], c)
	return c
}

// treeVectors holds proofs of real trees, the same claims bent one at a time, and single-byte flips
// of proofs: [claim, offset, xor, verdict].
func treeVectors() any {
	honest := append(iavlClaims(), storeClaims()...)
	claims := append([]claim{}, honest...)
	for i, c := range honest {
		claims = append(claims, bent(c, honest[(i+1)%len(honest)])...)
	}
	return map[string]any{"claims": claims, "honest": len(honest), "flips": flips(honest)}
}

func iavlClaims() []claim {
	var claims []claim
	for _, size := range []int{1, 2, 3, 17, 300} {
		tree := iavl.NewMutableTree(dbm.NewMemDB(), 1000, true, log.NewNopLogger())
		for i := 0; i < size; i++ {
			key, value := []byte(fmt.Sprintf("key-%04d", 2*i+1)), []byte(fmt.Sprintf("value %d", i))
			must(tree.Set(key, value))
			if i%5 == 4 {
				must2(tree.SaveVersion())
			}
		}
		root, _ := must2(tree.SaveVersion())
		claims = append(claims, iavlClaimsOf(tree.ImmutableTree, root, size)...)
	}
	return claims
}

func iavlClaimsOf(tree *iavl.ImmutableTree, root []byte, size int) []claim {
	var claims []claim
	for _, place := range placesOf(size) {
		key, value, err := tree.GetByIndex(int64(place))
		if err != nil {
			panic(err)
		}
		proof := must(must(tree.GetMembershipProof(key)).Marshal())
		name := fmt.Sprintf("iavl of %d: leaf %d", size, place)
		claims = append(claims, judged(claim{name, "iavl", root, proof, key, value, false}))
	}
	for _, key := range []string{"a", fmt.Sprintf("key-%04d", size/2*2), "key-0001\x00", "z"} {
		proof := must(must(tree.GetNonMembershipProof([]byte(key))).Marshal())
		name := fmt.Sprintf("iavl of %d: absent %q", size, key)
		claims = append(claims, judged(claim{name, "iavl", root, proof, []byte(key), nil, false}))
	}
	return claims
}

func placesOf(size int) []int {
	if size == 1 {
		return []int{0}
	}
	return []int{0, size / 2, size - 1}
}

func storeClaims() []claim {
	var claims []claim
	for _, size := range []int{1, 4, 13} {
		info := types.CommitInfo{Version: 7}
		var names []string
		for i := 0; i < size; i++ {
			name := fmt.Sprintf("store%02d", 2*i+1)
			hash := sha256.Sum256([]byte(name))
			names = append(names, name)
			info.StoreInfos = append(info.StoreInfos, types.StoreInfo{
				Name: name, CommitId: types.CommitID{Version: 7, Hash: hash[:]},
			})
		}
		claims = append(claims, storeClaimsOf(info, names)...)
	}
	return claims
}

func storeClaimsOf(info types.CommitInfo, names []string) []claim {
	var claims []claim
	size := len(names)
	exist := func(i int) *ics23.ExistenceProof {
		if i < 0 || i >= size {
			return nil
		}
		var proof ics23.CommitmentProof
		if err := proof.Unmarshal(info.ProofOp(names[i]).Data); err != nil {
			panic(err)
		}
		return proof.GetExist()
	}
	for _, place := range placesOf(size) {
		proof := info.ProofOp(names[place]).Data
		key, value := []byte(names[place]), exist(place).Value
		name := fmt.Sprintf("stores of %d: leaf %d", size, place)
		claims = append(claims, judged(claim{name, "tendermint", info.Hash(), proof, key, value, false}))
	}
	for _, after := range append([]int{-1}, placesOf(size)...) {
		key := []byte(fmt.Sprintf("store%02d", 2*after+2))
		proof := encodeAbsence(key, exist(after), exist(after+1))
		name := fmt.Sprintf("stores of %d: absent after %d", size, after)
		claims = append(claims, judged(claim{name, "tendermint", info.Hash(), proof, key, nil, false}))
	}
	return claims
}

func encodeAbsence(key []byte, left, right *ics23.ExistenceProof) []byte {
	proof := ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Nonexist{
		Nonexist: &ics23.NonExistenceProof{Key: key, Left: left, Right: right},
	}}
	return must(proof.Marshal())
}

func encodeExistence(proof *ics23.ExistenceProof) []byte {
	whole := ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Exist{Exist: proof}}
	return must(whole.Marshal())
}

// bent changes one thing of a claim at a time: key, value, root, spec, kind, neighbours.
func bent(c, other claim) []claim {
	change := func(name string, edit func(*claim)) claim {
		copied := c
		copied.Name = c.Name + ", " + name
		edit(&copied)
		return judged(copied)
	}
	out := []claim{
		change("other key", func(c *claim) { c.Key = append([]byte("x"), c.Key...) }),
		change("other root", func(c *claim) { c.Root = other.Root[1:] }),
		change("other spec", func(c *claim) { c.Spec = map[string]string{"iavl": "tendermint", "tendermint": "smt"}[c.Spec] }),
	}
	var proof ics23.CommitmentProof
	if err := proof.Unmarshal(c.Proof); err != nil {
		panic(err)
	}
	if c.Value != nil {
		return append(out,
			change("other value", func(c *claim) { c.Value = append([]byte("x"), c.Value...) }),
			change("as absence", func(c *claim) { c.Value = nil }))
	}
	absence := proof.GetNonexist()
	return append(out,
		change("as presence", func(c *claim) { c.Value = []byte("x") }),
		change("swapped", func(c *claim) { c.Proof = encodeAbsence(c.Key, absence.Right, absence.Left) }),
		change("left alone", func(c *claim) { c.Proof = encodeAbsence(c.Key, absence.Left, nil) }),
		change("right alone", func(c *claim) { c.Proof = encodeAbsence(c.Key, nil, absence.Right) }))
}

func flips(claims []claim) [][4]int {
	random := rand.New(rand.NewSource(23))
	var out [][4]int
	for i, c := range claims {
		for n := 0; n < 40; n++ {
			offset, xor := random.Intn(len(c.Proof)), 1<<random.Intn(8)
			flipped := c
			flipped.Proof = append([]byte{}, c.Proof...)
			flipped.Proof[offset] ^= byte(xor)
			ok := 0
			if verdict(specs[c.Spec], flipped) {
				ok = 1
			}
			out = append(out, [4]int{i, offset, xor, ok})
		}
	}
	return out
}

func must2[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}
