package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/cometbft/cometbft/abci/example/kvstore"
	"github.com/cometbft/cometbft/rpc/client/local"
)

// transaction that is in a block.
type transaction struct {
	Hash   string `json:"hash"`
	Height int64  `json:"height"`
	Text   string `json:"text"`
}

// live is what happens on the chain: transactions, a validator that stops for a while, and the change of all.
func (chain *network) live(ctx context.Context) (*told, error) {
	story := &told{ChainID: chainID}
	for _, member := range chain.members[:2] {
		story.Rpcs = append(story.Rpcs, "http"+member.config.RPC.ListenAddress[len("tcp"):])
	}
	for _, step := range []func(context.Context, *told) error{chain.trade, chain.pause, chain.turnOver} {
		if err := step(ctx, story); err != nil {
			return nil, err
		}
	}
	return story, nil
}

// A block with nothing before it, and ones with transactions.
func (chain *network) trade(ctx context.Context, told *told) error {
	if err := chain.reach(ctx, 3); err != nil {
		return err
	}
	for _, text := range []string{"colour=blue", "size=7", "shape=round"} {
		result, err := chain.client().BroadcastTxCommit(ctx, []byte(text))
		if err != nil {
			return fmt.Errorf("transaction %s: %w", text, err)
		}
		told.Txs = append(told.Txs, transaction{result.Hash.String(), result.Height, text})
	}
	return nil
}

func (chain *network) pause(ctx context.Context, told *told) error {
	stopped := chain.members[picky]
	if err := stopped.stop(); err != nil {
		return err
	}
	// The block that is being made now may have its votes still.
	told.Stopped[0] = chain.height() + 2
	told.Stopped[1] = told.Stopped[0] + 4
	if err := chain.reach(ctx, told.Stopped[1]); err != nil {
		return err
	}
	if err := stopped.start(); err != nil {
		return err
	}
	return chain.reach(ctx, told.Stopped[1]+4)
}

// The new ones come before the old ones go: there is no block without validators.
func (chain *network) turnOver(ctx context.Context, told *told) error {
	told.Turnover[0] = chain.height()
	for _, member := range chain.members[chain.first:] {
		if err := chain.setPower(ctx, member, member.power); err != nil {
			return err
		}
	}
	for _, member := range chain.members[:chain.first] {
		if err := chain.setPower(ctx, member, 0); err != nil {
			return err
		}
	}
	for height := told.Turnover[0]; ; height++ {
		if err := chain.reach(ctx, height); err != nil {
			return err
		}
		isOver, err := chain.isOver(ctx, height)
		if err != nil {
			return err
		}
		if isOver {
			told.Turnover[1] = height
			return chain.reach(ctx, height+6)
		}
	}
}

func (chain *network) setPower(ctx context.Context, member *member, power int64) error {
	result, err := chain.client().BroadcastTxSync(ctx, validatorTx(member, power))
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return fmt.Errorf("power %d: got code %d", power, result.Code)
	}
	return nil
}

// Whether the validators of a height are those that came later, and no others.
func (chain *network) isOver(ctx context.Context, height int64) (bool, error) {
	result, err := chain.client().Validators(ctx, &height, nil, nil)
	if err != nil {
		return false, err
	}
	for _, member := range chain.members[:chain.first] {
		for _, validator := range result.Validators {
			if bytes.Equal(validator.Address, member.key.PubKey().Address()) {
				return false, nil
			}
		}
	}
	return len(result.Validators) == len(chain.members)-chain.first, nil
}

func validatorTx(member *member, power int64) []byte {
	key := member.key.PubKey()
	encoded := base64.StdEncoding.EncodeToString(key.Bytes())
	return []byte(fmt.Sprintf("%s%s!%s!%d", kvstore.ValidatorPrefix, key.Type(), encoded, power))
}

func (chain *network) client() *local.Local {
	return local.New(chain.members[0].node)
}

func (chain *network) height() int64 {
	return chain.members[0].node.BlockStore().Height()
}

// Waits until all nodes that run have a block.
func (chain *network) reach(ctx context.Context, height int64) error {
	for _, member := range chain.members {
		for member.node.IsRunning() && member.node.BlockStore().Height() < height {
			select {
			case <-ctx.Done():
				return fmt.Errorf("height %d: %w, at %d", height, ctx.Err(), member.node.BlockStore().Height())
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return nil
}
