package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	cfg "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/crypto/secp256k1"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/types"
)

// member is one of the nodes: what it is made of stays when it stops.
type member struct {
	config    *cfg.Config
	key       crypto.PrivKey
	power     int64
	nodeKey   *p2p.NodeKey
	databases map[string]dbm.DB
	app       habits
	node      *node.Node
}

type network struct {
	members []*member
	// How many of them are the validators of the first block.
	first int
}

// From here on votes have extensions, and in 1.x times are those of proposers.
const enabledFrom = 5

// Without the third there is still more than 2/3 of the power; with its votes against all blocks, also.
var firstPowers = []int64{1000, 900, 800, 7}

// Those that take over.
var laterPowers = []int64{3, 41, 7_000_000, 5_000_000}

const (
	slow    = 1
	picky   = 2
	hurried = 3
)

func startNetwork(home string) (*network, error) {
	chain := &network{first: len(firstPowers)}
	for index, power := range append(append([]int64{}, firstPowers...), laterPowers...) {
		member, err := newMember(filepath.Join(home, fmt.Sprint(index)), index)
		if err != nil {
			return nil, err
		}
		member.power = power
		chain.members = append(chain.members, member)
	}
	genesis := chain.genesis()
	peers := chain.peers()
	for _, member := range chain.members {
		member.config.P2P.PersistentPeers = strings.Join(peers, ",")
		if err := genesis.SaveAs(member.config.GenesisFile()); err != nil {
			return nil, err
		}
		if err := member.start(); err != nil {
			return nil, err
		}
	}
	return chain, nil
}

func newMember(home string, index int) (*member, error) {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	cfg.EnsureRoot(home)
	config := cfg.DefaultConfig()
	config.SetRoot(home)
	for _, address := range []*string{&config.P2P.ListenAddress, &config.RPC.ListenAddress} {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		*address = fmt.Sprintf("tcp://127.0.0.1:%d", port)
	}
	hasten(config)
	nodeKey, err := p2p.LoadOrGenNodeKey(config.NodeKeyFile())
	if err != nil {
		return nil, err
	}
	member := &member{config: config, nodeKey: nodeKey, databases: map[string]dbm.DB{}}
	member.key = keyOf(index)
	switch index {
	case slow:
		member.app.delay = 40 * time.Millisecond
	case picky:
		member.app.refuses = true
	case hurried:
		config.Consensus.TimeoutPrevote = time.Millisecond
		config.Consensus.TimeoutPrevoteDelta = 0
	}
	privval.NewFilePV(member.key, config.PrivValidatorKeyFile(), config.PrivValidatorStateFile()).Save()
	return member, nil
}

// One of the validators that come later signs with the other kind of key.
func keyOf(index int) crypto.PrivKey {
	secret := []byte(fmt.Sprintf("kvchain validator %d", index))
	if index == len(firstPowers)+1 {
		return secp256k1.GenPrivKeySecp256k1(secret)
	}
	return ed25519.GenPrivKeyFromSecret(secret)
}

func hasten(config *cfg.Config) {
	config.P2P.AllowDuplicateIP = true
	config.P2P.AddrBookStrict = false
	config.P2P.PexReactor = false
	config.P2P.FlushThrottleTimeout = 5 * time.Millisecond
	config.Consensus.TimeoutPropose = 500 * time.Millisecond
	config.Consensus.TimeoutPrevote = 500 * time.Millisecond
	config.Consensus.TimeoutPrecommit = 500 * time.Millisecond
	config.Consensus.TimeoutCommit = 100 * time.Millisecond
	config.Consensus.PeerGossipSleepDuration = 5 * time.Millisecond
}

// Nobody else on this machine takes it in the time until it is used, as far as the system can help it.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func (chain *network) genesis() *types.GenesisDoc {
	genesis := &types.GenesisDoc{ChainID: chainID, GenesisTime: time.Now().UTC(), ConsensusParams: types.DefaultConsensusParams()}
	enable(genesis.ConsensusParams)
	genesis.ConsensusParams.Validator.PubKeyTypes = []string{ed25519.KeyType, secp256k1.KeyType}
	for _, member := range chain.members[:chain.first] {
		key := member.key.PubKey()
		genesis.Validators = append(genesis.Validators, types.GenesisValidator{Address: key.Address(), PubKey: key, Power: member.power})
	}
	return genesis
}

func (chain *network) peers() []string {
	var peers []string
	for _, member := range chain.members {
		address := strings.TrimPrefix(member.config.P2P.ListenAddress, "tcp://")
		peers = append(peers, p2p.IDAddressString(member.nodeKey.ID(), address))
	}
	return peers
}

// Begins, or begins again with the blocks that it has; the application, which is held in memory, gets them all again.
func (member *member) start() error {
	var err error
	if member.node, err = newNode(member); err != nil {
		return err
	}
	return member.node.Start()
}

func (member *member) stop() error {
	err := member.node.Stop()
	member.node.Wait()
	return err
}

func (member *member) database(context *cfg.DBContext) (dbm.DB, error) {
	if member.databases[context.ID] == nil {
		member.databases[context.ID] = dbm.NewMemDB()
	}
	return member.databases[context.ID], nil
}

func (chain *network) stop() {
	for _, member := range chain.members {
		if member.node.IsRunning() {
			_ = member.stop()
		}
	}
}
