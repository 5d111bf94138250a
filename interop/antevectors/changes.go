package main

import (
	"bytes"
	"math/big"
	"strings"

	"cosmossdk.io/math"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	sign "github.com/cosmos/cosmos-sdk/types/tx/signing"
)

// A change makes a good transaction wrong in one way, or in none.
type change struct {
	name    string
	signers []int
	apply   func(w *world, d *draft)
}

var order, _ = new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)

func fee(coins ...sdk.Coin) func(*world, *draft) {
	return func(_ *world, d *draft) { d.info.Fee.Amount = coins }
}

func coin(denom string, amount int64) sdk.Coin {
	return sdk.Coin{Denom: denom, Amount: math.NewInt(amount)}
}

// paidBy lets another account pay, which signs behind the others.
func paidBy(i int, grantedBy int) func(*world, *draft) {
	return func(w *world, d *draft) {
		if i >= 0 {
			d.info.Fee.Payer = w.addressOf(i).String()
			d.signers = append(d.signers, i)
			d.info.SignerInfos = append(d.info.SignerInfos, w.infoOf(i))
		}
		if grantedBy >= 0 {
			d.info.Fee.Granter = w.addressOf(grantedBy).String()
		}
	}
}

func firstSignature(of func([]byte) []byte) func(*world, *draft) {
	return func(_ *world, d *draft) {
		d.signatures = func(s [][]byte) [][]byte {
			s[0] = of(s[0])
			return s
		}
	}
}

func withMode(mode sign.SignMode) func(*world, *draft) {
	return func(_ *world, d *draft) { d.mode = mode }
}

var changes = []change{
	{"nothing", nil, func(*world, *draft) {}},
	{"nothing, in direct mode", nil, withMode(sign.SignMode_SIGN_MODE_DIRECT)},
	{"nothing, in amino JSON", nil, withMode(sign.SignMode_SIGN_MODE_LEGACY_AMINO_JSON)},
	{"no public key", nil, func(_ *world, d *draft) { d.info.SignerInfos[0].PublicKey = nil }},
	{"another's public key", []int{1}, func(w *world, d *draft) {
		d.info.SignerInfos[0] = w.infoOf(2)
		d.info.SignerInfos[0].Sequence = w.sequence(1)
	}},
	{"a later sequence", nil, func(_ *world, d *draft) { d.info.SignerInfos[0].Sequence++ }},
	{"an earlier sequence", []int{3}, func(_ *world, d *draft) { d.info.SignerInfos[0].Sequence-- }},
	{"another chain", nil, func(_ *world, d *draft) { d.chainID = "other-1" }},
	{"another account number", nil, func(_ *world, d *draft) { d.number = 1 }},
	{"textual mode", nil, withMode(sign.SignMode_SIGN_MODE_TEXTUAL)},
	{"no mode", nil, withMode(sign.SignMode_SIGN_MODE_UNSPECIFIED)},
	{"no fee coins", nil, fee()},
	{"a fee of zero", nil, fee(coin("udepin", 0))},
	{"two fees of zero", nil, fee(coin("uz9", 0), coin("udepin", 0))},
	{"a fee of zero beside another", nil, fee(coin("udepin", 5), coin("uz9", 0))},
	{"a negative fee", nil, fee(coin("udepin", -5))},
	{"a fee twice", nil, fee(coin("udepin", 5), coin("udepin", 5))},
	{"fees out of order", nil, fee(coin("uz9", 5), coin("udepin", 5))},
	{"a fee of another denomination", nil, fee(coin("uother", 5))},
	{"a fee of a denomination that is none", nil, fee(coin("u", 5))},
	{"a fee that nobody has", nil, fee(coin("udepin", rich+1))},
	{"no gas", nil, func(_ *world, d *draft) { d.info.Fee.GasLimit = 0 }},
	{"too little gas", nil, func(_ *world, d *draft) { d.info.Fee.GasLimit = 900 }},
	{"too much gas", nil, func(_ *world, d *draft) { d.info.Fee.GasLimit = 1 << 63 }},
	{"the most gas", nil, func(_ *world, d *draft) { d.info.Fee.GasLimit = 1<<63 - 1 }},
	{"the longest memo", nil, func(_ *world, d *draft) { d.body.Memo = strings.Repeat("é", 128) }},
	{"a memo too long", nil, func(_ *world, d *draft) { d.body.Memo = strings.Repeat("é", 128) + "x" }},
	{"a timeout now", nil, func(_ *world, d *draft) { d.body.TimeoutHeight = 2 }},
	{"a timeout before", nil, func(_ *world, d *draft) { d.body.TimeoutHeight = 1 }},
	{"no messages", nil, func(_ *world, d *draft) { d.body.Messages = nil }},
	{"another pays", []int{3}, paidBy(4, -1)},
	{"who pays has nothing", []int{3}, paidBy(8, -1)},
	{"who pays is the signer", []int{3}, func(w *world, d *draft) { d.info.Fee.Payer = w.addressOf(3).String() }},
	{"who pays is the signer, in capitals", []int{3}, func(w *world, d *draft) { d.info.Fee.Payer = strings.ToUpper(w.addressOf(3).String()) }},
	{"who pays does not sign", []int{3}, func(w *world, d *draft) { d.info.Fee.Payer = w.addressOf(4).String() }},
	{"who pays is none", []int{3}, func(_ *world, d *draft) { d.info.Fee.Payer = "depin1x" }},
	{"a grant", []int{1}, paidBy(-1, 0)},
	{"a grant to who pays", []int{3}, paidBy(1, 0)},
	{"a grant for other messages", []int{2}, paidBy(-1, 0)},
	{"a grant that is none", []int{3}, paidBy(-1, 0)},
	{"a grant by oneself", []int{3}, paidBy(-1, 3)},
	{"no granter's address", []int{3}, func(_ *world, d *draft) { d.info.Fee.Granter = "depin1x" }},
	{"an ed25519 key", []int{7}, func(*world, *draft) {}},
	{"an account without coins", []int{8}, func(*world, *draft) {}},
	{"an account without coins that pays nothing", []int{8}, fee()},
	{"no account", []int{9}, func(*world, *draft) {}},
	{"no account that pays nothing", []int{9}, fee()},
	{"seven signers", []int{0, 1, 2, 3, 4, 5, 6}, func(*world, *draft) {}},
	{"eight signers", []int{0, 1, 2, 3, 4, 5, 6, 8}, func(*world, *draft) {}},
	{"signers in another order", []int{3, 4}, func(_ *world, d *draft) {
		d.signers[0], d.signers[1] = d.signers[1], d.signers[0]
		d.info.SignerInfos[0], d.info.SignerInfos[1] = d.info.SignerInfos[1], d.info.SignerInfos[0]
	}},
	{"one signature too many", nil, func(_ *world, d *draft) {
		d.signatures = func(s [][]byte) [][]byte { return append(s, s[0]) }
	}},
	{"one signer info too many", nil, func(w *world, d *draft) { d.info.SignerInfos = append(d.info.SignerInfos, w.infoOf(4)) }},
	{"one signer info too few", []int{3, 4}, func(_ *world, d *draft) { d.info.SignerInfos = d.info.SignerInfos[:1] }},
	{"no signatures", nil, func(_ *world, d *draft) { d.signatures = func([][]byte) [][]byte { return nil } }},
	{"an empty signature", nil, firstSignature(func([]byte) []byte { return []byte{} })},
	{"a cut signature", nil, firstSignature(func(s []byte) []byte { return s[:63] })},
	{"a longer signature", nil, firstSignature(func(s []byte) []byte { return append(s, 0) })},
	{"a signature of zeros", nil, firstSignature(func([]byte) []byte { return make([]byte, 64) })},
	{"a changed signature", nil, firstSignature(func(s []byte) []byte { c := bytes.Clone(s); c[9] ^= 1; return c })},
	{"a signature with high S", []int{3}, firstSignature(func(s []byte) []byte {
		high := new(big.Int).Sub(order, new(big.Int).SetBytes(s[32:]))
		return append(bytes.Clone(s[:32]), high.FillBytes(make([]byte, 32))...)
	})},
	{"an extension option", nil, func(_ *world, d *draft) { d.body.ExtensionOptions = []*codectypes.Any{d.body.Messages[0]} }},
	{"no fee", nil, func(_ *world, d *draft) { d.info.Fee = nil }},
	{"a tip", nil, func(w *world, d *draft) {
		d.info.Tip = &txtypes.Tip{Amount: sdk.Coins{coin("udepin", 5)}, Tipper: w.addressOf(4).String()} //nolint:staticcheck // still decoded
	}},
}
