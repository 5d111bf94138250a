package main

import (
	"context"
	"fmt"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/light/provider"
	"github.com/cometbft/cometbft/light/provider/http"
	dbs "github.com/cometbft/cometbft/light/store/db"
)

// How a light client goes over the chain.
type course struct {
	name   string
	trust  int64
	option light.Option
	// The heights in the order in which they are asked for.
	heights []int64
}

// judge has CometBFT's light client verify every height, and gives the hashes that it trusts.
func judge(ctx context.Context, rpcs []string, top int64) (map[string][]string, error) {
	var up, down []int64
	for height := int64(1); height <= top; height++ {
		up = append(up, height)
		down = append(down, top+1-height)
	}
	skipping := light.SkippingVerification(light.DefaultTrustLevel)
	trusted := map[string][]string{}
	for _, course := range []course{
		{"sequential", 1, light.SequentialVerification(), up},
		{"skipping", 1, skipping, append([]int64{top}, up...)},
		{"backward", top, skipping, down},
	} {
		hashes, err := course.follow(ctx, rpcs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", course.name, err)
		}
		trusted[course.name] = hashes
	}
	return trusted, nil
}

// By height, from the first.
func (course course) follow(ctx context.Context, rpcs []string) ([]string, error) {
	var providers []provider.Provider
	for _, rpc := range rpcs {
		provider, err := http.New(chainID, rpc)
		if err != nil {
			return nil, err
		}
		providers = append(providers, provider)
	}
	root, err := providers[0].LightBlock(ctx, course.trust)
	if err != nil {
		return nil, err
	}
	trust := light.TrustOptions{Period: time.Hour, Height: course.trust, Hash: root.Hash()}
	store := dbs.New(dbm.NewMemDB(), chainID)
	client, err := light.NewClient(ctx, chainID, trust, providers[0], providers[1:], store, course.option)
	if err != nil {
		return nil, err
	}
	hashes := map[int64]string{}
	for _, height := range course.heights {
		block, err := client.VerifyLightBlockAtHeight(ctx, height, time.Now())
		if err != nil {
			return nil, fmt.Errorf("height %d: %w", height, err)
		}
		hashes[height] = block.Hash().String()
	}
	list := make([]string, len(hashes))
	for height, hash := range hashes {
		list[height-1] = hash
	}
	return list, nil
}
