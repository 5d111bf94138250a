package main

import (
	"encoding/json"
	"fmt"
	"os"

	errorsmod "cosmossdk.io/errors"
	storetypes "cosmossdk.io/store/types"
	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// printConstants prints what transactions cost and which codes their errors have.
func printConstants() {
	gas := storetypes.KVGasConfig()
	params := authtypes.DefaultParams()
	codes := map[string]any{}
	for _, err := range []*errorsmod.Error{
		sdkerrors.ErrTxDecode, sdkerrors.ErrInvalidSequence, sdkerrors.ErrUnauthorized, sdkerrors.ErrInsufficientFunds,
		sdkerrors.ErrUnknownRequest, sdkerrors.ErrInvalidAddress, sdkerrors.ErrInvalidPubKey, sdkerrors.ErrUnknownAddress,
		sdkerrors.ErrInvalidCoins, sdkerrors.ErrOutOfGas, sdkerrors.ErrMemoTooLarge, sdkerrors.ErrInsufficientFee,
		sdkerrors.ErrTooManySignatures, sdkerrors.ErrNoSignatures, sdkerrors.ErrInvalidRequest, sdkerrors.ErrMempoolIsFull,
		sdkerrors.ErrTxTooLarge, sdkerrors.ErrKeyNotFound, sdkerrors.ErrorInvalidSigner, sdkerrors.ErrInvalidHeight,
		sdkerrors.ErrTxTimeoutHeight, sdkerrors.ErrUnknownExtensionOptions, sdkerrors.ErrWrongSequence,
		sdkerrors.ErrUnpackAny, sdkerrors.ErrNotSupported, sdkerrors.ErrNotFound, sdkerrors.ErrInvalidGasLimit,
		feegrant.ErrFeeLimitExceeded, feegrant.ErrFeeLimitExpired, feegrant.ErrInvalidDuration, feegrant.ErrNoAllowance,
		feegrant.ErrNoMessages, feegrant.ErrMessageNotAllowed,
	} {
		codes[fmt.Sprintf("%s/%d", err.Codespace(), err.ABCICode())] = err.Error()
	}
	out := map[string]any{
		"kvGas": map[string]uint64{
			"has": gas.HasCost, "delete": gas.DeleteCost, "readFlat": gas.ReadCostFlat, "readPerByte": gas.ReadCostPerByte,
			"writeFlat": gas.WriteCostFlat, "writePerByte": gas.WriteCostPerByte, "iterateNextFlat": gas.IterNextCostFlat,
		},
		"auth": map[string]uint64{
			"maxMemoCharacters": params.MaxMemoCharacters, "txSigLimit": params.TxSigLimit,
			"txSizeCostPerByte": params.TxSizeCostPerByte, "sigVerifyCostEd25519": params.SigVerifyCostED25519,
			"sigVerifyCostSecp256k1": params.SigVerifyCostSecp256k1, "sigVerifyCostSecp256r1": params.SigVerifyCostSecp256r1(),
		},
		"maxGas":       fmt.Sprint(txtypes.MaxGasWanted),
		"anyDepth":     codectypes.MaxUnpackAnyRecursionDepth,
		"anysInOne":    codectypes.MaxUnpackAnySubCalls,
		"denom":        sdk.DefaultCoinDenomRegex(),
		"errors":       codes,
		"feeCollector": authtypes.FeeCollectorName,
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	check(encoder.Encode(out))
}
