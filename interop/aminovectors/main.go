// Prints what accounts sign in SIGN_MODE_LEGACY_AMINO_JSON as the Cosmos SDK v0.50 builds it (cosmossdk.io/x/tx),
// and addresses of multisig keys.
//
//	go run ./aminovectors > ../chain/app/amino/vectors/amino.json
//
// Run in interop/: depind's descriptors come from buf.
package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"

	bank "cosmossdk.io/api/cosmos/bank/v1beta1"
	base "cosmossdk.io/api/cosmos/base/v1beta1"
	"cosmossdk.io/api/cosmos/crypto/ed25519"
	apimultisig "cosmossdk.io/api/cosmos/crypto/multisig"
	apisecp256k1 "cosmossdk.io/api/cosmos/crypto/secp256k1"
	feegrant "cosmossdk.io/api/cosmos/feegrant/v1beta1"
	staking "cosmossdk.io/api/cosmos/staking/v1beta1"
	tx "cosmossdk.io/api/cosmos/tx/v1beta1"
	"cosmossdk.io/x/tx/signing"
	"cosmossdk.io/x/tx/signing/aminojson"
	"github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	gogoproto "github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const (
	buf   = "../node_modules/@bufbuild/buf-linux-x64/bin/buf"
	alice = "depin1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5x4xvtd"
	bob   = "depin1zg69v7ys40x77y352eufp27daufrg4nc8h2phw"
	valop = "depinvaloper1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5rpnkhn"
)

type signDoc struct {
	Name      string `json:"name"`
	Body      string `json:"body"`
	AuthInfo  string `json:"authInfo"`
	ChainID   string `json:"chainId"`
	Number    uint64 `json:"accountNumber"`
	Sequence  uint64 `json:"sequence"`
	SignBytes string `json:"signBytes"`
}

type multisigKey struct {
	Threshold int      `json:"threshold"`
	Keys      []string `json:"keys"`
	Any       string   `json:"any"`
	Address   string   `json:"address"`
	Nested    string   `json:"nested"`
	Outer     string   `json:"nestedAddress"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func filled(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }

func pack(m proto.Message) *anypb.Any {
	value := must(proto.MarshalOptions{Deterministic: true}.Marshal(m))
	return &anypb.Any{TypeUrl: "/" + string(m.ProtoReflect().Descriptor().FullName()), Value: value}
}

func coin(amount string) *base.Coin { return &base.Coin{Denom: "udepin", Amount: amount} }

func depindFiles() *protoregistry.Files {
	command := exec.Command(buf, "build", "..", "--as-file-descriptor-set", "--path", "../proto/depin", "-o", "-")
	command.Stderr = os.Stderr
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(must(command.Output()), &set); err != nil {
		panic(err)
	}
	return must(protodesc.NewFiles(&set))
}

// resolver knows the SDK's messages and depind's.
type resolver struct{ own *protoregistry.Files }

func (r resolver) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if found, err := gogoproto.HybridResolver.FindFileByPath(path); err == nil {
		return found, nil
	}
	return r.own.FindFileByPath(path)
}

func (r resolver) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	if found, err := gogoproto.HybridResolver.FindDescriptorByName(name); err == nil {
		return found, nil
	}
	return r.own.FindDescriptorByName(name)
}

func (r resolver) RangeFiles(visit func(protoreflect.FileDescriptor) bool) {
	gogoproto.HybridResolver.RangeFiles(visit)
}

func own(files *protoregistry.Files, name, text string) *anypb.Any {
	descriptor := must(files.FindDescriptorByName(protoreflect.FullName(name)))
	message := dynamicpb.NewMessage(descriptor.(protoreflect.MessageDescriptor))
	if err := protojson.Unmarshal([]byte(text), message); err != nil {
		panic(err)
	}
	return pack(message)
}

func main() {
	files := depindFiles()
	handler := aminojson.NewSignModeHandler(aminojson.SignModeHandlerOptions{FileResolver: resolver{files}})
	var docs []signDoc
	add := func(name string, body *tx.TxBody, fee *tx.Fee, number, sequence uint64) {
		authInfo := &tx.AuthInfo{Fee: fee}
		bodyBytes := must(proto.Marshal(body))
		signBytes := must(handler.GetSignBytes(context.Background(),
			signing.SignerData{Address: alice, ChainID: "depin-test-1", AccountNumber: number, Sequence: sequence},
			signing.TxData{Body: body, AuthInfo: authInfo, BodyBytes: bodyBytes}))
		docs = append(docs, signDoc{name, hex.EncodeToString(bodyBytes),
			hex.EncodeToString(must(proto.Marshal(authInfo))), "depin-test-1", number, sequence, string(signBytes)})
	}
	fee := &tx.Fee{Amount: []*base.Coin{coin("5000")}, GasLimit: 200_000}
	one := func(name string, message *anypb.Any) {
		add(name, &tx.TxBody{Messages: []*anypb.Any{message}}, fee, 7, 3)
	}
	send := pack(&bank.MsgSend{FromAddress: alice, ToAddress: bob, Amount: []*base.Coin{coin("12"), {Denom: "ibc/AB", Amount: ""}}})
	add("a whole document", &tx.TxBody{
		Messages: []*anypb.Any{send, send}, Memo: "<a> & \"b\" \\ \u2028 \u2029 \x00\b\f\n\r\t\x1f\x7f é 😀", TimeoutHeight: 1 << 63,
	}, &tx.Fee{Amount: []*base.Coin{coin("1")}, GasLimit: 1<<64 - 1, Payer: bob, Granter: alice}, 1<<64-1, 0)
	add("no fee and no amount", &tx.TxBody{Messages: []*anypb.Any{pack(&bank.MsgSend{})}}, &tx.Fee{}, 0, 0)
	one("MsgMultiSend", pack(&bank.MsgMultiSend{
		Inputs:  []*bank.Input{{Address: alice, Coins: []*base.Coin{coin("5")}}},
		Outputs: []*bank.Output{{Address: bob}},
	}))
	one("MsgMultiSend of nothing", pack(&bank.MsgMultiSend{}))
	one("MsgSetSendEnabled", pack(&bank.MsgSetSendEnabled{Authority: alice,
		SendEnabled: []*bank.SendEnabled{{Denom: "a", Enabled: true}, {Denom: "b"}}, UseDefaultFor: []string{"c", "d"}}))
	one("bank MsgUpdateParams", pack(&bank.MsgUpdateParams{Authority: alice, Params: &bank.Params{DefaultSendEnabled: true}}))
	one("MsgDelegate", pack(&staking.MsgDelegate{DelegatorAddress: alice, ValidatorAddress: valop, Amount: coin("100")}))
	one("MsgDelegate of an empty coin", pack(&staking.MsgDelegate{DelegatorAddress: alice, Amount: &base.Coin{}}))
	one("MsgUndelegate", pack(&staking.MsgUndelegate{DelegatorAddress: alice, ValidatorAddress: valop, Amount: coin("100")}))
	one("MsgBeginRedelegate", pack(&staking.MsgBeginRedelegate{DelegatorAddress: alice, ValidatorSrcAddress: valop, ValidatorDstAddress: valop, Amount: coin("1")}))
	one("MsgCancelUnbondingDelegation", pack(&staking.MsgCancelUnbondingDelegation{DelegatorAddress: alice, ValidatorAddress: valop, Amount: coin("1"), CreationHeight: 9}))
	create := func(pubkey proto.Message) *anypb.Any {
		return pack(&staking.MsgCreateValidator{
			Description:       &staking.Description{Moniker: "node <0>", SecurityContact: "a@b"},
			Commission:        &staking.CommissionRates{Rate: "100000000000000000", MaxRate: "1000000000000000001", MaxChangeRate: ""},
			MinSelfDelegation: "1", ValidatorAddress: valop, Pubkey: pack(pubkey), Value: coin("1000000"),
		})
	}
	one("MsgCreateValidator", create(&ed25519.PubKey{Key: filled(7, 32)}))
	one("MsgCreateValidator with an empty key", create(&ed25519.PubKey{}))
	one("MsgCreateValidator with a multisig key", create(&apimultisig.LegacyAminoPubKey{Threshold: 2,
		PublicKeys: []*anypb.Any{pack(&apisecp256k1.PubKey{Key: filled(2, 33)}), pack(&apisecp256k1.PubKey{Key: filled(3, 33)})}}))
	one("MsgEditValidator", pack(&staking.MsgEditValidator{Description: &staking.Description{}, ValidatorAddress: valop, CommissionRate: "50000000000000000"}))
	grant := func(allowance proto.Message) *anypb.Any {
		return pack(&feegrant.MsgGrantAllowance{Granter: alice, Grantee: bob, Allowance: pack(allowance)})
	}
	until := &timestamppb.Timestamp{Seconds: 1_700_000_000, Nanos: 120_000_000}
	basic := &feegrant.BasicAllowance{SpendLimit: []*base.Coin{coin("5")}, Expiration: until}
	one("MsgGrantAllowance", grant(basic))
	one("MsgGrantAllowance without a limit", grant(&feegrant.BasicAllowance{}))
	one("MsgGrantAllowance by period", grant(&feegrant.PeriodicAllowance{
		Basic: basic, Period: &durationpb.Duration{Seconds: 90, Nanos: 5}, PeriodReset: &timestamppb.Timestamp{Seconds: 5},
		PeriodSpendLimit: []*base.Coin{coin("1")},
	}))
	one("MsgGrantAllowance for messages", grant(&feegrant.AllowedMsgAllowance{
		Allowance: pack(basic), AllowedMessages: []string{"/cosmos.bank.v1beta1.MsgSend"},
	}))
	one("MsgRevokeAllowance", pack(&feegrant.MsgRevokeAllowance{Granter: alice, Grantee: bob}))
	one("MsgPruneAllowances", pack(&feegrant.MsgPruneAllowances{Pruner: alice}))
	one("RegisterDevice", own(files, "depin.devices.v1.MsgRegisterDevice", `{"owner":"`+alice+`","keyType":1,"publicKey":"BwcH","signature":"/+8="}`))
	one("RegisterDevice of nothing", own(files, "depin.devices.v1.MsgRegisterDevice", `{"owner":"`+alice+`"}`))
	one("SubmitReports", own(files, "depin.devices.v1.MsgSubmitReports", `{"submitter":"`+alice+`","reports":[{"deviceId":"ab","sequence":"18446744073709551615","timeMs":"1700000000000","kind":2,"payload":"AQID","signature":"BAU="},{}]}`))
	one("CreateOrder", own(files, "depin.compute.v1.MsgCreateOrder", `{"tenant":"`+alice+`","gpuModel":"a","gpuCount":2,"maxPricePerHour":"15","deposit":{"denom":"udepin","amount":"9"}}`))
	one("BuyCredits", own(files, "depin.credits.v1.MsgBuyCredits", `{"buyer":"`+alice+`","amount":{"denom":"udepin","amount":"9"},"minCredits":"4"}`))
	one("AssertLocation", own(files, "depin.coverage.v1.MsgAssertLocation", `{"owner":"`+alice+`","deviceId":"ab","cell":"8c","gain":12,"elevationM":-500}`))
	one("PayData", own(files, "depin.coverage.v1.MsgPayData", `{"payer":"`+alice+`","transfers":[{"deviceId":"ab","bytes":"24"}]}`))

	out := struct {
		Docs []signDoc     `json:"documents"`
		Keys []multisigKey `json:"multisigKeys"`
	}{docs, []multisigKey{keyOf(1, 1), keyOf(2, 3), keyOf(5, 7)}}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}

func keyOf(threshold, count int) multisigKey {
	var keys []cryptotypes.PubKey
	var texts []string
	for i := range count {
		key := secp256k1.GenPrivKeyFromSecret([]byte{byte(i)}).PubKey()
		keys = append(keys, key)
		texts = append(texts, hex.EncodeToString(key.Bytes()))
	}
	key := multisig.NewLegacyAminoPubKey(threshold, keys)
	nested := multisig.NewLegacyAminoPubKey(2, []cryptotypes.PubKey{key, keys[0]})
	return multisigKey{threshold, texts, hex.EncodeToString(must(key.Marshal())), hex.EncodeToString(key.Address()),
		hex.EncodeToString(must(nested.Marshal())), hex.EncodeToString(nested.Address())}
}
