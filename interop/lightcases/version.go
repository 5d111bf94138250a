package main

import cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"

func consensusVersion(block uint64) cmtversion.Consensus {
	return cmtversion.Consensus{Block: block, App: 1}
}
