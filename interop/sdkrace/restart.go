package main

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
)

const (
	fillChain   = "sdkrace-fill"
	keysPerFill = 100_000
	valueBytes  = 40
)

// fillKey is the key of a number: 32 bytes without order.
func fillKey(number uint64) []byte {
	var bytes [8]byte
	binary.BigEndian.PutUint64(bytes[:], number)
	key := sha256.Sum256(bytes[:])
	return key[:]
}

// fill makes a state of so many keys, in blocks.
func fill(db dbm.DB, keys uint64) error {
	app, err := newApplication(db, fillChain)
	if err != nil {
		return err
	}
	empty, err := (&work{Balance: "1"}).appState(app)
	if err != nil {
		return err
	}
	_, err = app.InitChain(&abci.RequestInitChain{
		Time: start, ChainId: fillChain, AppStateBytes: empty, InitialHeight: 1,
	})
	if err != nil {
		return err
	}
	if err := runBlock(app, 1, nil); err != nil {
		return err
	}
	store := app.CommitMultiStore().GetCommitKVStore(app.fill)
	for next := uint64(0); next < keys; {
		for end := min(next+keysPerFill, keys); next < end; next++ {
			key := fillKey(next)
			store.Set(key, append(key, key[:valueBytes-len(key)]...))
		}
		app.CommitMultiStore().Commit()
	}
	return app.Close()
}

// restart gives the seconds until the application on a filled database answers Info and has read a key.
func restart(db dbm.DB, number uint64) (float64, error) {
	begin := time.Now()
	app, err := newApplication(db, fillChain)
	if err != nil {
		return 0, err
	}
	if _, err := app.Info(&abci.RequestInfo{}); err != nil {
		return 0, err
	}
	app.CommitMultiStore().GetCommitKVStore(app.fill).Get(fillKey(number))
	seconds := time.Since(begin).Seconds()
	return seconds, app.Close()
}
