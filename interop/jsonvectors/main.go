// Prints proto3 JSON and protobuf bytes of messages as the Cosmos SDK v0.50 codec writes them.
//
//	go run ./jsonvectors > ../chain/descriptors/vectors/json.json
//
// Each case has the bytes a chain would store, the JSON of those bytes, and the bytes of that JSON.
package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"time"

	"cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	auth "github.com/cosmos/cosmos-sdk/x/auth/types"
	bank "github.com/cosmos/cosmos-sdk/x/bank/types"
	staking "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/gogoproto/proto"
)

type vector struct {
	Type          string          `json:"type"`
	Bytes         string          `json:"bytes"`
	JSON          json.RawMessage `json:"json"`
	BytesFromJSON string          `json:"bytesFromJson"`
}

var (
	alice = "cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu"
	bob   = "cosmos1zg69v7ys40x77y352eufp27daufrg4nckx5hjn"
	valop = "cosmosvaloper1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5dzyzcy"
	when  = time.Date(2026, 1, 31, 12, 30, 45, 120_000_000, time.UTC)
)

func filled(b byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = b
	}
	return out
}

func pack(m proto.Message) *codectypes.Any {
	any, err := codectypes.NewAnyWithValue(m)
	must(err)
	return any
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func coins(amount int64) sdk.Coins {
	return sdk.NewCoins(sdk.NewInt64Coin("udepin", amount), sdk.NewInt64Coin("ibc/27394FB0", 7))
}

func transaction() *txtypes.Tx {
	send := &bank.MsgSend{FromAddress: alice, ToAddress: bob, Amount: coins(1_000_000)}
	many := &bank.MsgMultiSend{
		Inputs:  []bank.Input{{Address: alice, Coins: coins(5)}},
		Outputs: []bank.Output{{Address: bob, Coins: coins(5)}},
	}
	single := &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{
		Single: &txtypes.ModeInfo_Single{Mode: signing.SignMode_SIGN_MODE_DIRECT}}}
	bits := cryptotypes.NewCompactBitArray(3)
	bits.SetIndex(1, true)
	multi := &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Multi_{Multi: &txtypes.ModeInfo_Multi{
		Bitarray: bits, ModeInfos: []*txtypes.ModeInfo{single}}}}
	keys := []cryptotypes.PubKey{&secp256k1.PubKey{Key: filled(2, 33)}, &secp256k1.PubKey{Key: filled(3, 33)}}
	return &txtypes.Tx{
		Body: &txtypes.TxBody{
			Messages:      []*codectypes.Any{pack(send), pack(many)},
			Memo:          "<memo> & \"quotes\" é 漢字 \u2028",
			TimeoutHeight: 18446744073709551615,
		},
		AuthInfo: &txtypes.AuthInfo{
			SignerInfos: []*txtypes.SignerInfo{
				{PublicKey: pack(&secp256k1.PubKey{Key: filled(2, 33)}), ModeInfo: single, Sequence: 9},
				{PublicKey: pack(multisig.NewLegacyAminoPubKey(2, keys)), ModeInfo: multi},
			},
			Fee: &txtypes.Fee{Amount: coins(500), GasLimit: 200_000, Payer: alice},
		},
		Signatures: [][]byte{filled(7, 64), {}},
	}
}

func validator() staking.Validator {
	return staking.Validator{
		OperatorAddress: valop,
		ConsensusPubkey: pack(&ed25519.PubKey{Key: filled(4, 32)}),
		Status:          staking.Bonded,
		Tokens:          math.NewInt(1_000_000_000),
		DelegatorShares: math.LegacyMustNewDecFromStr("1000000000.000000000000000001"),
		Description:     staking.Description{Moniker: "one", Website: "https://example.org"},
		UnbondingHeight: -1,
		UnbondingTime:   when,
		Commission: staking.Commission{
			CommissionRates: staking.NewCommissionRates(math.LegacyMustNewDecFromStr("0.1"),
				math.LegacyMustNewDecFromStr("0.2"), math.LegacyMustNewDecFromStr("-0.010000000000000001")),
			UpdateTime: when.Add(3 * time.Nanosecond),
		},
		MinSelfDelegation:       math.OneInt(),
		UnbondingOnHoldRefCount: 2,
		UnbondingIds:            []uint64{1, 300, 70_000},
	}
}

func block() *cmtservice.GetLatestBlockResponse {
	id := cmttypes.BlockID{Hash: filled(1, 32), PartSetHeader: cmttypes.PartSetHeader{Total: 1, Hash: filled(2, 32)}}
	header := cmttypes.Header{Version: cmtversion.Consensus{Block: 11, App: 1}, ChainID: "depind-1", Height: 5,
		Time: when.Add(1234), LastBlockId: id, AppHash: filled(3, 32), ProposerAddress: filled(4, 20)}
	commit := &cmttypes.Commit{Height: 4, BlockID: id, Signatures: []cmttypes.CommitSig{
		{BlockIdFlag: cmttypes.BlockIDFlagCommit, ValidatorAddress: filled(4, 20), Timestamp: when, Signature: filled(5, 64)},
		{BlockIdFlag: cmttypes.BlockIDFlagAbsent},
	}}
	vote := &cmttypes.Vote{Type: cmttypes.PrecommitType, Height: 3, BlockID: id, Timestamp: when,
		ValidatorAddress: filled(4, 20), ValidatorIndex: 2, Signature: filled(6, 64), Extension: filled(1, 3)}
	evidence := cmttypes.Evidence{Sum: &cmttypes.Evidence_DuplicateVoteEvidence{
		DuplicateVoteEvidence: &cmttypes.DuplicateVoteEvidence{VoteA: vote, VoteB: vote, TotalVotingPower: 40,
			ValidatorPower: 10, Timestamp: when}}}
	return &cmtservice.GetLatestBlockResponse{
		BlockId: &id,
		Block: &cmttypes.Block{Header: header, Data: cmttypes.Data{Txs: [][]byte{filled(9, 10)}},
			Evidence: cmttypes.EvidenceList{Evidence: []cmttypes.Evidence{evidence}}, LastCommit: commit},
		SdkBlock: &cmtservice.Block{Header: cmtservice.Header{ChainID: "depind-1", Height: 5, Time: when,
			ProposerAddress: "cosmosvalcons1"}},
	}
}

func genesis() []proto.Message {
	base := auth.NewBaseAccountWithAddress(sdk.AccAddress(filled(1, 20)))
	module := auth.NewModuleAccount(base, "bonded", "burner", "staking")
	stake := staking.DefaultGenesisState()
	stake.LastTotalPower = math.NewInt(1000)
	stake.Validators = []staking.Validator{validator()}
	stake.Delegations = []staking.Delegation{{DelegatorAddress: alice, ValidatorAddress: valop,
		Shares: math.LegacyNewDec(3)}}
	stake.UnbondingDelegations = []staking.UnbondingDelegation{{DelegatorAddress: alice, ValidatorAddress: valop,
		Entries: []staking.UnbondingDelegationEntry{{CreationHeight: 3, CompletionTime: when,
			InitialBalance: math.NewInt(4), Balance: math.NewInt(3), UnbondingId: 1}}}}
	banks := bank.DefaultGenesisState()
	banks.Balances = []bank.Balance{{Address: alice, Coins: coins(1)}}
	banks.Supply = coins(1)
	banks.SendEnabled = []bank.SendEnabled{{Denom: "udepin", Enabled: false}}
	banks.DenomMetadata = []bank.Metadata{{Base: "udepin", Display: "depin",
		DenomUnits: []*bank.DenomUnit{{Denom: "depin", Exponent: 6, Aliases: []string{"d"}}}}}
	return []proto.Message{
		stake, banks, staking.DefaultGenesisState(),
		&auth.GenesisState{Params: auth.DefaultParams(), Accounts: []*codectypes.Any{pack(base), pack(module)}},
	}
}

func messages() []proto.Message {
	rate := math.LegacyMustNewDecFromStr("0.05")
	v := validator()
	base := auth.NewBaseAccount(sdk.AccAddress(filled(1, 20)), &secp256k1.PubKey{Key: filled(2, 33)}, 3, 4)
	create := &staking.MsgCreateValidator{Commission: v.Commission.CommissionRates, MinSelfDelegation: math.OneInt(),
		ValidatorAddress: valop, Pubkey: pack(&ed25519.PubKey{Key: filled(4, 32)}), Value: sdk.NewInt64Coin("udepin", 5)}
	return []proto.Message{
		&bank.MsgSend{FromAddress: alice, ToAddress: bob, Amount: coins(12)}, &bank.MsgSend{},
		transaction(), base, &auth.BaseAccount{}, &v, create,
		&staking.MsgEditValidator{ValidatorAddress: valop, CommissionRate: &rate}, &staking.MsgEditValidator{},
		&staking.MsgUndelegateResponse{CompletionTime: when.Truncate(time.Second), Amount: sdk.NewInt64Coin("udepin", 5)},
		&bank.QueryParamsResponse{Params: bank.Params{SendEnabled: []*bank.SendEnabled{{Denom: "x"}}, DefaultSendEnabled: true}},
		&bank.QueryAllBalancesResponse{Balances: coins(3), Pagination: &query.PageResponse{NextKey: []byte{1, 2}, Total: 2}},
		&bank.QueryAllBalancesResponse{Pagination: &query.PageResponse{}}, &bank.QueryAllBalancesResponse{},
		&staking.QueryParamsResponse{Params: staking.Params{UnbondingTime: 90*time.Second + 1500*time.Microsecond,
			MinCommissionRate: math.LegacyZeroDec()}},
		&sdk.TxResponse{Height: 3, TxHash: "AB", Code: 5, RawLog: "x", GasWanted: -1, Tx: pack(&txtypes.Tx{}),
			Events: []abci.Event{{Type: "t", Attributes: []abci.EventAttribute{{Key: "k", Value: "v", Index: true}}}}},
		block(), &cmtservice.GetNodeInfoResponse{},
	}
}

func main() {
	registry := codectypes.NewInterfaceRegistry()
	cryptocodec.RegisterInterfaces(registry)
	auth.RegisterInterfaces(registry)
	bank.RegisterInterfaces(registry)
	staking.RegisterInterfaces(registry)
	txtypes.RegisterInterfaces(registry)
	cdc := codec.NewProtoCodec(registry)
	var out []vector
	for _, m := range append(messages(), genesis()...) {
		out = append(out, describe(cdc, m, nil))
	}
	for _, m := range []proto.Message{&staking.Validator{}, &sdk.Coin{}, &staking.Params{}, &query.PageResponse{}} {
		out = append(out, describe(cdc, m, []byte{}))
	}
	out = append(out, describe(cdc, &query.PageResponse{}, []byte{0x0a, 0x00}))
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	must(encoder.Encode(out))
}

// describe takes the bytes of the message, or those given, through JSON and back.
func describe(cdc *codec.ProtoCodec, m proto.Message, bytes []byte) vector {
	name := proto.MessageName(m)
	if bytes == nil {
		var err error
		bytes, err = proto.Marshal(m)
		must(err)
	}
	m.Reset()
	must(cdc.Unmarshal(bytes, m.(codec.ProtoMarshaler)))
	text, err := cdc.MarshalJSON(m)
	must(err)
	again := hex.EncodeToString(bytes)
	m.Reset()
	if err := cdc.UnmarshalJSON(text, m); err != nil {
		again = "error: " + err.Error()
	} else {
		back, err := proto.Marshal(m)
		must(err)
		again = hex.EncodeToString(back)
	}
	return vector{Type: name, Bytes: hex.EncodeToString(bytes), JSON: text, BytesFromJSON: again}
}
