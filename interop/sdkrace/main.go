// Command sdkrace runs transfers through a minimal Cosmos SDK application, with IAVL and goleveldb, as a rival to
// depind on the same machine: baseapp, x/auth and x/bank of the official modules.
//
//	sdkrace sends WORK HOME      the transactions of a work file; prints the seconds of each block
//	sdkrace fill HOME KEYS       makes a state of so many keys
//	sdkrace restart HOME KEYS    opens it and commits a block; prints the seconds until it has answered, and when
//	                             the block was committed
//	sdkrace kill HOME KEYS       opens it, commits some blocks and kills itself
//
// It prints one line of JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	dbm "github.com/cosmos/cosmos-db"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

func main() {
	sdk.GetConfig().SetBech32PrefixForAccount(prefix, prefix+"pub")
	result, err := command(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "sdkrace:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fmt.Fprintln(os.Stderr, "sdkrace:", err)
		os.Exit(1)
	}
}

func command(arguments []string) (any, error) {
	if len(arguments) != 3 {
		return nil, fmt.Errorf("expected sends WORK HOME, fill, restart or kill HOME KEYS")
	}
	name, first, second := arguments[0], arguments[1], arguments[2]
	switch name {
	case "sends":
		return sends(first, second)
	case "fill", "restart", "kill":
		return state(name, first, second)
	}
	return nil, fmt.Errorf("unknown command %q", name)
}

func sends(path, home string) (map[string]any, error) {
	todo, err := readWork(path)
	if err != nil {
		return nil, err
	}
	db, err := dbm.NewGoLevelDB("application", home, nil)
	if err != nil {
		return nil, err
	}
	app, err := newApplication(db, todo.ChainID)
	if err != nil {
		return nil, err
	}
	seconds, err := todo.run(app)
	if err != nil {
		return nil, err
	}
	return map[string]any{"secondsOfBlocks": seconds}, app.Close()
}

func state(name, home, count string) (any, error) {
	keys, err := strconv.ParseUint(count, 10, 32)
	if err != nil {
		return nil, err
	}
	db, err := dbm.NewGoLevelDB("application", home, nil)
	if err != nil {
		return nil, err
	}
	switch name {
	case "fill":
		return map[string]any{"keys": keys}, fill(db, keys)
	case "kill":
		return nil, kill(db, keys)
	}
	return restart(db, keys)
}
