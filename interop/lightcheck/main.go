// Command lightcheck verifies a running chain with CometBFT's own light client, once header by header and
// once by skipping. It is the judge of whether the embedded localnet's headers, commits and validators are
// real: it knows nothing of this project.
//
//	go run ./lightcheck http://127.0.0.1:26657 <chain id> [target height]
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/light/provider"
	"github.com/cometbft/cometbft/light/provider/http"
	dbs "github.com/cometbft/cometbft/light/store/db"
)

const trustingPeriod = 30 * 365 * 24 * time.Hour

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lightcheck:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("expected the RPC's address and the chain id, got %d arguments", len(args))
	}
	address, chainID := args[0], args[1]
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	primary, err := http.New(chainID, address)
	if err != nil {
		return err
	}
	target, err := targetHeight(ctx, primary, args)
	if err != nil {
		return err
	}
	first, err := primary.LightBlock(ctx, 1)
	if err != nil {
		return fmt.Errorf("height 1: %w", err)
	}
	trust := light.TrustOptions{Period: trustingPeriod, Height: 1, Hash: first.Hash()}
	modes := map[string]light.Option{
		"sequential": light.SequentialVerification(),
		"skipping":   light.SkippingVerification(light.DefaultTrustLevel),
	}
	for _, name := range []string{"sequential", "skipping"} {
		witness, err := http.New(chainID, address)
		if err != nil {
			return err
		}
		store := dbs.New(dbm.NewMemDB(), chainID)
		client, err := light.NewClient(ctx, chainID, trust, primary, []provider.Provider{witness}, store, modes[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		block, err := client.VerifyLightBlockAtHeight(ctx, target, time.Now())
		if err != nil {
			return fmt.Errorf("%s to height %d: %w", name, target, err)
		}
		fmt.Printf("%s: verified height %d hash %X\n", name, block.Height, block.Hash())
	}
	return nil
}

func targetHeight(ctx context.Context, primary provider.Provider, args []string) (int64, error) {
	if len(args) > 2 {
		return strconv.ParseInt(args[2], 10, 64)
	}
	latest, err := primary.LightBlock(ctx, 0)
	if err != nil {
		return 0, fmt.Errorf("latest height: %w", err)
	}
	return latest.Height, nil
}
