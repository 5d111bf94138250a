package main

import (
	"encoding/json"

	"cosmossdk.io/log"
	"cosmossdk.io/store"
	storetypes "cosmossdk.io/store/types"
	"cosmossdk.io/x/tx/signing"
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/gogoproto/proto"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/std"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

const prefix = "depin"

// fillStore holds the keys of the restart measurement; the modules know nothing of it.
const fillStore = "fill"

// application is baseapp with auth and bank: all that a transfer needs, and nothing that would slow it down.
type application struct {
	*baseapp.BaseApp
	codec    codec.Codec
	accounts authkeeper.AccountKeeper
	bank     bankkeeper.BaseKeeper
	fill     storetypes.StoreKey
}

func newApplication(db dbm.DB, chainID string) (*application, error) {
	registry, err := newRegistry()
	if err != nil {
		return nil, err
	}
	app := &application{codec: codec.NewProtoCodec(registry)}
	txConfig := authtx.NewTxConfig(app.codec, authtx.DefaultSignModes)
	app.BaseApp = baseapp.NewBaseApp("sdkrace", log.NewNopLogger(), db, txConfig.TxDecoder(),
		baseapp.SetChainID(chainID),
		// What `simd start` sets by default.
		baseapp.SetInterBlockCache(store.NewCommitKVStoreCacheManager()),
		baseapp.SetIAVLCacheSize(781250))
	app.SetInterfaceRegistry(registry)
	app.MsgServiceRouter().SetInterfaceRegistry(registry)

	keys := storetypes.NewKVStoreKeys(authtypes.StoreKey, banktypes.StoreKey, fillStore)
	app.fill = keys[fillStore]
	app.setKeepers(keys)
	banktypes.RegisterMsgServer(app.MsgServiceRouter(), bankkeeper.NewMsgServerImpl(app.bank))

	handler, err := ante.NewAnteHandler(ante.HandlerOptions{
		AccountKeeper:   app.accounts,
		BankKeeper:      app.bank,
		SignModeHandler: txConfig.SignModeHandler(),
		SigGasConsumer:  ante.DefaultSigVerificationGasConsumer,
	})
	if err != nil {
		return nil, err
	}
	app.SetAnteHandler(handler)
	app.SetInitChainer(app.initChain)
	app.MountKVStores(keys)
	return app, app.LoadLatestVersion()
}

func newRegistry() (codectypes.InterfaceRegistry, error) {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          address.NewBech32Codec(prefix),
			ValidatorAddressCodec: address.NewBech32Codec(prefix + "valoper"),
		},
	})
	if err != nil {
		return nil, err
	}
	std.RegisterInterfaces(registry)
	auth.AppModuleBasic{}.RegisterInterfaces(registry)
	bank.AppModuleBasic{}.RegisterInterfaces(registry)
	return registry, nil
}

func (app *application) setKeepers(keys map[string]*storetypes.KVStoreKey) {
	authority := authtypes.NewModuleAddress("gov").String()
	app.accounts = authkeeper.NewAccountKeeper(app.codec,
		runtime.NewKVStoreService(keys[authtypes.StoreKey]), authtypes.ProtoBaseAccount,
		map[string][]string{authtypes.FeeCollectorName: nil},
		address.NewBech32Codec(prefix), prefix, authority)
	collector := authtypes.NewModuleAddress(authtypes.FeeCollectorName).String()
	app.bank = bankkeeper.NewBaseKeeper(app.codec,
		runtime.NewKVStoreService(keys[banktypes.StoreKey]), app.accounts,
		map[string]bool{collector: true}, authority, log.NewNopLogger())
}

// genesis is the app_state of this application.
type genesis struct {
	Auth json.RawMessage `json:"auth"`
	Bank json.RawMessage `json:"bank"`
}

func (app *application) initChain(ctx sdk.Context, request *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var state genesis
	if err := json.Unmarshal(request.AppStateBytes, &state); err != nil {
		return nil, err
	}
	var authState authtypes.GenesisState
	var bankState banktypes.GenesisState
	if err := app.codec.UnmarshalJSON(state.Auth, &authState); err != nil {
		return nil, err
	}
	if err := app.codec.UnmarshalJSON(state.Bank, &bankState); err != nil {
		return nil, err
	}
	app.accounts.InitGenesis(ctx, authState)
	app.bank.InitGenesis(ctx, &bankState)
	return &abci.ResponseInitChain{}, nil
}
