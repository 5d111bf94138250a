// Command ics23vectors prints test vectors from the official Go modules: commitment proofs with
// their verdicts, Merkle trees, signature edge cases and addresses. Output is the same on every run.
//
//	go run ./ics23vectors trees|forged|batches|merkle|signatures|addresses > file
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	printers := map[string]func() any{
		"trees":      treeVectors,
		"forged":     forgedVectors,
		"batches":    batchVectors,
		"merkle":     merkleVectors,
		"signatures": signatureVectors,
		"addresses":  addressVectors,
	}
	if len(os.Args) != 2 || printers[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: ics23vectors trees|forged|batches|merkle|signatures|addresses")
		os.Exit(2)
	}
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(printers[os.Args[1]]()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
