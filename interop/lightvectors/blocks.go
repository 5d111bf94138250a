package main

import (
	"crypto/sha256"
	"fmt"
	"math/rand"
	"sort"
	"time"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/crypto/secp256k1"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

const chainID = "light-vectors-1"

var (
	random = rand.New(rand.NewSource(20240101))
	start  = time.Date(2024, 1, 1, 0, 0, 0, 123456789, time.UTC)
)

// member is a validator with the key that signs for it.
type member struct {
	key   crypto.PrivKey
	power int64
}

// edMembers have keys that follow from the name and the place alone.
func edMembers(name string, powers ...int64) []member {
	out := make([]member, len(powers))
	for i, power := range powers {
		out[i] = member{ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprint(name, i))), power}
	}
	return out
}

func secpMembers(name string, powers ...int64) []member {
	out := make([]member, len(powers))
	for i, power := range powers {
		out[i] = member{secp256k1.GenPrivKeySecp256k1([]byte(fmt.Sprint(name, i))), power}
	}
	return out
}

func validatorsOf(members []member) []*types.Validator {
	out := make([]*types.Validator, len(members))
	for i, m := range members {
		out[i] = types.NewValidator(m.key.PubKey(), m.power)
	}
	sort.Sort(types.ValidatorsByVotingPower(out))
	return out
}

func setHash(members []member) []byte {
	set := types.ValidatorSet{Validators: validatorsOf(members)}
	return set.Hash()
}

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// plan says what a block shall be; flags stand in the order of the set, and are commit where missing.
type plan struct {
	height  int64
	members []member
	next    []member
	flags   []types.BlockIDFlag
	edit    func(*types.Header)
}

func (p plan) nextMembers() []member {
	if p.next == nil {
		return p.members
	}
	return p.next
}

// signed makes the header of the plan and signs it.
func (p plan) signed() *types.SignedHeader {
	header := &types.Header{
		Version:            cmtversion.Consensus{Block: version.BlockProtocol, App: 1},
		ChainID:            chainID,
		Height:             p.height,
		Time:               start.Add(time.Duration(p.height) * time.Second),
		LastBlockID:        blockID(hashOf(fmt.Sprint("block", p.height-1))),
		LastCommitHash:     hashOf("last commit"),
		DataHash:           hashOf(""),
		ValidatorsHash:     setHash(p.members),
		NextValidatorsHash: setHash(p.nextMembers()),
		ConsensusHash:      hashOf("consensus"),
		AppHash:            hashOf(fmt.Sprint("app", p.height)),
		LastResultsHash:    hashOf(""),
		EvidenceHash:       hashOf(""),
		ProposerAddress:    validatorsOf(p.members)[0].Address,
	}
	if p.edit != nil {
		p.edit(header)
	}
	return &types.SignedHeader{Header: header, Commit: p.commit(header)}
}

func blockID(hash []byte) types.BlockID {
	return types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: 1, Hash: hashOf(string(hash))}}
}

func (p plan) commit(header *types.Header) *types.Commit {
	validators := validatorsOf(p.members)
	commit := &types.Commit{Height: header.Height, Round: 1, BlockID: blockID(header.Hash())}
	for i, validator := range validators {
		flag := types.BlockIDFlagCommit
		if i < len(p.flags) {
			flag = p.flags[i]
		}
		if flag == types.BlockIDFlagAbsent {
			commit.Signatures = append(commit.Signatures, types.NewCommitSigAbsent())
			continue
		}
		commit.Signatures = append(commit.Signatures, types.CommitSig{
			BlockIDFlag:      flag,
			ValidatorAddress: validator.Address,
			Timestamp:        header.Time.Add(time.Duration(i+1) * 123_456_789),
		})
	}
	for i := range commit.Signatures {
		signVote(commit, i, header.ChainID, keyOf(p.members, validators[i]))
	}
	return commit
}

func signVote(commit *types.Commit, index int, chain string, key crypto.PrivKey) {
	if commit.Signatures[index].BlockIDFlag == types.BlockIDFlagAbsent {
		return
	}
	signature, err := key.Sign(commit.VoteSignBytes(chain, int32(index)))
	must(err)
	commit.Signatures[index].Signature = signature
}

func keyOf(members []member, validator *types.Validator) crypto.PrivKey {
	for _, m := range members {
		if m.key.PubKey().Equals(validator.PubKey) {
			return m.key
		}
	}
	panic("no key for a validator of the set")
}
