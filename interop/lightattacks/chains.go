package main

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

const chainID = "light-attacks-1"

var start = time.Date(2024, 1, 1, 0, 0, 0, 123456789, time.UTC)

type block struct {
	*types.SignedHeader
	set, next *types.ValidatorSet
}

type chain map[int64]block

type attack struct {
	name             string
	primary, witness chain
}

// members are validators with the keys that sign for them.
type members struct {
	set  *types.ValidatorSet
	keys map[string]crypto.PrivKey
}

func membersOf(name string, powers ...int64) members {
	var validators []*types.Validator
	keys := map[string]crypto.PrivKey{}
	for i, power := range powers {
		key := ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprint(name, i)))
		validator := types.NewValidator(key.PubKey(), power)
		validator.ProposerPriority = int64(7*i - 9)
		validators = append(validators, validator)
		keys[string(validator.Address)] = key
	}
	return join(members{keys: keys, set: &types.ValidatorSet{Validators: validators}})
}

func join(parts ...members) members {
	var validators []*types.Validator
	keys := map[string]crypto.PrivKey{}
	for _, part := range parts {
		for _, validator := range part.set.Validators {
			validators = append(validators, validator.Copy())
		}
		for address, key := range part.keys {
			keys[address] = key
		}
	}
	set, err := types.ValidatorSetFromExistingValidators(validators)
	must(err)
	return members{set, keys}
}

// plan says how a chain goes on from a height; what is nil is as usual.
type plan struct {
	length  int64
	members func(height int64) members
	from    int64
	edit    func(*types.Header)
	round   int32
	flags   []types.BlockIDFlag
}

// chainOf makes honest blocks up to the height where the plan departs.
func chainOf(p plan) chain {
	out := chain{}
	last := types.BlockID{}
	for height := int64(1); height <= p.length; height++ {
		b := p.block(height, last)
		out[height] = b
		last = b.Commit.BlockID
	}
	return out
}

func (p plan) block(height int64, last types.BlockID) block {
	own, next := p.members(height), p.members(height+1)
	header := &types.Header{
		Version: cmtversion.Consensus{Block: version.BlockProtocol}, ChainID: chainID, Height: height,
		Time: start.Add(time.Duration(height) * time.Second), LastBlockID: last,
		LastCommitHash: hashOf("last commit"), DataHash: hashOf(""), EvidenceHash: hashOf(""),
		ValidatorsHash: own.set.Hash(), NextValidatorsHash: next.set.Hash(), ConsensusHash: hashOf("consensus"),
		AppHash: hashOf(fmt.Sprint("app", height)), LastResultsHash: hashOf(""),
		ProposerAddress: own.set.Proposer.Address,
	}
	commit := &types.Commit{Height: height}
	departs := p.from > 0 && height >= p.from
	if departs {
		commit.Round = p.round
		if p.edit != nil {
			p.edit(header)
		}
	}
	parts := types.PartSetHeader{Total: 1, Hash: hashOf("parts")}
	commit.BlockID = types.BlockID{Hash: header.Hash(), PartSetHeader: parts}
	for i, validator := range own.set.Validators {
		flag := types.BlockIDFlagCommit
		if departs && i < len(p.flags) {
			flag = p.flags[i]
		}
		commit.Signatures = append(commit.Signatures, unsigned(flag, validator, header.Time))
	}
	for i, validator := range own.set.Validators {
		if commit.Signatures[i].BlockIDFlag != types.BlockIDFlagAbsent {
			signature, err := own.keys[string(validator.Address)].Sign(commit.VoteSignBytes(chainID, int32(i)))
			must(err)
			commit.Signatures[i].Signature = signature
		}
	}
	return block{&types.SignedHeader{Header: header, Commit: commit}, own.set, next.set}
}

func unsigned(flag types.BlockIDFlag, validator *types.Validator, at time.Time) types.CommitSig {
	if flag == types.BlockIDFlagAbsent {
		return types.NewCommitSigAbsent()
	}
	return types.CommitSig{BlockIDFlag: flag, ValidatorAddress: validator.Address, Timestamp: at.Add(time.Millisecond)}
}

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
