// Times blocks of updates on a tree of cosmos/iavl, for bench/stateTree.ts to compare with: the same keys, values and
// blocks, in this process alone. Prints one JSON object with the times of each block and the last root.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/iavl"
	iavldb "github.com/cosmos/iavl/db"
)

type block struct {
	SetMs  float64 `json:"setMs"`
	RootMs float64 `json:"rootMs"`
	SaveMs float64 `json:"saveMs"`
}

type result struct {
	Blocks      []block `json:"blocks"`
	Root        string  `json:"root"`
	BytesPerKey float64 `json:"bytesPerKey"`
	ReopenMs    float64 `json:"reopenMs"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func keyOf(index int) []byte {
	key := sha256.Sum256([]byte(strconv.Itoa(index)))
	return key[:]
}

func valueOf(size, version int) []byte {
	value := make([]byte, size)
	for i := range value {
		value[i] = byte(version)
	}
	return value
}

func since(begin time.Time) float64 {
	return float64(time.Since(begin).Nanoseconds()) / 1e6
}

// open gives the database, nil for one in memory.
func open(backend, dir string) iavldb.DB {
	if backend == "memdb" {
		return iavldb.NewMemDB()
	}
	db, err := dbm.NewDB("race", dbm.BackendType(backend), dir)
	check(err)
	return iavldb.NewWrapper(db)
}

func used() float64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}

// fill makes the first versions, of all keys, so many at a time: all at once would need memory for every node twice.
func fill(tree *iavl.MutableTree, keys, batch, valueBytes int) {
	for index := 0; index < keys; index++ {
		_, err := tree.Set(keyOf(index), valueOf(valueBytes, 0))
		check(err)
		if (index+1)%batch == 0 || index+1 == keys {
			_, _, err = tree.SaveVersion()
			check(err)
		}
	}
}

// run does one block: its keys are made before the clock starts.
func run(tree *iavl.MutableTree, number, keys, updates, valueBytes int) (block, []byte) {
	chosen := make([][]byte, updates)
	for i := range chosen {
		chosen[i] = keyOf((i*7919 + number) % keys)
	}
	value := valueOf(valueBytes, number)
	begin := time.Now()
	for _, key := range chosen {
		_, err := tree.Set(key, value)
		check(err)
	}
	out := block{SetMs: since(begin)}
	begin = time.Now()
	tree.WorkingHash()
	out.RootMs = since(begin)
	begin = time.Now()
	root, _, err := tree.SaveVersion()
	check(err)
	out.SaveMs = since(begin)
	return out, root
}

func main() {
	keys := flag.Int("keys", 1_000_000, "keys in the tree")
	batch := flag.Int("batch", 50_000, "keys of each version that fills the tree")
	updates := flag.Int("updates", 10_000, "updates a block")
	blocks := flag.Int("blocks", 9, "blocks")
	valueBytes := flag.Int("value", 40, "bytes a value")
	backend := flag.String("db", "memdb", "memdb or goleveldb")
	dir := flag.String("dir", "", "folder of the database")
	cache := flag.Int("cache", 781_250, "nodes in the cache; the SDK's default")
	fast := flag.Bool("fast", true, "keep fast nodes, as the SDK does by default")
	flag.Parse()

	before := used()
	db := open(*backend, *dir)
	options := iavl.AsyncPruningOption(true)
	tree := iavl.NewMutableTree(db, *cache, !*fast, log.NewNopLogger(), options)
	_, err := tree.Load()
	check(err)
	fill(tree, *keys, *batch, *valueBytes)
	out := result{}
	for number := 1; number <= *blocks; number++ {
		times, root := run(tree, number, *keys, *updates, *valueBytes)
		out.Blocks = append(out.Blocks, times)
		out.Root = hex.EncodeToString(root)
	}
	out.BytesPerKey = (used() - before) / float64(*keys)
	if *backend != "memdb" {
		check(tree.Close())
		check(db.Close())
		begin := time.Now()
		db = open(*backend, *dir)
		tree = iavl.NewMutableTree(db, *cache, !*fast, log.NewNopLogger(), options)
		_, err = tree.Load()
		check(err)
		tree.Hash()
		out.ReopenMs = since(begin)
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}
