// A network of CometBFT validators that run CometBFT's own kvstore, in one process, over real connections: a chain
// that depind has no part in. Its validators are of very different powers; one of them stops for a while, one votes
// nil, and at the end others take the place of them all. Prints one JSON object once that is over, goes on making
// blocks, and stops when its input ends.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

const (
	chainID = "kvchain-1"
	// Longer than any of it takes, also where other work keeps the machine busy.
	patience = 90 * time.Second
)

// told is what the test needs to know of the chain.
type told struct {
	ChainID string   `json:"chainId"`
	Rpcs    []string `json:"rpcs"`
	// The first height at which a validator had stopped, and the one after the last.
	Stopped [2]int64 `json:"stopped"`
	// The heights with the old validators alone, and with the new ones alone: the last, and the first.
	Turnover [2]int64      `json:"turnover"`
	Txs      []transaction `json:"txs"`
	// By CometBFT's own light client, the hashes of all headers from height 1.
	Trusted map[string][]string `json:"trusted"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "kvchain:", err)
		os.Exit(1)
	}
}

func run() error {
	home, err := os.MkdirTemp("", "depind-kvchain-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	wanted, end := context.WithCancel(context.Background())
	go func() {
		defer end()
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	ctx, cancel := context.WithTimeout(wanted, patience)
	defer cancel()
	chain, err := startNetwork(home)
	if err != nil {
		return err
	}
	defer chain.stop()
	story, err := chain.live(ctx)
	if err != nil {
		return err
	}
	if story.Trusted, err = judge(ctx, story.Rpcs, story.Turnover[1]+5); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(story); err != nil {
		return err
	}
	<-wanted.Done()
	return nil
}
