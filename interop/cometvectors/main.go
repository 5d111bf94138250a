// Command cometvectors prints what CometBFT's own packages make of headers, commits, votes, blocks
// and validator sets, as the vectors that wire/ and localnet/ are tested against.
//
//	go run ./cometvectors        (in interop/)
//
// writes ../wire/vectors/comet.json and ../localnet/consensus/vectors/proposer.json. All keys and
// times come from fixed seeds, so that a second run writes the same bytes.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"
)

func main() {
	root := ".."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	write(filepath.Join(root, "localnet/consensus/vectors/proposer.json"), proposerCases())
	write(filepath.Join(root, "wire/vectors/comet.json"), wireVectors())
}

func write(path string, vectors any) {
	text, err := json.MarshalIndent(vectors, "", " ")
	must(err)
	must(os.MkdirAll(filepath.Dir(path), 0o755))
	must(os.WriteFile(path, append(text, '\n'), 0o644))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
