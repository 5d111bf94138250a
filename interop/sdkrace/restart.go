package main

import (
	"crypto/sha256"
	"encoding/binary"
	"syscall"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
)

const (
	fillChain   = "sdkrace-fill"
	keysPerFill = 500_000
	valueBytes  = 40
)

// fillKey is the key of a number: 32 bytes without order.
func fillKey(number uint64) []byte {
	var bytes [8]byte
	binary.BigEndian.PutUint64(bytes[:], number)
	key := sha256.Sum256(bytes[:])
	return key[:]
}

// fill makes a state of so many keys, in few blocks: each writes all nodes on its ways.
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

// updates is how many keys the first block after a restart changes.
const updates = 10_000

// restarted tells when an application on a filled database was there, and when its next block was committed.
type restarted struct {
	// Seconds until it answers Info and has read a key.
	Seconds float64 `json:"seconds"`
	// CommittedAt is in milliseconds since 1970: the clock of who started the process.
	CommittedAt float64 `json:"committedAt"`
}

// restart opens the application, reads a key, and commits a block that changes keys spread over the state.
func restart(db dbm.DB, keys uint64) (*restarted, error) {
	begin := time.Now()
	app, err := newApplication(db, fillChain)
	if err != nil {
		return nil, err
	}
	if _, err := app.Info(&abci.RequestInfo{}); err != nil {
		return nil, err
	}
	store := app.CommitMultiStore().GetCommitKVStore(app.fill)
	store.Get(fillKey(keys / 2))
	seconds := time.Since(begin).Seconds()
	for i := uint64(0); i < updates; i++ {
		store.Set(fillKey(i*keys/updates), changedValue(i))
	}
	app.CommitMultiStore().Commit()
	at := float64(time.Now().UnixMicro()) / 1000
	return &restarted{Seconds: seconds, CommittedAt: at}, app.Close()
}

// blocksBeforeKill is how many blocks a killed application has committed since it was opened.
const blocksBeforeKill = 10

// kill commits blocks of updates, other keys in each of them, and kills the process: nothing is closed.
func kill(db dbm.DB, keys uint64) error {
	app, err := newApplication(db, fillChain)
	if err != nil {
		return err
	}
	store := app.CommitMultiStore().GetCommitKVStore(app.fill)
	for block := uint64(1); block <= blocksBeforeKill; block++ {
		for i := uint64(0); i < updates; i++ {
			store.Set(fillKey((i*keys/updates+block)%keys), changedValue(i+block))
		}
		app.CommitMultiStore().Commit()
	}
	return syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
}

func changedValue(number uint64) []byte {
	value := make([]byte, valueBytes)
	binary.BigEndian.PutUint64(value, number+1)
	return value
}
