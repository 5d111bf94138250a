// Sends unordered transactions, most of them wrong in one way, through the ante handler of the Cosmos SDK v0.53, block by
// block, and prints each with its code, and after each block which nonces are kept.
//
//	cd sdk053 && go run ./unorderedvectors > ../../chain/app/vectors/unordered.json
//
// The messages ask for more than anybody has: what a chain executes changes nothing, and all that is left is the ante
// handler's.
package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"
	txsigning "cosmossdk.io/x/tx/signing"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/std"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/gogoproto/proto"
)

const (
	chainID = "depin-test-1"
	people  = 5
	rich    = 1_000_000_000
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

type world struct {
	codec    codec.Codec
	decode   sdk.TxDecoder
	handle   sdk.AnteHandler
	accounts authkeeper.AccountKeeper
	bank     bankkeeper.BaseKeeper
	store    *storetypes.KVStoreKey
	ctx      sdk.Context
	keys     []cryptotypes.PrivKey
}

func newWorld() *world {
	sdk.GetConfig().SetBech32PrefixForAccount("depin", "depinpub")
	addresses := address.NewBech32Codec("depin")
	registry := must(codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles:     proto.HybridResolver,
		SigningOptions: txsigning.Options{AddressCodec: addresses, ValidatorAddressCodec: address.NewBech32Codec("depinvaloper")},
	}))
	std.RegisterInterfaces(registry)
	authtypes.RegisterInterfaces(registry)
	banktypes.RegisterInterfaces(registry)
	cdc := codec.NewProtoCodec(registry)
	stores := storetypes.NewKVStoreKeys(authtypes.StoreKey, banktypes.StoreKey)
	ctx := testutil.DefaultContextWithKeys(stores, nil, nil).WithChainID(chainID)
	authority := sdk.AccAddress("authority___________").String()
	accounts := authkeeper.NewAccountKeeper(cdc, runtime.NewKVStoreService(stores[authtypes.StoreKey]), authtypes.ProtoBaseAccount,
		map[string][]string{authtypes.FeeCollectorName: nil, "mint": {authtypes.Minter}}, addresses, "depin", authority,
		authkeeper.WithUnorderedTransactions(true))
	bank := bankkeeper.NewBaseKeeper(cdc, runtime.NewKVStoreService(stores[banktypes.StoreKey]), accounts, nil, authority, log.NewNopLogger())
	check(accounts.Params.Set(ctx, authtypes.DefaultParams()))
	check(bank.SetParams(ctx, banktypes.DefaultParams()))
	config := authtx.NewTxConfig(cdc, authtx.DefaultSignModes)
	handle := must(ante.NewAnteHandler(ante.HandlerOptions{
		AccountKeeper: accounts, BankKeeper: bank,
		SignModeHandler: config.SignModeHandler(), SigGasConsumer: ante.DefaultSigVerificationGasConsumer,
	}))
	w := &world{codec: cdc, decode: config.TxDecoder(), handle: handle, accounts: accounts, bank: bank,
		store: stores[authtypes.StoreKey], ctx: ctx}
	w.fund()
	return w
}

func (w *world) fund() {
	for i := range people {
		w.keys = append(w.keys, secp256k1.GenPrivKeyFromSecret([]byte{byte(i)}))
		w.accounts.SetAccount(w.ctx, w.accounts.NewAccountWithAddress(w.ctx, w.addressOf(i)))
		coins := sdk.NewCoins(sdk.NewInt64Coin("udepin", rich))
		check(w.bank.MintCoins(w.ctx, "mint", coins))
		check(w.bank.SendCoinsFromModuleToAccount(w.ctx, "mint", w.addressOf(i), coins))
	}
	w.accounts.GetModuleAccount(w.ctx, authtypes.FeeCollectorName)
}

func (w *world) addressOf(i int) sdk.AccAddress { return sdk.AccAddress(w.keys[i].PubKey().Address()) }

func (w *world) account(i int) sdk.AccountI { return w.accounts.GetAccount(w.ctx, w.addressOf(i)) }

// begin starts a block: the module cleans up before its first transaction.
func (w *world) begin(height int64, now time.Time) {
	w.ctx = w.ctx.WithBlockHeader(cmtproto.Header{ChainID: chainID, Height: height, Time: now}).WithChainID(chainID)
	check(w.accounts.RemoveExpiredUnorderedNonces(w.ctx))
}

// nonces are the keys that the store has for used timeouts.
func (w *world) nonces() []string {
	keys := []string{}
	iterator := storetypes.KVStorePrefixIterator(w.ctx.KVStore(w.store), authtypes.UnorderedNoncesKey)
	defer iterator.Close()
	for ; iterator.Valid(); iterator.Next() {
		keys = append(keys, hex.EncodeToString(iterator.Key()))
	}
	return keys
}

func resultOf(err error) string {
	if err == nil {
		return "ok"
	}
	var known *errorsmod.Error
	if errors.As(err, &known) {
		return fmt.Sprintf("%s/%d", known.Codespace(), known.ABCICode())
	}
	return "other: " + err.Error()
}

func (w *world) run(b []byte, dropped bool) (result string) {
	defer func() {
		if recover() != nil {
			result = "panic"
		}
	}()
	decoded, err := w.decode(b)
	if err != nil {
		return resultOf(err)
	}
	cached, write := w.ctx.CacheContext()
	_, err = w.handle(cached.WithTxBytes(b), decoded, false)
	if err == nil && !dropped {
		write()
	}
	return resultOf(err)
}

type vector struct {
	Tx string `json:"tx"`
	// What was done to it.
	Case string `json:"case"`
	// "ok", or codespace and code.
	Result string `json:"result"`
}

type block struct {
	Time    string   `json:"time"`
	Vectors []vector `json:"vectors"`
	Nonces  []string `json:"nonces"`
}

type account struct {
	Address string `json:"address"`
	Number  uint64 `json:"number"`
	// At the end.
	Sequence uint64 `json:"sequence"`
	Balance  string `json:"balance"`
}

func main() {
	w := newWorld()
	out := struct {
		Accounts []account `json:"accounts"`
		Blocks   []block   `json:"blocks"`
	}{}
	s := &script{w: w, sent: map[string][]byte{}}
	for i, step := range steps {
		now := start.Add(step.at)
		w.begin(int64(i)+2, now)
		b := block{Time: fmt.Sprint(now.UnixNano())}
		for _, c := range step.cases {
			tx := s.make(now, c)
			b.Vectors = append(b.Vectors, vector{hex.EncodeToString(tx), c.name, w.run(tx, c.dropped)})
		}
		b.Nonces = w.nonces()
		out.Blocks = append(out.Blocks, b)
	}
	for i := range people {
		balance := w.bank.GetBalance(w.ctx, w.addressOf(i), "udepin").Amount.String()
		out.Accounts = append(out.Accounts, account{w.addressOf(i).String(), w.account(i).GetAccountNumber(), w.account(i).GetSequence(), balance})
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}
