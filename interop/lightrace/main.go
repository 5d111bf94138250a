// Command lightrace measures CometBFT's light.Verify: a header of many validators, several heights above the trusted
// one, all of whom signed. It prints JSON with the milliseconds of each round.
//
//	go run ./lightrace <validators> <rounds>        (in interop/)
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/light"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

const chainID = "light-race-1"

var start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func main() {
	if len(os.Args) != 3 {
		log.Fatalf("expected the number of validators and of rounds, got %d arguments", len(os.Args)-1)
	}
	count, rounds := number(os.Args[1]), number(os.Args[2])
	set, keys := validators(count)
	trusted, untrusted := signed(1, set, keys), signed(9, set, keys)
	now := start.Add(time.Minute)
	ms := make([]float64, rounds)
	for i := range ms {
		begin := time.Now()
		err := light.Verify(trusted, set, untrusted, set, time.Hour, now, 10*time.Second, light.DefaultTrustLevel)
		ms[i] = float64(time.Since(begin).Nanoseconds()) / 1e6
		must(err)
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{"ms": ms}))
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	must(err)
	return value
}

func validators(count int) (*types.ValidatorSet, map[string]crypto.PrivKey) {
	keys := map[string]crypto.PrivKey{}
	var list []*types.Validator
	for i := 0; i < count; i++ {
		key := ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprint("race ", i)))
		list = append(list, types.NewValidator(key.PubKey(), 10))
		keys[string(key.PubKey().Address())] = key
	}
	return types.NewValidatorSet(list), keys
}

func signed(height int64, set *types.ValidatorSet, keys map[string]crypto.PrivKey) *types.SignedHeader {
	hash := hashOf("anything")
	header := &types.Header{
		Version: cmtversion.Consensus{Block: version.BlockProtocol}, ChainID: chainID, Height: height,
		Time: start.Add(time.Duration(height) * time.Second), LastBlockID: blockID(hash), LastCommitHash: hash,
		DataHash: hash, ValidatorsHash: set.Hash(), NextValidatorsHash: set.Hash(), ConsensusHash: hash, AppHash: hash,
		LastResultsHash: hash, EvidenceHash: hash, ProposerAddress: set.Validators[0].Address,
	}
	commit := &types.Commit{Height: height, BlockID: blockID(header.Hash())}
	for _, validator := range set.Validators {
		commit.Signatures = append(commit.Signatures, types.CommitSig{
			BlockIDFlag: types.BlockIDFlagCommit, ValidatorAddress: validator.Address, Timestamp: header.Time,
		})
	}
	for i := range commit.Signatures {
		key := keys[string(commit.Signatures[i].ValidatorAddress)]
		signature, err := key.Sign(commit.VoteSignBytes(chainID, int32(i)))
		must(err)
		commit.Signatures[i].Signature = signature
	}
	return &types.SignedHeader{Header: header, Commit: commit}
}

func blockID(hash []byte) types.BlockID {
	return types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: 1, Hash: hash}}
}

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
