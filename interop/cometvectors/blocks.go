package main

import (
	"strconv"

	"github.com/cometbft/cometbft/crypto/tmhash"
	"github.com/cometbft/cometbft/types"
)

// Blocks whose bytes are longer than this are given by their hash alone.
const longestPrinted = 6_000

func blockVectors() (out []vector) {
	set, keys := setOf(4, false, risingPower)
	add := func(name string, height int64, txs types.Txs, evidence types.EvidenceList) {
		lastCommit := &types.Commit{}
		if height > 1 {
			lastCommit = commitOf(set, keys, height-1, 0, blockIDOf("last", 1), allCommit)
		}
		block := types.MakeBlock(height, txs, lastCommit, evidence)
		fillHeader(block, set)
		out = append(out, blockVector(name, block))
	}
	add("height 1 without transactions", 1, nil, nil)
	add("height 2 without transactions", 2, nil, nil)
	add("one transaction", 3, txsOf(250), nil)
	add("five transactions, two empty", 4, txsOf(10, 0, 300, 0, 1), nil)
	add("over one part", 5, txsOf(10, 70_000), nil)
	add("exactly some parts", 6, txsOf(131_072-913), nil)
	add("four parts", 7, txsOf(200_000, 3), nil)
	add("a double vote", 8, txsOf(5), types.EvidenceList{doubleVote(7)})
	return out
}

// fillHeader sets what the height's state would have set, as MakeBlock knows the block alone.
func fillHeader(block *types.Block, set *types.ValidatorSet) {
	h := headerOf(block.Height, someTimes[5])
	h.LastCommitHash, h.DataHash, h.EvidenceHash = block.LastCommitHash, block.DataHash, block.EvidenceHash
	h.LastBlockID = block.LastCommit.BlockID
	h.ValidatorsHash, h.NextValidatorsHash = set.Hash(), set.Hash()
	block.Header = h
}

func blockVector(name string, block *types.Block) vector {
	message, err := block.ToProto()
	must(err)
	bytes := proto(message)
	parts, err := block.MakePartSet(types.BlockPartSizeBytes)
	must(err)
	// CometBFT serves what it has read from its store: empty lists, not null.
	read, err := types.BlockFromProto(message)
	must(err)
	text := toJSON(read)
	id := types.BlockID{Hash: block.Hash(), PartSetHeader: parts.Header()}
	out := vector{
		"name": name, "header": toHex(proto(block.Header.ToProto())),
		"txs": sizesOf(block.Txs), "evidence": evidenceBytes(block.Evidence.Evidence),
		"lastCommit": toHex(proto(block.LastCommit.ToProto())),
		"size":       strconv.Itoa(len(bytes)), "blockId": toJSON(id),
		"protoHash": toHex(tmhash.Sum(bytes)), "jsonHash": toHex(tmhash.Sum([]byte(text))),
	}
	if len(bytes) <= longestPrinted {
		out["proto"], out["json"] = toHex(bytes), text
	}
	return out
}
