// Sends random transactions, most of them wrong in one way, through the ante handler of the Cosmos SDK v0.50, and prints
// each with its code and what it changed.
//
//	go run ./antevectors > ../chain/app/vectors/ante.json
//
// The messages ask for more than anybody has: what a chain executes changes nothing, and all that is left is the ante
// handler's.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"time"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/log"
	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	"cosmossdk.io/x/feegrant"
	"cosmossdk.io/x/feegrant/keeper"
	txsigning "cosmossdk.io/x/tx/signing"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/std"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	sign "github.com/cosmos/cosmos-sdk/types/tx/signing"
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
	count   = 500
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
	r        *rand.Rand
	codec    codec.Codec
	decode   sdk.TxDecoder
	handle   sdk.AnteHandler
	accounts authkeeper.AccountKeeper
	bank     bankkeeper.BaseKeeper
	stores   map[string]*storetypes.KVStoreKey
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
	feegrant.RegisterInterfaces(registry)
	cdc := codec.NewProtoCodec(registry)
	stores := storetypes.NewKVStoreKeys(authtypes.StoreKey, banktypes.StoreKey, feegrant.StoreKey)
	ctx := testutil.DefaultContextWithKeys(stores, nil, nil)
	ctx = ctx.WithBlockHeader(cmtproto.Header{ChainID: chainID, Height: 2, Time: time.Unix(1_700_000_002, 0)}).WithChainID(chainID)
	authority := sdk.AccAddress("authority___________").String()
	accounts := authkeeper.NewAccountKeeper(cdc, runtime.NewKVStoreService(stores[authtypes.StoreKey]), authtypes.ProtoBaseAccount,
		map[string][]string{authtypes.FeeCollectorName: nil, "mint": {authtypes.Minter}}, addresses, "depin", authority)
	bank := bankkeeper.NewBaseKeeper(cdc, runtime.NewKVStoreService(stores[banktypes.StoreKey]), accounts, nil, authority, log.NewNopLogger())
	grants := keeper.NewKeeper(cdc, runtime.NewKVStoreService(stores[feegrant.StoreKey]), accounts).SetBankKeeper(bank)
	check(accounts.Params.Set(ctx, authtypes.DefaultParams()))
	check(bank.SetParams(ctx, banktypes.DefaultParams()))
	config := authtx.NewTxConfig(cdc, authtx.DefaultSignModes)
	handle := must(ante.NewAnteHandler(ante.HandlerOptions{
		AccountKeeper: accounts, BankKeeper: bank, FeegrantKeeper: grants,
		SignModeHandler: config.SignModeHandler(), SigGasConsumer: ante.DefaultSigVerificationGasConsumer,
	}))
	w := &world{r: rand.New(rand.NewSource(5)), codec: cdc, decode: config.TxDecoder(), handle: handle,
		accounts: accounts, bank: bank, stores: stores, ctx: ctx}
	w.fund(grants)
	return w
}

// fund makes ten accounts; the eighth has an ed25519 key, the ninth no coins, the tenth no account.
func (w *world) fund(grants keeper.Keeper) {
	for i := range 10 {
		var key cryptotypes.PrivKey = secp256k1.GenPrivKeyFromSecret([]byte{byte(i)})
		if i == 7 {
			key = ed25519.GenPrivKeyFromSecret([]byte{byte(i)})
		}
		w.keys = append(w.keys, key)
		if i == 9 {
			continue
		}
		account := w.accounts.NewAccountWithAddress(w.ctx, w.addressOf(i))
		w.accounts.SetAccount(w.ctx, account)
		amount := int64(rich)
		if i == 8 {
			amount = 0
		}
		coins := sdk.NewCoins(sdk.NewInt64Coin("udepin", amount))
		check(w.bank.MintCoins(w.ctx, "mint", coins))
		check(w.bank.SendCoinsFromModuleToAccount(w.ctx, "mint", w.addressOf(i), coins))
	}
	w.accounts.GetModuleAccount(w.ctx, authtypes.FeeCollectorName)
	limit := sdk.NewCoins(sdk.NewInt64Coin("udepin", 300_000))
	check(grants.GrantAllowance(w.ctx, w.addressOf(0), w.addressOf(1), &feegrant.BasicAllowance{SpendLimit: limit}))
	allowed := must(feegrant.NewAllowedMsgAllowance(&feegrant.BasicAllowance{}, []string{"/cosmos.bank.v1beta1.MsgMultiSend"}))
	check(grants.GrantAllowance(w.ctx, w.addressOf(0), w.addressOf(2), allowed))
}

func (w *world) addressOf(i int) sdk.AccAddress { return sdk.AccAddress(w.keys[i].PubKey().Address()) }

type vector struct {
	Tx string `json:"tx"`
	// What was changed.
	Change string `json:"change"`
	// "ok", or codespace and code.
	Result string `json:"result"`
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

func (w *world) run(b []byte) (result string) {
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
	if err == nil {
		write()
	}
	return resultOf(err)
}

func (w *world) sequence(i int) uint64 {
	account := w.accounts.GetAccount(w.ctx, w.addressOf(i))
	if account == nil {
		return 0
	}
	return account.GetSequence()
}

func (w *world) number(i int) uint64 {
	account := w.accounts.GetAccount(w.ctx, w.addressOf(i))
	if account == nil {
		return 0
	}
	return account.GetAccountNumber()
}

// draft is a transaction before it is signed, with what may be wrong about it.
type draft struct {
	body       *txtypes.TxBody
	info       *txtypes.AuthInfo
	signers    []int
	chainID    string
	number     uint64
	mode       sign.SignMode
	signatures func([][]byte) [][]byte
}

func (w *world) draft(signers []int) *draft {
	d := &draft{body: &txtypes.TxBody{}, signers: signers, chainID: chainID, mode: sign.SignMode_SIGN_MODE_DIRECT,
		signatures: func(s [][]byte) [][]byte { return s },
		info:       &txtypes.AuthInfo{Fee: &txtypes.Fee{Amount: sdk.NewCoins(sdk.NewInt64Coin("udepin", w.r.Int63n(9000)+1)), GasLimit: 900_000}}}
	for _, i := range signers {
		packed := must(codectypes.NewAnyWithValue(&banktypes.MsgSend{FromAddress: w.addressOf(i).String(), ToAddress: w.addressOf(0).String(),
			Amount: sdk.Coins{{Denom: "udepin", Amount: math.NewInt(1e18)}}}))
		d.body.Messages = append(d.body.Messages, packed)
		d.info.SignerInfos = append(d.info.SignerInfos, w.infoOf(i))
	}
	return d
}

func (w *world) infoOf(i int) *txtypes.SignerInfo {
	return &txtypes.SignerInfo{
		PublicKey: must(codectypes.NewAnyWithValue(w.keys[i].PubKey())), Sequence: w.sequence(i),
		ModeInfo: &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: sign.SignMode_SIGN_MODE_DIRECT}}},
	}
}

func (w *world) sign(d *draft) []byte {
	for _, info := range d.info.SignerInfos {
		info.ModeInfo = &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: d.mode}}}
	}
	raw := &txtypes.TxRaw{BodyBytes: must(proto.Marshal(d.body)), AuthInfoBytes: must(proto.Marshal(d.info))}
	var signatures [][]byte
	for _, i := range d.signers {
		signatures = append(signatures, must(w.keys[i].Sign(w.signBytes(d, raw, i))))
	}
	raw.Signatures = d.signatures(signatures)
	return must(proto.Marshal(raw))
}

func (w *world) signBytes(d *draft, raw *txtypes.TxRaw, i int) []byte {
	number := w.number(i) + d.number
	direct := must(proto.Marshal(&txtypes.SignDoc{BodyBytes: raw.BodyBytes, AuthInfoBytes: raw.AuthInfoBytes, ChainId: d.chainID, AccountNumber: number}))
	// What does not decode has no form in amino JSON.
	hasNoKey := func(info *txtypes.SignerInfo) bool { return info.PublicKey == nil }
	isIncomplete := d.info.Fee == nil || len(d.body.ExtensionOptions) > 0 || slices.ContainsFunc(d.info.SignerInfos, hasNoKey)
	if d.mode != sign.SignMode_SIGN_MODE_LEGACY_AMINO_JSON || isIncomplete {
		return direct
	}
	unsigned := must(proto.Marshal(&txtypes.TxRaw{BodyBytes: raw.BodyBytes, AuthInfoBytes: raw.AuthInfoBytes}))
	decoded := must(w.decode(unsigned)).(interface{ GetSigningTxData() txsigning.TxData })
	handlers := authtx.NewTxConfig(w.codec, authtx.DefaultSignModes).SignModeHandler()
	return must(handlers.GetSignBytes(context.Background(), 127,
		txsigning.SignerData{Address: w.addressOf(i).String(), ChainID: d.chainID, AccountNumber: number, Sequence: w.sequence(i)},
		decoded.GetSigningTxData()))
}

func (w *world) next() vector {
	change := changes[w.r.Intn(len(changes))]
	signers := w.r.Perm(7)[:1+w.r.Intn(2)*w.r.Intn(3)]
	if change.signers != nil {
		signers = slices.Clone(change.signers)
	}
	d := w.draft(signers)
	if w.r.Intn(3) == 0 {
		d.mode = sign.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	}
	change.apply(w, d)
	b := w.sign(d)
	return vector{hex.EncodeToString(b), change.name, w.run(b)}
}

func main() {
	w := newWorld()
	type account struct {
		Address string `json:"address"`
		Number  uint64 `json:"number"`
		// At the end.
		Sequence uint64 `json:"sequence"`
		Balance  string `json:"balance"`
	}
	out := struct {
		Accounts  []account `json:"accounts"`
		Collected string    `json:"collected"`
		Vectors   []vector  `json:"vectors"`
	}{}
	for range count {
		out.Vectors = append(out.Vectors, w.next())
	}
	for i := range 9 {
		balance := w.bank.GetBalance(w.ctx, w.addressOf(i), "udepin").Amount.String()
		out.Accounts = append(out.Accounts, account{w.addressOf(i).String(), w.number(i), w.sequence(i), balance})
	}
	collector := w.accounts.GetModuleAddress(authtypes.FeeCollectorName)
	out.Collected = w.bank.GetBalance(w.ctx, collector, "udepin").Amount.String()
	check(json.NewEncoder(os.Stdout).Encode(out))
}
