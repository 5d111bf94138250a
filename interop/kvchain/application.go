package main

import (
	"context"
	"time"

	"github.com/cometbft/cometbft/abci/example/kvstore"
)

// habits of a node's application, which have it or others vote nil.
type habits struct {
	// Takes so long to look at a block.
	delay time.Duration
	// Votes against every block.
	refuses bool
}

type application struct {
	*kvstore.Application
	habits habits
}

func newApplication(habits habits) *application {
	return &application{Application: kvstore.NewInMemoryApplication(), habits: habits}
}

// ProcessProposal says whether to vote for a block.
func (app *application) ProcessProposal(ctx context.Context, request *proposal) (*opinion, error) {
	time.Sleep(app.habits.delay)
	if app.habits.refuses {
		return &opinion{Status: rejected}, nil
	}
	return app.Application.ProcessProposal(ctx, request)
}
