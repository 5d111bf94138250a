// Prints blocks with evidence as CometBFT's RPC prints them, with the bytes and the hash of their evidence.
//
//	go run ./evidencevectors > ../wire/vectors/evidence.json
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

const chainID = "evidence-1"

var start = time.Date(2026, 2, 3, 4, 5, 6, 789, time.UTC)

type vector struct {
	Name string `json:"name"`
	// As the RPC method block has it.
	Block   json.RawMessage `json:"block"`
	BlockID json.RawMessage `json:"blockId"`
	// Each as tendermint.types.Evidence.
	Evidence []string `json:"evidence"`
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func validators() (*types.ValidatorSet, map[string]types.PrivValidator) {
	keys := map[string]types.PrivValidator{}
	members := []*types.Validator{}
	for i := int64(0); i < 4; i++ {
		key := ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprintf("evidence %d", i)))
		members = append(members, types.NewValidator(key.PubKey(), 10+i))
		keys[string(key.PubKey().Address())] = types.NewMockPVWithParams(key, false, false)
	}
	set := types.NewValidatorSet(members)
	set.IncrementProposerPriority(3)
	return set, keys
}

var set, keys = validators()

func blockID(seed byte) types.BlockID {
	hash := make([]byte, 32)
	hash[0] = seed
	return types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: 1, Hash: hash}}
}

func vote(index int32, id types.BlockID, extension []byte) *types.Vote {
	validator := set.Validators[index]
	v := &types.Vote{
		Type: precommit, Height: 5, Round: 1, BlockID: id, Timestamp: start.Add(time.Second),
		ValidatorAddress: validator.Address, ValidatorIndex: index, Extension: extension,
	}
	message := v.ToProto()
	must(sign(keys[string(validator.Address)], message))
	v.Signature = message.Signature
	if extension != nil {
		v.ExtensionSignature = message.ExtensionSignature
	}
	return v
}

func twice(index int32, extension []byte) types.Evidence {
	a, b := vote(index, blockID(1), extension), vote(index, types.BlockID{}, nil)
	evidence, err := types.NewDuplicateVoteEvidence(a, b, start, set)
	must(err)
	return evidence
}

func headerAt(height int64) types.Header {
	other := blockID(9).Hash
	header := types.Header{
		ChainID: chainID, Height: height, Time: start.Add(time.Duration(height) * time.Second),
		LastBlockID: blockID(2), LastCommitHash: other, DataHash: other, ValidatorsHash: set.Hash(),
		NextValidatorsHash: set.Hash(), ConsensusHash: other, AppHash: other, LastResultsHash: other,
		EvidenceHash: other, ProposerAddress: set.GetProposer().Address,
	}
	header.Version.Block = version.BlockProtocol
	return header
}

func commitOf(height int64, id types.BlockID, absent int) *types.Commit {
	commit := &types.Commit{Height: height, Round: 1, BlockID: id}
	for i, validator := range set.Validators {
		if i == absent {
			commit.Signatures = append(commit.Signatures, types.NewCommitSigAbsent())
			continue
		}
		v := &types.Vote{
			Type: precommit, Height: height, Round: 1, BlockID: id, Timestamp: start,
			ValidatorAddress: validator.Address, ValidatorIndex: int32(i),
		}
		message := v.ToProto()
		must(sign(keys[string(validator.Address)], message))
		v.Signature = message.Signature
		commit.Signatures = append(commit.Signatures, v.CommitSig())
	}
	return commit
}

func attack(byzantine []*types.Validator) types.Evidence {
	header := headerAt(5)
	id := types.BlockID{Hash: header.Hash(), PartSetHeader: blockID(3).PartSetHeader}
	return &types.LightClientAttackEvidence{
		ConflictingBlock: &types.LightBlock{
			SignedHeader: &types.SignedHeader{Header: &header, Commit: commitOf(5, id, 2)},
			ValidatorSet: set,
		},
		CommonHeight: 4, ByzantineValidators: byzantine, TotalVotingPower: set.TotalVotingPower(), Timestamp: start,
	}
}

func blockWith(name string, list ...types.Evidence) vector {
	// A block that came from another node has a list, also where it is empty.
	list = append(types.EvidenceList{}, list...)
	block := types.MakeBlock(8, []types.Tx{[]byte("one"), []byte("other")}, commitOf(7, blockID(4), 1), list)
	filled := headerAt(8)
	filled.LastCommitHash, filled.DataHash = block.LastCommitHash, block.DataHash
	filled.EvidenceHash = block.EvidenceHash
	block.Header = filled
	parts, err := block.MakePartSet(types.BlockPartSizeBytes)
	must(err)
	out := vector{Name: name, Evidence: []string{}}
	out.Block, err = cmtjson.Marshal(block)
	must(err)
	out.BlockID, err = cmtjson.Marshal(types.BlockID{Hash: block.Hash(), PartSetHeader: parts.Header()})
	must(err)
	for _, item := range list {
		message, err := types.EvidenceToProto(item)
		must(err)
		bytes, err := message.Marshal()
		must(err)
		out.Evidence = append(out.Evidence, hex.EncodeToString(bytes))
	}
	return out
}

func main() {
	vectors := []vector{
		blockWith("none"),
		blockWith("two votes", twice(0, nil)),
		blockWith("two votes, one with an extension", twice(1, []byte("more"))),
		blockWith("an attack on light clients", attack(set.Validators[:2])),
		blockWith("an attack by nobody that is known", attack(nil)),
		blockWith("all of them", twice(2, nil), attack(set.Validators[1:]), twice(3, []byte{0})),
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	must(encoder.Encode(vectors))
}
