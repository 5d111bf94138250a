package main

import (
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cometbft/cometbft/types"
)

const precommit = cmtproto.PrecommitType

func sign(key types.PrivValidator, vote *cmtproto.Vote) error {
	return key.SignVote(chainID, vote)
}
