package main

import cmtversion "github.com/cometbft/cometbft/api/cometbft/version/v1"

func consensusVersion(block uint64) cmtversion.Consensus {
	return cmtversion.Consensus{Block: block, App: 1}
}
