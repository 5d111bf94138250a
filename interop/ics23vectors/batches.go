package main

import (
	"fmt"
	"slices"

	ics23 "github.com/cosmos/ics23/go"
)

// batchVectors holds batches, plain and compressed, of proofs of one tree: claims about each key in them and about
// others, the same with entries changed and with tables that compression never makes, and small ones with every byte
// changed: for each change of a byte the verdicts by offset, as a text of 0 and 1.
func batchVectors() any {
	var claims []claim
	var flipped []flippedClaim
	flippedOf := map[string]bool{}
	for _, tree := range batchTrees(2) {
		spec := tree.own[0].Spec
		for _, compressed := range []bool{false, true} {
			claims = append(claims, tree.claims(compressed)...)
			if !flippedOf[spec] {
				flipped = append(flipped, tree.flips(compressed)...)
			}
		}
		flippedOf[spec] = true
	}
	// Claims about one batch share its bytes.
	var proofs [][]byte
	places := map[string]int{}
	var placed []placedClaim
	for _, c := range append(claims, tableClaims()...) {
		at, known := places[string(c.Proof)]
		if !known {
			at = len(proofs)
			places[string(c.Proof)] = at
			proofs = append(proofs, c.Proof)
		}
		placed = append(placed, placedClaim{c.Name, c.Spec, c.Root, at, c.Key, c.Value, c.OK})
	}
	return map[string]any{"proofs": proofs, "claims": placed, "flips": flipped}
}

type placedClaim struct {
	Name  string `json:"name"`
	Spec  string `json:"spec"`
	Root  []byte `json:"root"`
	Proof int    `json:"proof"`
	Key   []byte `json:"key"`
	Value []byte `json:"value,omitempty"`
	OK    bool   `json:"ok"`
}

type flippedClaim struct {
	Claim    claim    `json:"claim"`
	Xor      []int    `json:"xor"`
	Verdicts []string `json:"verdicts"`
}

// batchTree is claims of one root, each with a proof of its own.
type batchTree struct {
	name string
	own  []claim
}

// batchTrees gives so many trees of each spec, with two presences and two absences of each whose proofs are neither trivial nor long.
func batchTrees(most int) []batchTree {
	var trees []batchTree
	byRoot := map[string]int{}
	forged := forgedVectors().(map[string]any)["claims"].([]claim)
	for _, c := range slices.Concat(iavlClaims(), storeClaims(), forged) {
		key := c.Spec + string(c.Root)
		if !c.OK || len(c.Proof) > 400 || len(c.Proof) < 110 || single(c.Proof) == nil {
			continue
		}
		at, known := byRoot[key]
		if !known {
			at = len(trees)
			byRoot[key] = at
			trees = append(trees, batchTree{name: fmt.Sprintf("%s batch %d", c.Spec, at)})
		}
		same := 0
		for _, other := range trees[at].own {
			if (other.Value == nil) == (c.Value == nil) {
				same++
			}
		}
		if same < 2 {
			trees[at].own = append(trees[at].own, c)
		}
	}
	trees = slices.DeleteFunc(trees, func(t batchTree) bool { return len(t.own) < 4 })
	counts := map[string]int{}
	return slices.DeleteFunc(trees, func(t batchTree) bool {
		spec := t.own[0].Spec
		counts[spec]++
		return counts[spec] > most
	})
}

func single(bytes []byte) *ics23.CommitmentProof {
	var proof ics23.CommitmentProof
	if proof.Unmarshal(bytes) != nil || (proof.GetExist() == nil && proof.GetNonexist() == nil) {
		return nil
	}
	return &proof
}

func entryOf(c claim) *ics23.BatchEntry {
	proof := single(c.Proof)
	if exist := proof.GetExist(); exist != nil {
		return &ics23.BatchEntry{Proof: &ics23.BatchEntry_Exist{Exist: exist}}
	}
	return &ics23.BatchEntry{Proof: &ics23.BatchEntry_Nonexist{Nonexist: proof.GetNonexist()}}
}

func encodeBatch(entries []*ics23.BatchEntry, compressed bool) []byte {
	proof := &ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Batch{Batch: &ics23.BatchProof{Entries: entries}}}
	if compressed {
		proof = ics23.Compress(proof)
	}
	return must(proof.Marshal())
}

func (t batchTree) entries() []*ics23.BatchEntry {
	var entries []*ics23.BatchEntry
	for _, c := range t.own {
		entries = append(entries, entryOf(c))
	}
	return entries
}

func (t batchTree) claims(compressed bool) []claim {
	name := t.name
	if compressed {
		name += ", compressed"
	}
	var out []claim
	add := func(what string, c claim, proof []byte, edit func(*claim)) {
		c.Name, c.Proof = fmt.Sprintf("%s, %s: %s", name, c.Name, what), proof
		if edit != nil {
			edit(&c)
		}
		out = append(out, judged(c))
	}
	whole := encodeBatch(t.entries(), compressed)
	for i, c := range t.own {
		add("in it", c, whole, nil)
		if i > 0 && c.Value != nil {
			continue
		}
		add("other root", c, whole, func(c *claim) { c.Root = append([]byte{1}, c.Root[1:]...) })
		add("other spec", c, whole, func(c *claim) {
			c.Spec = map[string]string{"iavl": "tendermint", "tendermint": "smt", "smt": "iavl"}[c.Spec]
		})
		add("other key", c, whole, func(c *claim) { c.Key = append(append([]byte{}, c.Key...), 1) })
		if c.Value != nil {
			add("other value", c, whole, func(c *claim) { c.Value = append([]byte("x"), c.Value...) })
			add("as absence", c, whole, func(c *claim) { c.Value = nil })
		} else {
			add("as presence", c, whole, func(c *claim) { c.Value = []byte("x") })
		}
		without := slices.Delete(t.entries(), i, i+1)
		add("left out", c, encodeBatch(without, compressed), nil)
		for j, changed := range t.changed(i) {
			add(fmt.Sprintf("entry changed %d", j), c, encodeBatch(changed, compressed), nil)
		}
	}
	add("no entries", t.own[0], encodeBatch(nil, compressed), nil)
	return out
}

// changed gives the entries with the one at i, or what stands beside it, made wrong in several ways.
func (t batchTree) changed(i int) [][]*ics23.BatchEntry {
	all := t.entries()
	other := entryOf(t.own[(i+1)%len(t.own)])
	wrong := func() *ics23.BatchEntry {
		entry := entryOf(t.own[i])
		if exist := entry.GetExist(); exist != nil {
			exist.Value = append([]byte("x"), exist.Value...)
		} else if left := entry.GetNonexist().Left; left != nil {
			left.Value = append([]byte("x"), left.Value...)
		} else {
			entry.GetNonexist().Right.Value = []byte("x")
		}
		return entry
	}
	reversed := slices.Clone(all)
	slices.Reverse(reversed)
	replaced := slices.Clone(all)
	replaced[i] = wrong()
	out := [][]*ics23.BatchEntry{
		reversed,
		replaced,
		append([]*ics23.BatchEntry{wrong()}, all...),
		append(slices.Clone(all), wrong()),
		{all[i]},
		{all[i], other, all[i]},
	}
	if absence := entryOf(t.own[i]).GetNonexist(); absence != nil {
		half := func(left, right *ics23.ExistenceProof) []*ics23.BatchEntry {
			entry := &ics23.NonExistenceProof{Key: absence.Key, Left: left, Right: right}
			return append([]*ics23.BatchEntry{{Proof: &ics23.BatchEntry_Nonexist{Nonexist: entry}}}, all...)
		}
		out = append(out, half(absence.Right, absence.Left), half(absence.Left, nil), half(nil, absence.Right), half(nil, nil))
	}
	return out
}

// flips changes every byte of a small batch: the first presence and the first absence of the tree.
func (t batchTree) flips(compressed bool) []flippedClaim {
	var entries []*ics23.BatchEntry
	var chosen []claim
	for _, absent := range []bool{false, true} {
		at := slices.IndexFunc(t.own, func(c claim) bool { return (c.Value == nil) == absent })
		if at < 0 {
			return nil
		}
		chosen = append(chosen, t.own[at])
		entries = append(entries, entryOf(t.own[at]))
	}
	var out []flippedClaim
	for _, c := range chosen {
		c.Name, c.Proof = fmt.Sprintf("%s, small, compressed %t: %s", t.name, compressed, c.Name), encodeBatch(entries, compressed)
		flipped := flippedClaim{Claim: judged(c)}
		for _, xor := range []int{1, 128} {
			verdicts := make([]byte, len(c.Proof))
			for at := range c.Proof {
				bent := c
				bent.Proof = slices.Clone(c.Proof)
				bent.Proof[at] ^= byte(xor)
				verdicts[at] = '0'
				if verdict(specs[c.Spec], bent) {
					verdicts[at] = '1'
				}
			}
			flipped.Xor, flipped.Verdicts = append(flipped.Xor, xor), append(flipped.Verdicts, string(verdicts))
		}
		out = append(out, flipped)
	}
	return out
}

// tableClaims are compressed batches whose tables or places are not those that compression makes.
func tableClaims() []claim {
	var out []claim
	for _, base := range storeClaims() {
		proof := single(base.Proof)
		exist := proof.GetExist()
		if exist == nil || len(exist.Path) < 2 {
			continue
		}
		size := int32(len(exist.Path))
		places := make([]int32, size)
		for i := range places {
			places[i] = int32(i)
		}
		add := func(name string, path []int32, lookup []*ics23.InnerOp) {
			entry := &ics23.CompressedExistenceProof{Key: exist.Key, Value: exist.Value, Leaf: exist.Leaf, Path: path}
			whole := ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Compressed{Compressed: &ics23.CompressedBatchProof{
				Entries:      []*ics23.CompressedBatchEntry{{Proof: &ics23.CompressedBatchEntry_Exist{Exist: entry}}},
				LookupInners: lookup,
			}}}
			c := base
			c.Name, c.Proof = base.Name+", table: "+name, must(whole.Marshal())
			out = append(out, judged(c))
		}
		with := func(at int, place int32) []int32 {
			changed := slices.Clone(places)
			changed[at] = place
			return changed
		}
		reversed := slices.Clone(exist.Path)
		slices.Reverse(reversed)
		backwards := slices.Clone(places)
		slices.Reverse(backwards)
		add("as compressed", places, exist.Path)
		add("a place past its end", with(1, size), exist.Path)
		add("a negative place", with(1, -1), exist.Path)
		add("the lowest place", with(0, -1<<31), exist.Path)
		add("a huge place", with(0, 1<<31-1), exist.Path)
		add("empty", places, nil)
		add("another step", with(1, 0), exist.Path)
		add("shorter path", places[:size-1], exist.Path)
		add("another order, named as it stands", backwards, reversed)
		add("a step that is not used", places, append(slices.Clone(exist.Path), exist.Path[0]))
		add("a step twice", with(1, size), append(slices.Clone(exist.Path), exist.Path[1]))
	}
	return out
}
