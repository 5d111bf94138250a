// A network of CometBFT validators that run a Cosmos SDK 0.50 application with auth, bank and staking, in one
// process: a chain that depind has no part in, for its light client to verify. Prints one JSON object when it runs,
// and stops when its input ends.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cosmos/cosmos-sdk/testutil/network"
	_ "github.com/cosmos/cosmos-sdk/x/auth"
	_ "github.com/cosmos/cosmos-sdk/x/auth/tx/config"
	_ "github.com/cosmos/cosmos-sdk/x/bank"
	_ "github.com/cosmos/cosmos-sdk/x/consensus"
	_ "github.com/cosmos/cosmos-sdk/x/genutil"
	_ "github.com/cosmos/cosmos-sdk/x/params"
	_ "github.com/cosmos/cosmos-sdk/x/staking"
)

type started struct {
	ChainId    string   `json:"chainId"`
	Rpc        string   `json:"rpc"`
	Accounts   []string `json:"accounts"`
	Validators []string `json:"validators"`
	Denom      string   `json:"denom"`
	Mnemonic   string   `json:"mnemonic"`
}

// The words of the first validator's account, known to everybody.
const mnemonic = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"

type quiet struct{}

func (quiet) Log(...interface{})          {}
func (quiet) Logf(string, ...interface{}) {}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	config, err := network.DefaultConfigWithAppConfig(network.MinimumAppConfig())
	if err != nil {
		return err
	}
	config.NumValidators = 2
	config.Mnemonics = []string{mnemonic}
	config.TimeoutCommit = 300 * time.Millisecond
	home, err := os.MkdirTemp("", "depind-sdknode-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	chain, err := network.New(quiet{}, home, config)
	if err != nil {
		return err
	}
	defer chain.Cleanup()
	if _, err := chain.WaitForHeight(3); err != nil {
		return err
	}
	// Of such a network only the first validator has an RPC.
	told := started{ChainId: config.ChainID, Denom: config.BondDenom, Rpc: chain.Validators[0].RPCAddress, Mnemonic: mnemonic}
	for _, validator := range chain.Validators {
		told.Accounts = append(told.Accounts, validator.Address.String())
		told.Validators = append(told.Validators, validator.ValAddress.String())
	}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
