package main

import (
	cmtproto "github.com/cometbft/cometbft/api/cometbft/types/v1"
	"github.com/cometbft/cometbft/types"
)

const precommit = types.PrecommitType

func sign(key types.PrivValidator, vote *cmtproto.Vote) error {
	return key.SignVote(chainID, vote, true)
}
