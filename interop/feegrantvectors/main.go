// Runs random operations on the fee grants of cosmossdk.io/x/feegrant, and prints each with what it answered and the
// genesis after every block.
//
//	go run ./feegrantvectors > ../modules/feegrant/vectors/feegrant.json
//
// Accounts that were granted once are not granted again: the module's queue would keep the end of the first grant.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"time"

	"cosmossdk.io/core/address"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	"cosmossdk.io/x/feegrant"
	"cosmossdk.io/x/feegrant/keeper"
	feegrantmodule "cosmossdk.io/x/feegrant/module"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/gogoproto/proto"
)

const (
	blocks = 60
	send   = "/cosmos.bank.v1beta1.MsgSend"
	many   = "/cosmos.bank.v1beta1.MsgMultiSend"
)

var start = time.Unix(1_700_000_000, 0).UTC()

// accounts has an account for every address.
type accounts struct{ codec address.Codec }

func (a accounts) AddressCodec() address.Codec              { return a.codec }
func (a accounts) GetModuleAddress(string) sdk.AccAddress   { return nil }
func (a accounts) SetAccount(context.Context, sdk.AccountI) {}
func (a accounts) GetModuleAccount(context.Context, string) sdk.ModuleAccountI {
	return nil
}
func (a accounts) NewAccountWithAddress(_ context.Context, b sdk.AccAddress) sdk.AccountI {
	return authtypes.NewBaseAccountWithAddress(b)
}
func (a accounts) GetAccount(_ context.Context, b sdk.AccAddress) sdk.AccountI {
	return authtypes.NewBaseAccountWithAddress(b)
}

// messages of a transaction, of two types.
func messagesOf(r *rand.Rand) []sdk.Msg {
	var list []sdk.Msg
	for range r.Intn(3) + 1 {
		if r.Intn(2) == 0 {
			list = append(list, &banktypes.MsgSend{})
		} else {
			list = append(list, &banktypes.MsgMultiSend{})
		}
	}
	return list
}

// operation is what was done and what it gave: "ok" or codespace/code.
type operation struct {
	Kind      string   `json:"kind"`
	Granter   int      `json:"granter"`
	Grantee   int      `json:"grantee"`
	Allowance string   `json:"allowance,omitempty"`
	TypeURL   string   `json:"typeUrl,omitempty"`
	Fee       int64    `json:"fee,omitempty"`
	Messages  []string `json:"messages,omitempty"`
	Result    string   `json:"result"`
}

type block struct {
	// Nanoseconds since the block before.
	After      int64       `json:"after"`
	Operations []operation `json:"operations"`
	// SHA-256 of its bytes.
	Genesis string `json:"genesis"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func resultOf(err error) string {
	if err == nil {
		return "ok"
	}
	var known *errorsmod.Error
	if errors.As(err, &known) {
		return fmt.Sprintf("%s/%d", known.Codespace(), known.ABCICode())
	}
	panic(err)
}

func coins(r *rand.Rand, most int64) sdk.Coins {
	list := sdk.Coins{{Denom: "udepin", Amount: math.NewInt(r.Int63n(most))}}
	if r.Intn(6) == 0 {
		list = append(list, sdk.Coin{Denom: "uz9", Amount: math.NewInt(r.Int63n(most))})
	}
	return list
}

func moment(r *rand.Rand, now time.Time, most int64) time.Time {
	return now.Add(time.Duration(r.Int63n(most)) * time.Millisecond)
}

func basic(r *rand.Rand, now time.Time) *feegrant.BasicAllowance {
	allowance := &feegrant.BasicAllowance{}
	if r.Intn(4) > 0 {
		allowance.SpendLimit = coins(r, 1000)
	}
	if r.Intn(3) > 0 {
		until := moment(r, now.Add(-5*time.Second), 100_000)
		allowance.Expiration = &until
	}
	return allowance
}

func periodic(r *rand.Rand, now time.Time) *feegrant.PeriodicAllowance {
	return &feegrant.PeriodicAllowance{
		Basic:            *basic(r, now),
		Period:           time.Duration(r.Int63n(30_000)-1000) * time.Millisecond,
		PeriodSpendLimit: coins(r, 300),
		PeriodCanSpend:   coins(r, 300),
		PeriodReset:      moment(r, now.Add(-20*time.Second), 40_000),
	}
}

func allowanceOf(r *rand.Rand, now time.Time, depth int) proto.Message {
	switch choice := r.Intn(5); {
	case choice < 2:
		return basic(r, now)
	case choice < 4 || depth > 1:
		return periodic(r, now)
	}
	inner, err := codectypes.NewAnyWithValue(allowanceOf(r, now, depth+1))
	check(err)
	allowed := &feegrant.AllowedMsgAllowance{Allowance: inner}
	for _, url := range []string{send, many} {
		if r.Intn(3) > 0 {
			allowed.AllowedMessages = append(allowed.AllowedMessages, url)
		}
	}
	return allowed
}

func addressOf(i int) sdk.AccAddress {
	b := make([]byte, 20)
	b[0], b[1], b[19] = byte(i>>8), byte(i), 7
	return b
}

func main() {
	sdk.GetConfig().SetBech32PrefixForAccount("depin", "depinpub")
	encoding := moduletestutil.MakeTestEncodingConfig(feegrantmodule.AppModuleBasic{})
	key := storetypes.NewKVStoreKey(feegrant.StoreKey)
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient"))
	codec := addresscodec.NewBech32Codec("depin")
	grants := keeper.NewKeeper(encoding.Codec, runtime.NewKVStoreService(key), accounts{codec})
	server := keeper.NewMsgServerImpl(grants)
	text := func(i int) string { s, err := codec.BytesToString(addressOf(i)); check(err); return s }
	r := rand.New(rand.NewSource(11))
	now, next := start, 10
	var pairs [][2]int
	var out []block
	for range blocks {
		after := time.Duration(r.Int63n(8_000)) * time.Millisecond
		now = now.Add(after)
		current := block{After: int64(after)}
		for range 12 {
			// A message that fails leaves nothing behind.
			cached, write := ctx.WithBlockTime(now).CacheContext()
			op := operation{}
			var err error
			switch choice := r.Intn(12); {
			case choice < 5 || len(pairs) == 0:
				allowance := allowanceOf(r, now, 0)
				packed, packErr := codectypes.NewAnyWithValue(allowance)
				check(packErr)
				pair := [2]int{r.Intn(4), next}
				next++
				op = operation{Kind: "grant", Granter: pair[0], Grantee: pair[1],
					Allowance: hex.EncodeToString(packed.Value), TypeURL: packed.TypeUrl}
				_, err = server.GrantAllowance(cached, &feegrant.MsgGrantAllowance{
					Granter: text(pair[0]), Grantee: text(pair[1]), Allowance: packed})
				pairs = append(pairs, pair)
			case choice == 5:
				pair := pairs[r.Intn(len(pairs))]
				op = operation{Kind: "revoke", Granter: pair[0], Grantee: pair[1]}
				_, err = server.RevokeAllowance(cached, &feegrant.MsgRevokeAllowance{Granter: text(pair[0]), Grantee: text(pair[1])})
			default:
				pair := pairs[len(pairs)-1-r.Intn(min(len(pairs), 12))]
				op = operation{Kind: "use", Granter: pair[0], Grantee: pair[1], Fee: r.Int63n(250)}
				fee := sdk.NewCoins(sdk.NewInt64Coin("udepin", op.Fee))
				messages := messagesOf(r)
				for _, message := range messages {
					op.Messages = append(op.Messages, sdk.MsgTypeURL(message))
				}
				err = grants.UseGrantedFees(cached, addressOf(pair[0]), addressOf(pair[1]), fee, messages)
			}
			op.Result = resultOf(err)
			if err == nil {
				write()
			}
			current.Operations = append(current.Operations, op)
		}
		check(feegrantmodule.EndBlocker(ctx.WithBlockTime(now), grants))
		state, err := grants.ExportGenesis(ctx)
		check(err)
		digest := sha256.Sum256(must(proto.Marshal(state)))
		current.Genesis = hex.EncodeToString(digest[:])
		out = append(out, current)
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func must(b []byte, err error) []byte { check(err); return b }
