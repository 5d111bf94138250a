package main

import (
	"crypto/sha256"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/types/bech32"
)

// addressed is an address of a key or a module name, raw and as text.
type addressed struct {
	Of      string `json:"of"`
	Input   []byte `json:"input"`
	Address []byte `json:"address"`
	Prefix  string `json:"prefix"`
	Text    string `json:"text"`
}

func addressVectors() any {
	out := []addressed{}
	add := func(of string, input, address []byte, prefix string) {
		out = append(out, addressed{of, input, address, prefix, must(bech32.ConvertAndEncode(prefix, address))})
	}
	for _, secret := range []string{"one", "two", "three"} {
		edKey := ed25519.GenPrivKeyFromSecret([]byte(secret)).PubKey()
		add("ed25519", edKey.Bytes(), edKey.Address(), "depinvalcons")
		key := secp256k1.GenPrivKeyFromSecret([]byte(secret)).PubKey()
		add("secp256k1", key.Bytes(), key.Address(), "depin")
	}
	p256 := p256Curve().key
	add("p256", p256, must(p256Key(p256)).Address(), "depin")
	for _, name := range []string{"bonded_tokens_pool", "fee_collector", "devices"} {
		add("module", []byte(name), crypto.AddressHash([]byte(name)), "cosmos")
	}
	long := sha256.Sum256([]byte("contract"))
	add("raw", long[:], long[:], "depinvaloper")
	return out
}
