// Prints messages as the typed events that the Cosmos SDK v0.50 makes of them (types.TypedEventToEvent).
//
//	go run ./eventvectors > ../chain/module/vectors/events.json
//
// Run in interop/.
package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	bank "github.com/cosmos/cosmos-sdk/x/bank/types"
	staking "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/gogoproto/proto"
)

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type vector struct {
	Type       string      `json:"type"`
	Message    string      `json:"message"`
	Attributes []attribute `json:"attributes"`
}

func main() {
	coin := func(amount int64) sdk.Coin { return sdk.NewInt64Coin("udepin", amount) }
	messages := []proto.Message{
		&bank.MsgSend{FromAddress: "depin1a", ToAddress: "depin1b", Amount: sdk.NewCoins(coin(5), sdk.NewInt64Coin("uatom", 7))},
		&bank.MsgSend{},
		&bank.Params{DefaultSendEnabled: true},
		&bank.Metadata{Description: "<b>&\u2028\u2029\"\\\t\u00e9\U0001f30a", DenomUnits: []*bank.DenomUnit{{Denom: "udepin", Exponent: 6, Aliases: []string{"a", ""}}}},
		&query.PageRequest{Key: []byte{0, 255, 1}, Offset: 1<<64 - 1, Limit: 1, CountTotal: true},
		&query.PageRequest{},
		&staking.Params{UnbondingTime: 21 * 24 * time.Hour, MaxValidators: 100, BondDenom: "udepin", MinCommissionRate: math.LegacyNewDecWithPrec(5, 2)},
		&staking.CommissionRates{Rate: math.LegacyNewDecWithPrec(1, 1), MaxRate: math.LegacyOneDec(), MaxChangeRate: math.LegacyZeroDec()},
		&staking.RedelegationEntry{CreationHeight: -1, CompletionTime: time.Unix(1700000000, 5).UTC(), InitialBalance: math.NewInt(3), SharesDst: math.LegacyNewDec(3)},
		&staking.Description{Moniker: "node", Details: "a\nb"},
	}
	vectors := make([]vector, 0, len(messages))
	for _, message := range messages {
		bytes, err := proto.Marshal(message)
		check(err)
		event, err := sdk.TypedEventToEvent(message)
		check(err)
		attributes := make([]attribute, 0, len(event.Attributes))
		for _, each := range event.Attributes {
			attributes = append(attributes, attribute{each.Key, each.Value})
		}
		vectors = append(vectors, vector{event.Type, hex.EncodeToString(bytes), attributes})
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	check(encoder.Encode(vectors))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
