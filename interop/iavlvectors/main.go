// Prints the vectors that chain/store is tested against: the root hashes and ICS23 proofs of
// cosmos/iavl, and the AppHashes and proofs of cosmossdk.io/store, for operations listed in full.
// With the argument "long": 100,000 operations over 500 versions of one tree, and proofs of versions long past.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"

	"cosmossdk.io/log"
	"cosmossdk.io/store/metrics"
	"cosmossdk.io/store/rootmulti"
	"cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/iavl"
	iavldb "github.com/cosmos/iavl/db"
)

// An operation is "s key value" or "d key", in hex; an empty value leaves a trailing space.
type version struct {
	Version    int64    `json:"version"`
	Operations []string `json:"operations"`
	Root       string   `json:"root"`
}

type keyProof struct {
	Version int64  `json:"version"`
	Key     string `json:"key"`
	Exists  bool   `json:"exists"`
	Value   string `json:"value"`
	Proof   []byte `json:"proof"`
}

type treeVectors struct {
	Versions []version  `json:"versions"`
	Proofs   []keyProof `json:"proofs"`
}

type storeProof struct {
	Version int64    `json:"version"`
	Store   string   `json:"store"`
	Key     string   `json:"key"`
	Value   string   `json:"value"`
	Types   []string `json:"types"`
	OpKeys  []string `json:"opKeys"`
	Data    [][]byte `json:"data"`
}

type multiVersion struct {
	Version     int64               `json:"version"`
	Operations  map[string][]string `json:"operations"`
	WorkingHash string              `json:"workingHash"`
	AppHash     string              `json:"appHash"`
}

type multiVectors struct {
	Stores   []string       `json:"stores"`
	Versions []multiVersion `json:"versions"`
	Proofs   []storeProof   `json:"proofs"`
}

type vectors struct {
	Source  []string     `json:"source"`
	Tree    treeVectors  `json:"tree"`
	Initial treeVectors  `json:"initial"`
	Multi   multiVectors `json:"multi"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func randomBytes(r *rand.Rand, minimum, maximum int) []byte {
	out := make([]byte, minimum+r.Intn(maximum-minimum+1))
	r.Read(out)
	return out
}

// generator keeps the set of live keys so that updates and removes hit keys that exist.
type generator struct {
	r     *rand.Rand
	keys  []string
	value map[string][]byte
	out   []string
	set   func(key, value []byte)
	del   func(key []byte)
}

func (g *generator) put(key, value []byte) {
	if _, known := g.value[string(key)]; !known {
		g.keys = append(g.keys, string(key))
	}
	g.value[string(key)] = value
	g.set(key, value)
	g.out = append(g.out, fmt.Sprintf("s %s %s", hex.EncodeToString(key), hex.EncodeToString(value)))
}

func (g *generator) remove(key []byte) {
	if _, known := g.value[string(key)]; known {
		delete(g.value, string(key))
		for i, k := range g.keys {
			if k == string(key) {
				g.keys = append(g.keys[:i], g.keys[i+1:]...)
				break
			}
		}
	}
	g.del(key)
	g.out = append(g.out, "d "+hex.EncodeToString(key))
}

func (g *generator) known() []byte { return []byte(g.keys[g.r.Intn(len(g.keys))]) }

// step does one random operation; removeShare (0 to 100) is how often it removes.
func (g *generator) step(removeShare int) {
	roll := g.r.Intn(100)
	switch {
	case len(g.keys) > 0 && roll < removeShare:
		g.remove(g.known())
	case roll < removeShare+3:
		g.remove(randomBytes(g.r, 1, 6))
	case len(g.keys) > 0 && roll < removeShare+15:
		g.put(g.known(), randomBytes(g.r, 1, 12))
	case len(g.keys) > 0 && roll < removeShare+20:
		key := g.known()
		g.put(key, g.value[string(key)])
	case len(g.keys) > 0 && roll < removeShare+24:
		g.put(append(g.known(), randomBytes(g.r, 1, 2)...), randomBytes(g.r, 1, 12))
	default:
		g.put(randomBytes(g.r, 1, 20), randomBytes(g.r, 1, 12))
	}
}

func (g *generator) take() []string {
	out := g.out
	g.out = nil
	if out == nil {
		return []string{}
	}
	return out
}

func prove(tree *iavl.MutableTree, at int64, key []byte) keyProof {
	saved, err := tree.GetImmutable(at)
	check(err)
	value, err := saved.Get(key)
	check(err)
	proof, err := saved.GetProof(key)
	check(err)
	valid, err := saved.VerifyProof(proof, key)
	check(err)
	if !valid {
		check(fmt.Errorf("iavl does not verify its own proof of %x at %d", key, at))
	}
	data, err := proof.Marshal()
	check(err)
	return keyProof{at, hex.EncodeToString(key), value != nil, hex.EncodeToString(value), data}
}

func newTree(options ...iavl.Option) (*iavl.MutableTree, *generator) {
	tree := iavl.NewMutableTree(iavldb.NewMemDB(), 1000, false, log.NewNopLogger(), options...)
	g := &generator{r: rand.New(rand.NewSource(20240607)), value: map[string][]byte{}}
	g.set = func(key, value []byte) { _, err := tree.Set(key, value); check(err) }
	g.del = func(key []byte) { _, _, err := tree.Remove(key); check(err) }
	return tree, g
}

func save(tree *iavl.MutableTree, g *generator) version {
	working := hex.EncodeToString(tree.WorkingHash())
	root, at, err := tree.SaveVersion()
	check(err)
	if working != hex.EncodeToString(root) {
		check(fmt.Errorf("working hash and root differ at %d", at))
	}
	return version{at, g.take(), hex.EncodeToString(root)}
}

// runVersion fills one version. Some are special: nothing, missing removes only, ordered keys,
// an empty value, everything removed, one key put back.
func runVersion(g *generator, index int) {
	switch index {
	case 0, 17:
		return
	case 8:
		g.remove([]byte("not there"))
	case 12:
		for i := 0; i < 120; i++ {
			g.put([]byte(fmt.Sprintf("ordered/%04d", i)), []byte{byte(i)})
		}
	case 20:
		for i := 119; i >= 10; i-- {
			g.remove([]byte(fmt.Sprintf("ordered/%04d", i)))
		}
	case 30:
		g.put([]byte("empty"), []byte{})
	case 31:
		g.remove([]byte("empty"))
	case 46:
		for len(g.keys) > 0 {
			g.remove(g.known())
		}
	case 48:
		g.put([]byte("back"), []byte("again"))
	default:
		share := 12
		if index > 32 {
			share = 55
		}
		for i := 0; i < 60; i++ {
			g.step(share)
		}
	}
}

func treeRun() treeVectors {
	tree, g := newTree()
	out := treeVectors{}
	live := map[int64][]string{}
	for index := 0; index < 52; index++ {
		runVersion(g, index)
		saved := save(tree, g)
		out.Versions = append(out.Versions, saved)
		live[saved.Version] = append([]string{}, g.keys...)
	}
	pick := rand.New(rand.NewSource(3))
	for _, at := range []int64{2, 14, 26, 30, 46} {
		for i := 0; i < 4; i++ {
			out.Proofs = append(out.Proofs, prove(tree, at, []byte(live[at][pick.Intn(len(live[at]))])))
			out.Proofs = append(out.Proofs, prove(tree, at, randomBytes(pick, 2, 9)))
		}
		out.Proofs = append(out.Proofs, prove(tree, at, []byte{0}))
		out.Proofs = append(out.Proofs, prove(tree, at, []byte{255, 255, 255, 255}))
	}
	out.Proofs = append(out.Proofs, prove(tree, 49, []byte("back")))
	out.Proofs = append(out.Proofs, prove(tree, 50, []byte("a")), prove(tree, 50, []byte("c")))
	return out
}

// Versions of the long run, operations in most of them, and how far apart those are that are proven in the end.
const (
	longVersions   = 500
	longOperations = 220
	longStride     = 25
)

// longRun makes a tree that grows, shrinks and grows again; proofs are made when all versions are there.
func longRun() treeVectors {
	tree, g := newTree()
	out := treeVectors{}
	live := map[int64][]string{}
	for index := 0; index < longVersions; index++ {
		share := []int{8, 20, 60, 12, 35}[index/100]
		for i := 0; i < longOperations && index%60 != 59; i++ {
			g.step(share)
		}
		saved := save(tree, g)
		out.Versions = append(out.Versions, saved)
		if index%longStride == longStride-1 {
			live[saved.Version] = append([]string{}, g.keys...)
		}
	}
	pick := rand.New(rand.NewSource(11))
	for at := int64(longStride); at <= longVersions; at += longStride {
		for i := 0; i < 6; i++ {
			out.Proofs = append(out.Proofs, prove(tree, at, []byte(live[at][pick.Intn(len(live[at]))])))
			out.Proofs = append(out.Proofs, prove(tree, at, randomBytes(pick, 1, 9)))
		}
	}
	return out
}

func initialRun() treeVectors {
	tree, g := newTree(iavl.InitialVersionOption(1_000_000))
	out := treeVectors{}
	for index := 0; index < 4; index++ {
		for i := 0; i < 8; i++ {
			g.step(20)
		}
		out.Versions = append(out.Versions, save(tree, g))
	}
	out.Proofs = append(out.Proofs, prove(tree, 1_000_002, []byte(g.known())))
	return out
}

func multiRun() multiVectors {
	names := []string{"upgrade", "acc", "bank", "devices", "params"}
	root := rootmulti.NewStore(dbm.NewMemDB(), log.NewNopLogger(), metrics.NewNoOpMetrics())
	keys := map[string]*types.KVStoreKey{}
	for _, name := range names {
		keys[name] = types.NewKVStoreKey(name)
		root.MountStoreWithDB(keys[name], types.StoreTypeIAVL, nil)
	}
	root.MountStoreWithDB(types.NewTransientStoreKey("transient"), types.StoreTypeTransient, nil)
	check(root.LoadLatestVersion())
	out := multiVectors{Stores: names}
	generators := map[string]*generator{}
	for seed, name := range names {
		store := root.GetKVStore(keys[name])
		generators[name] = &generator{
			r: rand.New(rand.NewSource(int64(seed))), value: map[string][]byte{},
			set: func(key, value []byte) { store.Set(key, value) },
			del: func(key []byte) { store.Delete(key) },
		}
	}
	for index := 0; index < 6; index++ {
		operations := map[string][]string{}
		for seed, name := range names[:4] {
			for i := 0; i < 5*seed && (index+seed)%3 != 0; i++ {
				generators[name].step(25)
			}
			operations[name] = generators[name].take()
		}
		working := hex.EncodeToString(root.WorkingHash())
		id := root.Commit()
		out.Versions = append(out.Versions, multiVersion{id.Version, operations, working, hex.EncodeToString(id.Hash)})
	}
	for _, name := range names[1:4] {
		out.Proofs = append(out.Proofs, query(root, name, generators[name].known()), query(root, name, []byte("missing")))
	}
	return out
}

func query(root *rootmulti.Store, name string, key []byte) storeProof {
	at := root.LastCommitID().Version
	response, err := root.Query(&types.RequestQuery{Path: "/" + name + "/key", Data: key, Height: at, Prove: true})
	check(err)
	out := storeProof{Version: at, Store: name, Key: hex.EncodeToString(key), Value: hex.EncodeToString(response.Value)}
	for _, op := range response.ProofOps.Ops {
		out.Types = append(out.Types, op.Type)
		out.OpKeys = append(out.OpKeys, hex.EncodeToString(op.Key))
		out.Data = append(out.Data, op.Data)
	}
	return out
}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if len(os.Args) > 1 && os.Args[1] == "long" {
		check(encoder.Encode(longRun()))
		return
	}
	out := vectors{
		Source:  []string{"github.com/cosmos/iavl v1.2.6", "cosmossdk.io/store v1.1.2"},
		Tree:    treeRun(),
		Initial: initialRun(),
		Multi:   multiRun(),
	}
	check(encoder.Encode(out))
}
