package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/secp256k1"
	"github.com/cometbft/cometbft/crypto/tmhash"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
	gogotypes "github.com/cosmos/gogoproto/types"
)

const chainID = "depin-localnet-1"

// vector is one named case; every value is hex, CometBFT's JSON text or a decimal number.
type vector map[string]any

func wireVectors() any {
	return vector{
		"times":          timeVectors(),
		"headers":        headerVectors(),
		"validatorSets":  validatorSetVectors(),
		"commits":        commitVectors(),
		"votes":          voteVectors(),
		"voteExtensions": extensionVectors(),
		"transactions":   transactionVectors(),
		"results":        resultVectors(),
		"evidence":       evidenceVectors(),
		"params":         paramVectors(),
		"maxDataBytes":   maxDataVectors(),
		"blocks":         blockVectors(),
	}
}

func toHex(b []byte) string { return hex.EncodeToString(b) }

func toJSON(v any) string {
	text, err := cmtjson.Marshal(v)
	must(err)
	return string(text)
}

type marshaler interface{ Marshal() ([]byte, error) }

func proto(m marshaler) []byte {
	bytes, err := m.Marshal()
	must(err)
	return bytes
}

func hashOf(name string) []byte { return tmhash.Sum([]byte(name)) }

func blockIDOf(name string, total uint32) types.BlockID {
	parts := types.PartSetHeader{Total: total, Hash: hashOf(name + " parts")}
	return types.BlockID{Hash: hashOf(name), PartSetHeader: parts}
}

var someTimes = []time.Time{
	{},
	time.Unix(0, 0).UTC(),
	time.Unix(0, 1).UTC(),
	time.Unix(0, -1).UTC(),
	time.Unix(-1, 999_999_999).UTC(),
	time.Unix(1_714_557_600, 999_999_999).UTC(),
	time.Unix(1_714_557_600, 120_000).UTC(),
	time.Unix(1_714_557_600, 500_000_000).UTC(),
	time.Date(2024, 2, 29, 23, 59, 59, 10, time.UTC),
	time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC),
	time.Date(99, 12, 31, 23, 59, 59, 0, time.UTC),
	time.Date(1582, 10, 10, 1, 2, 3, 4, time.UTC),
	time.Date(2262, 4, 12, 0, 0, 0, 0, time.UTC),
	time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
}

func timeVectors() (out []vector) {
	for _, t := range someTimes {
		bytes, err := gogotypes.StdTimeMarshal(t)
		must(err)
		seconds := strconv.FormatInt(t.Unix(), 10)
		out = append(out, vector{
			"seconds": seconds, "nanos": t.Nanosecond(), "proto": toHex(bytes), "json": toJSON(t),
		})
	}
	return out
}

func headerOf(height int64, t time.Time) types.Header {
	return types.Header{
		Version:            cmtversion.Consensus{Block: version.BlockProtocol, App: 0},
		ChainID:            chainID,
		Height:             height,
		Time:               t,
		LastBlockID:        blockIDOf(fmt.Sprintf("block %d", height-1), 1),
		LastCommitHash:     hashOf("last commit"),
		DataHash:           hashOf("data"),
		ValidatorsHash:     hashOf("validators"),
		NextValidatorsHash: hashOf("next validators"),
		ConsensusHash:      types.DefaultConsensusParams().Hash(),
		AppHash:            hashOf("app"),
		LastResultsHash:    hashOf("results"),
		EvidenceHash:       types.EvidenceList{}.Hash(),
		ProposerAddress:    edKey(0).PubKey().Address(),
	}
}

func headerVectors() (out []vector) {
	add := func(name string, change func(*types.Header)) {
		h := headerOf(7, someTimes[5])
		change(&h)
		out = append(out, vector{
			"name": name, "proto": toHex(proto(h.ToProto())), "hash": toHex(h.Hash()),
			"json": toJSON(&h), "valid": h.ValidateBasic() == nil,
		})
	}
	add("plain", func(h *types.Header) {})
	add("height 1", func(h *types.Header) {
		h.Height = 1
		h.LastBlockID = types.BlockID{}
		h.LastCommitHash = (&types.Commit{}).Hash()
		h.AppHash = nil
	})
	for i, t := range someTimes {
		add(fmt.Sprintf("time %d", i), func(h *types.Header) { h.Time = t })
	}
	add("largest height and versions", func(h *types.Header) {
		h.Height = math.MaxInt64
		h.Version = cmtversion.Consensus{Block: math.MaxUint64, App: math.MaxUint64}
	})
	add("app version", func(h *types.Header) { h.Version.App = 3 })
	add("no version", func(h *types.Header) { h.Version = cmtversion.Consensus{} })
	add("height 0", func(h *types.Header) { h.Height = 0 })
	add("no chain id", func(h *types.Header) { h.ChainID = "" })
	add("chain id of 50 bytes", func(h *types.Header) {
		h.ChainID = "12345678901234567890123456789012345678901234567890"
	})
	add("chain id of 51 bytes", func(h *types.Header) {
		h.ChainID = "1234567890123456789012345678901234567890123456789é"
	})
	add("parts over a block", func(h *types.Header) { h.LastBlockID = blockIDOf("x", math.MaxUint32) })
	add("no validators hash", func(h *types.Header) { h.ValidatorsHash = nil })
	add("short validators hash", func(h *types.Header) { h.ValidatorsHash = hashOf("x")[1:] })
	add("app hash of 8 bytes", func(h *types.Header) { h.AppHash = []byte{0, 1, 2, 3, 4, 5, 6, 7} })
	add("app hash of 200 bytes", func(h *types.Header) { h.AppHash = make([]byte, 200) })
	add("no proposer", func(h *types.Header) { h.ProposerAddress = nil })
	add("all hashes empty", func(h *types.Header) {
		h.LastCommitHash, h.DataHash, h.NextValidatorsHash, h.ConsensusHash = nil, nil, nil, nil
		h.LastResultsHash, h.EvidenceHash = nil, nil
	})
	return out
}

// keyOf gives ed25519 keys, and a secp256k1 key for every third number when mixed.
func keyOf(index int, mixed bool) crypto.PrivKey {
	if mixed && index%3 == 2 {
		return secp256k1.GenPrivKeySecp256k1([]byte(fmt.Sprintf("depind validator %d", index)))
	}
	return edKey(index)
}

func setOf(count int, mixed bool, power func(int) int64) (*types.ValidatorSet, map[string]crypto.PrivKey) {
	keys := map[string]crypto.PrivKey{}
	validators := make([]*types.Validator, count)
	for i := range validators {
		key := keyOf(i, mixed)
		validators[i] = types.NewValidator(key.PubKey(), power(i))
		keys[string(validators[i].Address)] = key
	}
	return types.NewValidatorSet(validators), keys
}

func equalPower(int) int64    { return 10 }
func risingPower(i int) int64 { return int64(i*i*i)%97 + 1 }

func validatorSetVectors() (out []vector) {
	add := func(name string, count int, mixed bool, power func(int) int64) {
		set, _ := setOf(count, mixed, power)
		set.IncrementProposerPriority(3)
		first, err := set.Validators[0].ToProto()
		must(err)
		out = append(out, vector{
			"name": name, "hash": toHex(set.Hash()), "json": toJSON(set.Validators),
			"total": strconv.FormatInt(set.TotalVotingPower(), 10), "firstProto": toHex(proto(first)),
		})
	}
	add("1", 1, false, equalPower)
	add("4 equal", 4, false, equalPower)
	add("4 unequal", 4, false, func(i int) int64 { return int64(i) + 1 })
	add("4 of extreme powers", 4, false, func(i int) int64 { return int64(1) << (i * 19) })
	add("7 of both key types", 7, true, risingPower)
	add("1 of secp256k1", 1, true, func(int) int64 { return types.MaxTotalVotingPower })
	add("150", 150, true, risingPower)
	empty := types.ValidatorSet{}
	out = append(out, vector{"name": "none", "hash": toHex(empty.Hash()), "json": "[]", "total": "0"})
	return out
}

// voters says how validator `index` votes.
type voters func(index int) types.BlockIDFlag

func allCommit(int) types.BlockIDFlag { return types.BlockIDFlagCommit }

func mixedVotes(i int) types.BlockIDFlag { return types.BlockIDFlag(i%3 + 1) }

func commitOf(set *types.ValidatorSet, keys map[string]crypto.PrivKey, height int64, round int32,
	id types.BlockID, vote voters) *types.Commit {
	commit := &types.Commit{Height: height, Round: round, BlockID: id}
	for i, v := range set.Validators {
		sig := types.NewCommitSigAbsent()
		if flag := vote(i); flag != types.BlockIDFlagAbsent {
			sig.BlockIDFlag = flag
			sig.ValidatorAddress = v.Address
			sig.Timestamp = time.Unix(1_714_557_600+int64(i), int64(i)*12_345_678%1_000_000_000).UTC()
		}
		commit.Signatures = append(commit.Signatures, sig)
	}
	for i, v := range set.Validators {
		if commit.Signatures[i].BlockIDFlag == types.BlockIDFlagAbsent {
			continue
		}
		signature, err := keys[string(v.Address)].Sign(commit.VoteSignBytes(chainID, int32(i)))
		must(err)
		commit.Signatures[i].Signature = signature
	}
	return commit
}

func commitVectors() (out []vector) {
	add := func(name string, commit *types.Commit) {
		signBytes := []any{}
		for i, sig := range commit.Signatures[:min(len(commit.Signatures), 12)] {
			if sig.BlockIDFlag == types.BlockIDFlagAbsent {
				signBytes = append(signBytes, nil)
			} else {
				signBytes = append(signBytes, toHex(commit.VoteSignBytes(chainID, int32(i))))
			}
		}
		// CometBFT serves what it has read from its store: an empty list, not null.
		if commit.Signatures == nil {
			commit.Signatures = []types.CommitSig{}
		}
		out = append(out, vector{
			"name": name, "proto": toHex(proto(commit.ToProto())), "hash": toHex(commit.Hash()),
			"json": toJSON(commit), "signBytes": signBytes, "valid": commit.ValidateBasic() == nil,
		})
	}
	one, oneKeys := setOf(1, false, equalPower)
	seven, sevenKeys := setOf(7, true, risingPower)
	many, manyKeys := setOf(150, true, risingPower)
	id := blockIDOf("block", 1)
	add("before height 1", &types.Commit{})
	add("one signature", commitOf(one, oneKeys, 1, 0, id, allCommit))
	add("commit, nil and absent", commitOf(seven, sevenKeys, 12, 3, id, mixedVotes))
	add("150", commitOf(many, manyKeys, math.MaxInt64, math.MaxInt32, blockIDOf("block", 1601), mixedVotes))
	add("no signature", &types.Commit{Height: 1, BlockID: id})
	add("of the nil block", commitOf(one, oneKeys, 1, 0, types.BlockID{}, allCommit))
	bad := func(name string, change func(*types.CommitSig)) {
		commit := commitOf(seven, sevenKeys, 5, 0, id, mixedVotes)
		change(&commit.Signatures[0])
		add(name, commit)
	}
	bad("an absent one with an address", func(s *types.CommitSig) { s.ValidatorAddress = make([]byte, 20) })
	bad("an absent one with a time", func(s *types.CommitSig) { s.Timestamp = someTimes[1] })
	bad("an absent one with a signature", func(s *types.CommitSig) { s.Signature = make([]byte, 64) })
	bad("a nil vote without a signature", func(s *types.CommitSig) {
		s.BlockIDFlag, s.ValidatorAddress = types.BlockIDFlagNil, make([]byte, 20)
	})
	bad("a vote without an address", func(s *types.CommitSig) {
		s.BlockIDFlag, s.Signature = types.BlockIDFlagCommit, make([]byte, 64)
	})
	return out
}

func voteVectors() (out []vector) {
	key := edKey(0)
	add := func(name string, kind cmtproto.SignedMsgType, height int64, round int32, id types.BlockID, t time.Time, chain string) {
		vote := &types.Vote{
			Type: kind, Height: height, Round: round, BlockID: id, Timestamp: t,
			ValidatorAddress: key.PubKey().Address(), ValidatorIndex: round % 5,
		}
		signBytes := types.VoteSignBytes(chain, vote.ToProto())
		signature, err := key.Sign(signBytes)
		must(err)
		vote.Signature = signature
		out = append(out, vector{
			"name": name, "chainId": chain, "json": toJSON(vote), "time": toJSON(t),
			"proto": toHex(proto(vote.ToProto())), "signBytes": toHex(signBytes),
		})
	}
	id := blockIDOf("voted", 3)
	add("prevote in round 0", cmtproto.PrevoteType, 1, 0, id, someTimes[5], chainID)
	add("precommit in round 0", cmtproto.PrecommitType, 1, 0, id, someTimes[5], chainID)
	add("prevote nil", cmtproto.PrevoteType, 300, 0, types.BlockID{}, someTimes[6], chainID)
	add("precommit nil in round 4", cmtproto.PrecommitType, 300, 4, types.BlockID{}, someTimes[7], chainID)
	add("largest height and round", cmtproto.PrecommitType, math.MaxInt64, math.MaxInt32, id, someTimes[13], chainID)
	add("1 ns after the epoch", cmtproto.PrecommitType, 2, 1, id, someTimes[2], chainID)
	add("at the epoch", cmtproto.PrecommitType, 2, 1, id, someTimes[1], chainID)
	add("zero time", cmtproto.PrecommitType, 2, 1, id, time.Time{}, chainID)
	add("no chain id", cmtproto.PrecommitType, 2, 1, id, someTimes[5], "")
	add("long sign bytes", cmtproto.PrecommitType, 2, 1, id, someTimes[5], "chain-ünïcode-12345678901234567890123456789012345")
	return out
}

func extensionVectors() (out []vector) {
	add := func(name string, height int64, round int32, extension []byte, chain string) {
		vote := &types.Vote{
			Type: cmtproto.PrecommitType, Height: height, Round: round, BlockID: blockIDOf("voted", 3),
			Timestamp: someTimes[5], Extension: extension,
		}
		out = append(out, vector{
			"name": name, "chainId": chain, "height": strconv.FormatInt(height, 10), "round": round,
			"extension": toHex(extension), "signBytes": toHex(types.VoteExtensionSignBytes(chain, vote.ToProto())),
		})
	}
	add("an extension", 3, 0, []byte("price=41"), chainID)
	add("none", 3, 0, nil, chainID)
	add("in round 2", 3, 2, []byte{0}, chainID)
	add("largest height and round", math.MaxInt64, math.MaxInt32, []byte{1, 2, 3}, chainID)
	add("long", 300, 1, seeded("extension", 300), chainID)
	add("no chain id", 1, 0, []byte{7}, "")
	return out
}

func txsOf(sizes ...int) (txs types.Txs) {
	for i, size := range sizes {
		txs = append(txs, seeded(fmt.Sprintf("tx %d", i), size))
	}
	return txs
}

// seeded is sha256(seed ":" 0), sha256(seed ":" 1) … cut at size.
func seeded(seed string, size int) []byte {
	out := []byte{}
	for i := 0; len(out) < size; i++ {
		out = append(out, hashOf(fmt.Sprintf("%s:%d", seed, i))...)
	}
	return out[:size]
}

func sizesOf(txs types.Txs) []int {
	sizes := []int{}
	for _, tx := range txs {
		sizes = append(sizes, len(tx))
	}
	return sizes
}

func transactionVectors() (out []vector) {
	for _, sizes := range [][]int{{}, {0}, {1}, {40, 300}, {9, 0, 7}, {1, 2, 3, 4, 5, 6, 7, 8, 9}} {
		txs := txsOf(sizes...)
		hashes, proofs := []string{}, []string{}
		for i, tx := range txs {
			hashes = append(hashes, toHex(tx.Hash()))
			proofs = append(proofs, toJSON(txs.Proof(i)))
		}
		out = append(out, vector{"sizes": sizes, "hashes": hashes, "dataHash": toHex(txs.Hash()), "proofs": proofs})
	}
	return out
}

func resultVectors() (out []vector) {
	full := []*abci.ExecTxResult{
		{},
		{Code: 0, Data: []byte("answer"), GasWanted: 200_000, GasUsed: 76_123},
		{Code: 11, GasWanted: 1, GasUsed: math.MaxInt64, Log: "out of gas", Codespace: "sdk"},
		{Code: math.MaxUint32, Data: make([]byte, 300), GasWanted: -1, GasUsed: math.MinInt64, Info: "x"},
	}
	for count := 0; count <= len(full); count++ {
		list := []vector{}
		results := types.NewResults(full[:count])
		for i := range results {
			list = append(list, vector{
				"code": results[i].Code, "data": toHex(results[i].Data), "proto": toHex(proto(results[i])),
				"gasWanted": strconv.FormatInt(results[i].GasWanted, 10),
				"gasUsed":   strconv.FormatInt(results[i].GasUsed, 10),
			})
		}
		out = append(out, vector{"results": list, "hash": toHex(results.Hash())})
	}
	return out
}

func doubleVote(height int64) types.Evidence {
	set, keys := setOf(4, false, risingPower)
	votes := []*types.Vote{}
	for _, name := range []string{"one", "other"} {
		vote := &types.Vote{
			Type: cmtproto.PrecommitType, Height: height, BlockID: blockIDOf(name, 1), Timestamp: someTimes[5],
			ValidatorAddress: set.Validators[1].Address, ValidatorIndex: 1,
		}
		signature, err := keys[string(vote.ValidatorAddress)].Sign(types.VoteSignBytes(chainID, vote.ToProto()))
		must(err)
		vote.Signature = signature
		votes = append(votes, vote)
	}
	evidence, err := types.NewDuplicateVoteEvidence(votes[0], votes[1], someTimes[6], set)
	must(err)
	return evidence
}

func evidenceBytes(list types.EvidenceList) []string {
	out := []string{}
	for _, item := range list {
		message, err := types.EvidenceToProto(item)
		must(err)
		out = append(out, toHex(proto(message)))
	}
	return out
}

func evidenceVectors() (out []vector) {
	for _, list := range []types.EvidenceList{{}, {doubleVote(3)}, {doubleVote(3), doubleVote(4)}} {
		out = append(out, vector{"list": evidenceBytes(list), "hash": toHex(list.Hash())})
	}
	return out
}

func paramVectors() (out []vector) {
	custom := types.DefaultConsensusParams()
	custom.Block = types.BlockParams{MaxBytes: 200_000, MaxGas: 40_000_000}
	custom.Validator.PubKeyTypes = []string{"ed25519", "secp256k1"}
	custom.Version.App = 9
	custom.ABCI.VoteExtensionsEnableHeight = 77
	unlimited := types.DefaultConsensusParams()
	unlimited.Block = types.BlockParams{MaxBytes: -1, MaxGas: 0}
	for _, params := range []*types.ConsensusParams{types.DefaultConsensusParams(), custom, unlimited} {
		out = append(out, vector{"json": toJSON(*params), "hash": toHex(params.Hash())})
	}
	return out
}

func maxDataVectors() (out []vector) {
	for _, c := range []struct {
		maxBytes, evidence int64
		validators         int
	}{{22_020_096, 0, 1}, {22_020_096, 1_048_576, 150}, {200_000, 44, 4}, {4_089, 0, 1}, {types.MaxBlockSizeBytes, 0, 10_000}} {
		out = append(out, vector{
			"maxBytes": strconv.FormatInt(c.maxBytes, 10), "evidence": strconv.FormatInt(c.evidence, 10),
			"validators": c.validators,
			"left":       strconv.FormatInt(types.MaxDataBytes(c.maxBytes, c.evidence, c.validators), 10),
		})
	}
	return out
}
