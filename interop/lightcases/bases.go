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
	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

const chainID = "light-cases-1"

var (
	random *rand.Rand
	start  = time.Date(2024, 1, 1, 0, 0, 0, 123456789, time.UTC)
	serial int
)

// member is a validator with the key that signs for it.
type member struct {
	key   crypto.PrivKey
	power int64
}

// base is an honest step from one header to another.
type base struct {
	before, after, next []member
	height              int64
	question            question
}

// sizes of validator sets: many small ones, whose every field is changed, and a few large ones.
var sizes = []int{1, 2, 3, 4, 4, 5, 7, 10, 4, 6, 20, 3, 50, 8, 2, 100, 5, 4, 150, 9}

var baseNumber int

func newBase() base {
	size := sizes[baseNumber%len(sizes)]
	baseNumber++
	b := base{before: newMembers(size), height: 2}
	b.after = turnover(b.before)
	if random.Intn(2) == 0 {
		b.height = 3 + random.Int63n(50)
	}
	announced := b.before
	if b.height == 2 && random.Intn(10) > 0 {
		announced = b.after
	}
	b.next = turnover(b.after)
	trusted := signed(1, b.before, announced, nil)
	b.question = question{
		name: fmt.Sprintf("%d validators, %d after 1", size, b.height), trusted: trusted,
		trustedNext: validatorsOf(announced), untrusted: signed(b.height, b.after, b.next, randomFlags(len(b.after))),
		validators: validatorsOf(b.after), next: validatorsOf(b.next),
		level: cmtmath.Fraction{Numerator: 1, Denominator: 3}, period: time.Hour, drift: 10 * time.Second,
		now: start.Add(2 * time.Minute),
	}
	return b
}

func newMembers(size int) []member {
	powers := []func(int) int64{
		func(int) int64 { return 10 },
		func(i int) int64 { return int64(1) << min(3*i, 50) },
		func(int) int64 { return 1 + random.Int63n(1_000_000) },
	}
	power := powers[random.Intn(len(powers))]
	isSecp := size < 8 && random.Intn(12) == 0
	out := make([]member, size)
	for i := range out {
		out[i] = newMember(power(i))
		if isSecp {
			out[i].key = secp256k1.GenPrivKeySecp256k1([]byte(fmt.Sprint("case ", serial)))
		}
	}
	return out
}

func newMember(power int64) member {
	serial++
	return member{ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprint("case ", serial))), power}
}

// turnover keeps all, some or none of the members.
func turnover(members []member) []member {
	switch random.Intn(6) {
	case 0:
		return newMembers(len(members))
	case 1, 2:
		kept := append([]member{}, members[:1+random.Intn(len(members))]...)
		return append(kept, newMembers(1+random.Intn(len(members)))...)
	case 3:
		changed := append([]member{}, members...)
		changed[random.Intn(len(changed))].power += 1 + random.Int63n(100)
		return changed
	default:
		return members
	}
}

func randomFlags(size int) []types.BlockIDFlag {
	out := make([]types.BlockIDFlag, size)
	honesty := []int{1, 3, 20, 1000}[random.Intn(4)]
	for i := range out {
		out[i] = types.BlockIDFlagCommit
		if random.Intn(honesty+1) == 0 {
			out[i] = []types.BlockIDFlag{types.BlockIDFlagAbsent, types.BlockIDFlagNil}[random.Intn(2)]
		}
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

func signed(height int64, members, next []member, flags []types.BlockIDFlag) *types.SignedHeader {
	header := &types.Header{
		Version: consensusVersion(version.BlockProtocol), ChainID: chainID, Height: height,
		Time: start.Add(time.Duration(height) * time.Second), LastBlockID: blockID(hashOf(fmt.Sprint("block", height-1))),
		LastCommitHash: hashOf("last commit"), DataHash: hashOf(""), ValidatorsHash: setHash(members),
		NextValidatorsHash: setHash(next), ConsensusHash: hashOf("consensus"), AppHash: hashOf(fmt.Sprint("app", height)),
		LastResultsHash: hashOf(""), EvidenceHash: hashOf(""), ProposerAddress: validatorsOf(members)[0].Address,
	}
	commit := &types.Commit{Height: height, Round: int32(random.Intn(3)), BlockID: blockID(header.Hash())}
	for i, validator := range validatorsOf(members) {
		flag := types.BlockIDFlagCommit
		if i < len(flags) {
			flag = flags[i]
		}
		if flag == types.BlockIDFlagAbsent {
			commit.Signatures = append(commit.Signatures, types.NewCommitSigAbsent())
			continue
		}
		at := header.Time.Add(time.Duration(i+1) * 123_456_789)
		commit.Signatures = append(commit.Signatures,
			types.CommitSig{BlockIDFlag: flag, ValidatorAddress: validator.Address, Timestamp: at})
	}
	out := &types.SignedHeader{Header: header, Commit: commit}
	sign(out, members)
	return out
}

func blockID(hash []byte) types.BlockID {
	return types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: 1, Hash: hashOf(string(hash))}}
}

// sign makes the votes of the commit anew, each by the member at its place.
func sign(header *types.SignedHeader, members []member) {
	keys := map[string]crypto.PrivKey{}
	for _, m := range members {
		keys[string(m.key.PubKey().Address())] = m.key
	}
	commit := header.Commit
	for i := range commit.Signatures {
		sig := &commit.Signatures[i]
		key, ok := keys[string(sig.ValidatorAddress)]
		if sig.BlockIDFlag == types.BlockIDFlagAbsent || !ok {
			continue
		}
		signature, err := key.Sign(commit.VoteSignBytes(header.ChainID, int32(i)))
		must(err)
		sig.Signature = signature
	}
}
