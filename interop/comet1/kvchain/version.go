package main

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/types"
)

type (
	proposal = abci.ProcessProposalRequest
	opinion  = abci.ProcessProposalResponse
)

const rejected = abci.PROCESS_PROPOSAL_STATUS_REJECT

func enable(params *types.ConsensusParams) {
	params.Feature.VoteExtensionsEnableHeight = enabledFrom
	params.Feature.PbtsEnableHeight = enabledFrom
}

func newNode(member *member) (*node.Node, error) {
	config := member.config
	return node.NewNode(
		context.Background(),
		config,
		privval.LoadFilePV(config.PrivValidatorKeyFile(), config.PrivValidatorStateFile()),
		member.nodeKey,
		proxy.NewLocalClientCreator(newApplication(member.app)),
		node.DefaultGenesisDocProviderFunc(config),
		member.database,
		node.DefaultMetricsProvider(config.Instrumentation),
		log.NewNopLogger(),
	)
}
