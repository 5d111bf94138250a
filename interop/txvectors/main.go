// Prints what the transaction decoder of the Cosmos SDK v0.50 says to thousands of changed transactions, and the
// constants of its transactions.
//
//	go run ./txvectors > ../chain/app/vectors/transactions.json
//	go run ./txvectors constants > ../chain/app/vectors/constants.json
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"time"

	"cosmossdk.io/math"
	"cosmossdk.io/x/feegrant"
	"cosmossdk.io/x/tx/signing"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	"github.com/cosmos/cosmos-sdk/std"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	sign "github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/gogoproto/proto"
)

const perMutation = 100

// A case is a base with a middle part replaced: number of the base, bytes kept before and behind, the bytes between,
// what was changed, and the verdict, which is "refused" by the decoder, "invalid" by the checks that need no state,
// or "taken".
type testCase [6]any

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func pack(m proto.Message) *codectypes.Any {
	packed, err := codectypes.NewAnyWithValue(m)
	check(err)
	return packed
}

func newRegistry() codectypes.InterfaceRegistry {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          address.NewBech32Codec("depin"),
			ValidatorAddressCodec: address.NewBech32Codec("depinvaloper"),
		},
	})
	check(err)
	std.RegisterInterfaces(registry)
	authtypes.RegisterInterfaces(registry)
	banktypes.RegisterInterfaces(registry)
	stakingtypes.RegisterInterfaces(registry)
	feegrant.RegisterInterfaces(registry)
	return registry
}

func verdictOf(decode sdk.TxDecoder, b []byte) (verdict string) {
	defer func() {
		if recover() != nil {
			verdict = "refused"
		}
	}()
	decoded, err := decode(b)
	if err != nil {
		return "refused"
	}
	if len(decoded.GetMsgs()) == 0 || decoded.(sdk.HasValidateBasic).ValidateBasic() != nil {
		return "invalid"
	}
	if _, err := decoded.(authsigning.SigVerifiableTx).GetSigners(); err != nil {
		return "invalid"
	}
	return "taken"
}

func bech(prefix string, fill byte) string {
	text, err := address.NewBech32Codec(prefix).BytesToString(bytes.Repeat([]byte{fill}, 20))
	check(err)
	return text
}

func coins(amount int64) sdk.Coins {
	return sdk.Coins{{Denom: "udepin", Amount: math.NewInt(amount)}}
}

func keyOf(fill byte) *secp256k1.PubKey {
	return &secp256k1.PubKey{Key: append([]byte{2}, bytes.Repeat([]byte{fill}, 32)...)}
}

func single(key cryptotypes.PubKey, sequence uint64) *txtypes.SignerInfo {
	info := &txtypes.SignerInfo{Sequence: sequence, ModeInfo: &txtypes.ModeInfo{
		Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: sign.SignMode_SIGN_MODE_DIRECT}},
	}}
	if key != nil {
		info.PublicKey = pack(key)
	}
	return info
}

func multi() *txtypes.SignerInfo {
	bits := cryptotypes.NewCompactBitArray(3)
	bits.SetIndex(0, true)
	bits.SetIndex(2, true)
	amino := single(nil, 0).ModeInfo
	amino.GetSingle().Mode = sign.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	return &txtypes.SignerInfo{
		PublicKey: pack(multisig.NewLegacyAminoPubKey(2, []cryptotypes.PubKey{keyOf(1), keyOf(2), keyOf(3)})),
		ModeInfo: &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Multi_{Multi: &txtypes.ModeInfo_Multi{
			Bitarray: bits, ModeInfos: []*txtypes.ModeInfo{amino, amino},
		}}},
	}
}

func encodeTx(body *txtypes.TxBody, info *txtypes.AuthInfo) []byte {
	bodyBytes, err := proto.Marshal(body)
	check(err)
	infoBytes, err := proto.Marshal(info)
	check(err)
	raw := &txtypes.TxRaw{BodyBytes: bodyBytes, AuthInfoBytes: infoBytes}
	for i := range info.SignerInfos {
		raw.Signatures = append(raw.Signatures, bytes.Repeat([]byte{byte(i + 7)}, 64))
	}
	b, err := proto.Marshal(raw)
	check(err)
	return b
}

func bases() [][]byte {
	alice, bob := bech("depin", 1), bech("depin", 2)
	valoper := bech("depinvaloper", 1)
	send := &banktypes.MsgSend{FromAddress: alice, ToAddress: bob, Amount: coins(7)}
	many := &banktypes.MsgMultiSend{
		Inputs:  []banktypes.Input{{Address: alice, Coins: coins(3)}},
		Outputs: []banktypes.Output{{Address: bob, Coins: coins(1)}, {Address: alice, Coins: coins(2)}},
	}
	rate := math.LegacyNewDecWithPrec(1, 1)
	create := &stakingtypes.MsgCreateValidator{
		Description:       stakingtypes.Description{Moniker: "node"},
		Commission:        stakingtypes.NewCommissionRates(rate, rate, rate),
		MinSelfDelegation: math.OneInt(),
		ValidatorAddress:  valoper,
		Pubkey:            pack(&ed25519.PubKey{Key: bytes.Repeat([]byte{5}, 32)}),
		Value:             coins(9)[0],
	}
	until := time.Unix(1_700_000_000, 123_000_000).UTC()
	periodic := &feegrant.PeriodicAllowance{
		Basic:            feegrant.BasicAllowance{SpendLimit: coins(100), Expiration: &until},
		Period:           90 * time.Second,
		PeriodSpendLimit: coins(10),
		PeriodCanSpend:   coins(10),
		PeriodReset:      until,
	}
	allowed := &feegrant.AllowedMsgAllowance{
		Allowance: pack(periodic), AllowedMessages: []string{"/cosmos.bank.v1beta1.MsgSend"},
	}
	grant := &feegrant.MsgGrantAllowance{Granter: alice, Grantee: bob, Allowance: pack(allowed)}
	delegate := &stakingtypes.MsgDelegate{DelegatorAddress: bob, ValidatorAddress: valoper, Amount: coins(4)[0]}
	fee := &txtypes.Fee{Amount: coins(5000), GasLimit: 200_000}
	one := []*txtypes.SignerInfo{single(keyOf(1), 3)}
	return [][]byte{
		encodeTx(
			&txtypes.TxBody{Messages: []*codectypes.Any{pack(send)}, Memo: "héllo", TimeoutHeight: 99},
			&txtypes.AuthInfo{SignerInfos: one, Fee: fee},
		),
		encodeTx(
			&txtypes.TxBody{Messages: []*codectypes.Any{pack(many), pack(delegate)}},
			&txtypes.AuthInfo{
				SignerInfos: []*txtypes.SignerInfo{single(keyOf(1), 0), single(nil, 1<<40)},
				Fee:         &txtypes.Fee{Amount: coins(1), GasLimit: 1, Payer: bob, Granter: alice},
			},
		),
		encodeTx(
			&txtypes.TxBody{Messages: []*codectypes.Any{pack(create)}},
			&txtypes.AuthInfo{SignerInfos: one, Fee: fee},
		),
		encodeTx(
			&txtypes.TxBody{Messages: []*codectypes.Any{pack(grant)}},
			&txtypes.AuthInfo{SignerInfos: one, Fee: fee},
		),
		encodeTx(
			&txtypes.TxBody{Messages: []*codectypes.Any{pack(send)}},
			&txtypes.AuthInfo{SignerInfos: []*txtypes.SignerInfo{multi()}, Fee: fee},
		),
	}
}

// mutate changes the frame, or the body or the auth info in it with right lengths around.
func mutate(r *rand.Rand, base []byte, m mutation) []byte {
	if r.Intn(10) == 0 {
		return m.apply(r, base)
	}
	var raw txtypes.TxRaw
	check(proto.Unmarshal(base, &raw))
	part := &raw.BodyBytes
	if r.Intn(5) < 2 {
		part = &raw.AuthInfoBytes
	}
	*part = m.apply(r, *part)
	if *part == nil {
		return nil
	}
	b, err := proto.Marshal(&raw)
	check(err)
	return b
}

func caseOf(base int, from, to []byte, change, verdict string) testCase {
	prefix := 0
	for prefix < len(from) && prefix < len(to) && from[prefix] == to[prefix] {
		prefix++
	}
	suffix := 0
	for suffix < len(from)-prefix && suffix < len(to)-prefix && from[len(from)-1-suffix] == to[len(to)-1-suffix] {
		suffix++
	}
	middle := hex.EncodeToString(to[prefix : len(to)-suffix])
	return testCase{base, prefix, suffix, middle, change, verdict}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "constants" {
		printConstants()
		return
	}
	sdk.GetConfig().SetBech32PrefixForAccount("depin", "depinpub")
	sdk.GetConfig().SetBech32PrefixForValidator("depinvaloper", "depinvaloperpub")
	cdc := codec.NewProtoCodec(newRegistry())
	decode := authtx.DefaultTxDecoder(cdc)
	r := rand.New(rand.NewSource(7))
	var texts []string
	var cases []testCase
	all := bases()
	for i, base := range all {
		texts = append(texts, hex.EncodeToString(base))
		cases = append(cases, caseOf(i, base, base, "nothing", verdictOf(decode, base)))
	}
	for _, m := range mutations {
		for made, tries := 0, 0; made < perMutation && tries < 40*perMutation; tries++ {
			i := r.Intn(len(all))
			changed := mutate(r, all[i], m)
			if changed == nil || bytes.Equal(changed, all[i]) {
				continue
			}
			cases = append(cases, caseOf(i, all[i], changed, m.name, verdictOf(decode, changed)))
			made++
		}
	}
	check(print(texts, cases))
}

// print writes a case a line.
func print(bases []string, cases []testCase) error {
	head, err := json.Marshal(bases)
	if err != nil {
		return err
	}
	lines := make([][]byte, len(cases))
	for i, each := range cases {
		if lines[i], err = json.Marshal(each); err != nil {
			return err
		}
	}
	_, err = fmt.Printf("{\"bases\":%s,\"cases\":[\n%s\n]}\n", head, bytes.Join(lines, []byte(",\n")))
	return err
}
