package main

import (
	"fmt"

	"github.com/cometbft/cometbft/crypto/merkle"
)

type merkleTree struct {
	Size  int        `json:"size"`
	Root  []byte     `json:"root"`
	Aunts [][][]byte `json:"aunts"`
}

// merkleMoves lists every place, as [index, total] up to a total of 9, where the aunts of leaf `From`
// of a tree of `Size` leaves verify.
type merkleMoves struct {
	Size   int      `json:"size"`
	From   int      `json:"from"`
	Places [][2]int `json:"places"`
}

// merkleVectors holds trees whose leaf i is the text "leaf <i>", with the proof of every leaf.
func merkleVectors() any {
	trees, moves := []merkleTree{}, []merkleMoves{}
	for _, size := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 31} {
		var leaves [][]byte
		for i := 0; i < size; i++ {
			leaves = append(leaves, []byte(fmt.Sprintf("leaf %d", i)))
		}
		root, proofs := merkle.ProofsFromByteSlices(leaves)
		tree := merkleTree{Size: size, Root: root, Aunts: [][][]byte{}}
		for i, proof := range proofs {
			tree.Aunts = append(tree.Aunts, append([][]byte{}, proof.Aunts...))
			if size <= 7 {
				moves = append(moves, movesOf(root, leaves[i], proof))
			}
		}
		trees = append(trees, tree)
	}
	return map[string]any{"trees": trees, "moves": moves}
}

func movesOf(root, leaf []byte, proof *merkle.Proof) merkleMoves {
	out := merkleMoves{Size: int(proof.Total), From: int(proof.Index)}
	for total := int64(0); total <= 9; total++ {
		for index := int64(-1); index <= total; index++ {
			moved := merkle.Proof{Total: total, Index: index, LeafHash: proof.LeafHash, Aunts: proof.Aunts}
			if moved.Verify(root, leaf) == nil {
				out.Places = append(out.Places, [2]int{int(index), int(total)})
			}
		}
	}
	return out
}
