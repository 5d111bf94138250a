package main

import (
	"context"
	"time"

	"cosmossdk.io/math"
	txsigning "cosmossdk.io/x/tx/signing"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	sign "github.com/cosmos/cosmos-sdk/types/tx/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/gogoproto/proto"
)

var start = time.Unix(1_700_000_002, 0).UTC()

const (
	direct = sign.SignMode_SIGN_MODE_DIRECT
	amino  = sign.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	limit  = 10 * time.Minute
)

// A testCase is one transaction of a block.
type testCase struct {
	name    string
	signers []int
	// Of the block's time; nil is no timeout.
	timeout *time.Duration
	change  func(d *draft)
	// The same bytes as an earlier one, by its name.
	again string
	// What it did is not kept: depind refuses it, and the rest can be compared all the same.
	dropped bool
}

type step struct {
	at    time.Duration
	cases []testCase
}

// draft is a transaction before it is signed.
type draft struct {
	body    *txtypes.TxBody
	info    *txtypes.AuthInfo
	signers []int
	mode    sign.SignMode
}

type script struct {
	w    *world
	sent map[string][]byte
}

func after(d time.Duration) *time.Duration { return &d }

func with(changes ...func(d *draft)) func(d *draft) {
	return func(d *draft) {
		for _, change := range changes {
			change(d)
		}
	}
}

func ordered(d *draft) { d.body.Unordered = false }

func inAmino(d *draft) { d.mode = amino }

func at(t time.Time) func(d *draft) {
	return func(d *draft) { d.body.TimeoutTimestamp = &t }
}

func sequences(of ...uint64) func(d *draft) {
	return func(d *draft) {
		for i, sequence := range of {
			d.info.SignerInfos[i].Sequence = sequence
		}
	}
}

func timeoutHeight(height uint64) func(d *draft) {
	return func(d *draft) { d.body.TimeoutHeight = height }
}

func memo(text string) func(d *draft) {
	return func(d *draft) { d.body.Memo = text }
}

// paidBy lets another account pay, which signs behind the others.
func paidBy(i int) func(d *draft) {
	return func(d *draft) { d.signers = append(d.signers, i) }
}

func gas(limit uint64) func(d *draft) {
	return func(d *draft) { d.info.Fee.GasLimit = limit }
}

func noKey(d *draft) { d.info.SignerInfos[0].PublicKey = nil }

var one = []int{0}

// steps are the blocks. Times are those since the first one.
var steps = []step{
	{0, []testCase{
		{name: "a first one", signers: one, timeout: after(time.Minute)},
		{name: "the same again", again: "a first one"},
		{name: "the same timeout in another", signers: one, timeout: after(time.Minute), change: memo("other")},
		{name: "a nanosecond later", signers: one, timeout: after(time.Minute + 1)},
		{name: "another account", signers: []int{1}, timeout: after(time.Minute)},
		{name: "without its key, which is not known", signers: []int{2}, timeout: after(time.Minute), change: noKey},
		{name: "no timeout", signers: one},
		{name: "no timeout, sequence 1", signers: one, change: sequences(1)},
		{name: "a timeout at the epoch", signers: one, change: at(time.Unix(0, 0).UTC())},
		{name: "a timeout in the first second of 1970", signers: one, change: at(time.Unix(0, 5).UTC())},
		{name: "a timeout in the second second of 1970", signers: one, change: at(time.Unix(1, 0).UTC())},
		{name: "a timeout before 1970", signers: one, change: at(time.Unix(-1, 0).UTC())},
		{name: "the zero time of Go", signers: one, change: at(time.Time{})},
		{name: "a timeout in 9999", signers: one, change: at(time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC))},
		{name: "a timeout of now", signers: one, timeout: after(0)},
		{name: "a timeout a nanosecond ago", signers: one, timeout: after(-1)},
		{name: "the furthest timeout", signers: one, timeout: after(limit)},
		{name: "a timeout a nanosecond too far", signers: one, timeout: after(limit + 1)},
		{name: "sequence 1", signers: one, timeout: after(2 * time.Minute), change: sequences(1)},
		{name: "the same with sequence 0", signers: one, timeout: after(2 * time.Minute), change: sequences(0)},
		{name: "ordered", signers: one, change: ordered},
		{name: "ordered with a timeout of now", signers: one, timeout: after(0), change: ordered},
		{name: "ordered with a timeout a nanosecond ago", signers: one, timeout: after(-1), change: ordered},
		{name: "ordered with a timeout beyond the furthest", signers: one, timeout: after(limit + 1), change: ordered},
		{name: "ordered with the first second of 1970", signers: one, change: with(ordered, at(time.Unix(0, 5).UTC()))},
		{name: "ordered with the second second of 1970", signers: one, change: with(ordered, at(time.Unix(1, 0).UTC()))},
		{name: "sequence 0 behind ordered ones", signers: one, timeout: after(3 * time.Minute)},
		{name: "the account's sequence", signers: one, timeout: after(3*time.Minute + 1), change: sequences(4)},
		{name: "a timeout height behind", signers: one, timeout: after(4 * time.Minute), change: timeoutHeight(1)},
		{name: "a timeout height of now", signers: one, timeout: after(4 * time.Minute), change: timeoutHeight(2)},
		{name: "too little gas", signers: one, timeout: after(5 * time.Minute), change: gas(8_000)},
		{name: "the same with enough gas", signers: one, timeout: after(5 * time.Minute)},
	}},
	{time.Second, []testCase{
		{name: "the first one again", again: "a first one"},
		{name: "in amino JSON", signers: one, timeout: after(time.Minute), change: inAmino},
		{name: "in amino JSON with sequence 4", signers: one, timeout: after(time.Minute + 1), change: with(inAmino, sequences(4))},
		{name: "in amino JSON without a timeout", signers: one, change: inAmino},
		{name: "in amino JSON of a first account", signers: []int{3}, timeout: after(time.Minute), change: inAmino},
		{name: "two signers", signers: []int{1, 2}, timeout: after(2 * time.Minute)},
		{name: "the first of two alone", signers: []int{1}, timeout: after(2 * time.Minute)},
		{name: "the second of two alone", signers: []int{2}, timeout: after(2 * time.Minute)},
		{name: "one of two has used it", signers: []int{3, 2}, timeout: after(2 * time.Minute)},
		{name: "the other of two has not", signers: []int{3}, timeout: after(2 * time.Minute)},
		{name: "two signers, the second with a sequence", signers: []int{1, 2}, timeout: after(3 * time.Minute), change: sequences(0, 1)},
		{name: "two signers without", signers: []int{1, 2}, timeout: after(3 * time.Minute)},
		{name: "another pays", signers: []int{1}, timeout: after(4 * time.Minute), change: paidBy(4)},
		{name: "who paid uses the timeout", signers: []int{4}, timeout: after(4 * time.Minute)},
		{name: "five signers", signers: []int{0, 1, 2, 3, 4}, timeout: after(5 * time.Minute)},
		{name: "an ordered one of two, one of which is new to it", signers: []int{1, 2}, change: ordered},
		{name: "runs out in two seconds", signers: one, timeout: after(2 * time.Second)},
		{name: "runs out a nanosecond later", signers: one, timeout: after(2*time.Second + 1)},
	}},
	{2 * time.Second, []testCase{
		{name: "before it runs out", again: "runs out in two seconds"},
	}},
	{3*time.Second - 1, []testCase{
		{name: "a nanosecond before it runs out", again: "runs out in two seconds"},
	}},
	{3 * time.Second, []testCase{
		{name: "at its very timeout", again: "runs out in two seconds", dropped: true},
		{name: "a nanosecond before the other runs out", again: "runs out a nanosecond later"},
	}},
	{3*time.Second + 1, []testCase{
		{name: "a nanosecond after it ran out", again: "runs out in two seconds"},
	}},
	{61 * time.Second, []testCase{
		{name: "after a minute and a second", again: "a first one"},
		{name: "the furthest from here", signers: []int{2}, timeout: after(limit)},
	}},
	{20 * time.Minute, []testCase{
		{name: "after all has run out", signers: one, timeout: after(time.Minute)},
		{name: "the furthest again", again: "the furthest from here"},
	}},
}

func (s *script) make(now time.Time, c testCase) []byte {
	if c.again != "" {
		return s.sent[c.again]
	}
	d := s.draft(c.signers)
	if c.timeout != nil {
		timeout := now.Add(*c.timeout)
		d.body.TimeoutTimestamp = &timeout
	}
	if c.change != nil {
		c.change(d)
	}
	b := s.sign(d)
	s.sent[c.name] = b
	return b
}

func (s *script) draft(signers []int) *draft {
	d := &draft{body: &txtypes.TxBody{Unordered: true}, signers: signers, mode: direct,
		info: &txtypes.AuthInfo{Fee: &txtypes.Fee{Amount: sdk.NewCoins(sdk.NewInt64Coin("udepin", 5000)), GasLimit: 900_000}}}
	for _, i := range signers {
		packed := must(codectypes.NewAnyWithValue(&banktypes.MsgSend{FromAddress: s.w.addressOf(i).String(), ToAddress: s.w.addressOf(0).String(),
			Amount: sdk.Coins{{Denom: "udepin", Amount: math.NewInt(1e18)}}}))
		d.body.Messages = append(d.body.Messages, packed)
		d.info.SignerInfos = append(d.info.SignerInfos, s.infoOf(i))
	}
	return d
}

func (s *script) infoOf(i int) *txtypes.SignerInfo {
	return &txtypes.SignerInfo{PublicKey: must(codectypes.NewAnyWithValue(s.w.keys[i].PubKey()))}
}

func (s *script) sign(d *draft) []byte {
	if len(d.signers) > len(d.info.SignerInfos) {
		payer := d.signers[len(d.signers)-1]
		d.info.Fee.Payer = s.w.addressOf(payer).String()
		d.info.SignerInfos = append(d.info.SignerInfos, s.infoOf(payer))
	}
	for i, info := range d.info.SignerInfos {
		info.ModeInfo = &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: d.mode}}}
		if !d.body.Unordered {
			info.Sequence = s.w.account(d.signers[i]).GetSequence()
		}
	}
	raw := &txtypes.TxRaw{BodyBytes: must(proto.Marshal(d.body)), AuthInfoBytes: must(proto.Marshal(d.info))}
	for n, i := range d.signers {
		raw.Signatures = append(raw.Signatures, must(s.w.keys[i].Sign(s.signBytes(d, raw, n))))
	}
	return must(proto.Marshal(raw))
}

func (s *script) signBytes(d *draft, raw *txtypes.TxRaw, n int) []byte {
	account := s.w.account(d.signers[n])
	if d.mode == direct {
		return must(proto.Marshal(&txtypes.SignDoc{BodyBytes: raw.BodyBytes, AuthInfoBytes: raw.AuthInfoBytes, ChainId: chainID,
			AccountNumber: account.GetAccountNumber()}))
	}
	unsigned := must(proto.Marshal(&txtypes.TxRaw{BodyBytes: raw.BodyBytes, AuthInfoBytes: raw.AuthInfoBytes}))
	decoded := must(s.w.decode(unsigned)).(interface{ GetSigningTxData() txsigning.TxData })
	handlers := authtx.NewTxConfig(s.w.codec, authtx.DefaultSignModes).SignModeHandler()
	return must(handlers.GetSignBytes(context.Background(), 127,
		txsigning.SignerData{Address: account.GetAddress().String(), ChainID: chainID, AccountNumber: account.GetAccountNumber(),
			Sequence: d.info.SignerInfos[n].Sequence},
		decoded.GetSigningTxData()))
}
