package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	sdkmath "cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// work is what the benchmark writes: accounts of a genesis, and blocks of signed transactions.
type work struct {
	ChainID   string     `json:"chainId"`
	Denom     string     `json:"denom"`
	Balance   string     `json:"balance"`
	Addresses []string   `json:"addresses"`
	Blocks    [][][]byte `json:"blocks"`
}

func readWork(path string) (*work, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var read work
	if err := json.Unmarshal(content, &read); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &read, nil
}

// appState gives accounts numbered by their place, each with the balance.
func (w *work) appState(app *application) ([]byte, error) {
	balance, ok := sdkmath.NewIntFromString(w.Balance)
	if !ok {
		return nil, fmt.Errorf("balance: expected digits, got %q", w.Balance)
	}
	accounts := authtypes.GenesisState{Params: authtypes.DefaultParams()}
	money := banktypes.GenesisState{Params: banktypes.DefaultParams()}
	for i, text := range w.Addresses {
		account := &authtypes.BaseAccount{Address: text, AccountNumber: uint64(i)}
		packed, err := codectypes.NewAnyWithValue(account)
		if err != nil {
			return nil, err
		}
		accounts.Accounts = append(accounts.Accounts, packed)
		money.Balances = append(money.Balances, banktypes.Balance{
			Address: text, Coins: sdk.NewCoins(sdk.NewCoin(w.Denom, balance)),
		})
	}
	return app.marshalGenesis(&accounts, &money)
}

func (app *application) marshalGenesis(accounts *authtypes.GenesisState, money *banktypes.GenesisState) ([]byte, error) {
	authJSON, err := app.codec.MarshalJSON(accounts)
	if err != nil {
		return nil, err
	}
	bankJSON, err := app.codec.MarshalJSON(money)
	if err != nil {
		return nil, err
	}
	return json.Marshal(genesis{Auth: authJSON, Bank: bankJSON})
}

var start = time.Unix(1_700_000_000, 0).UTC()

// run gives the seconds that each block takes, FinalizeBlock and Commit.
func (w *work) run(app *application) ([]float64, error) {
	state, err := w.appState(app)
	if err != nil {
		return nil, err
	}
	_, err = app.InitChain(&abci.RequestInitChain{
		Time: start, ChainId: w.ChainID, AppStateBytes: state, InitialHeight: 1,
	})
	if err != nil {
		return nil, err
	}
	// As on a chain, the first block commits the genesis.
	if err := runBlock(app, 1, nil); err != nil {
		return nil, err
	}
	var seconds []float64
	for i, txs := range w.Blocks {
		begin := time.Now()
		if err := runBlock(app, int64(i+2), txs); err != nil {
			return nil, err
		}
		seconds = append(seconds, time.Since(begin).Seconds())
	}
	return seconds, nil
}

func runBlock(app *application, height int64, txs [][]byte) error {
	response, err := app.FinalizeBlock(&abci.RequestFinalizeBlock{
		Txs: txs, Height: height, Time: start.Add(time.Duration(height) * time.Second),
	})
	if err != nil {
		return err
	}
	for _, result := range response.TxResults {
		if result.Code != 0 {
			return fmt.Errorf("a transaction fails: %s", result.Log)
		}
	}
	_, err = app.Commit()
	return err
}
