/**
 * What Cosmos SDK v0.50 and CometBFT 0.38 added to the `.proto` texts published on npm, which are of SDK 0.46.
 * Field numbers and options are those of the v0.50 sources. A field given here replaces the older one of the
 * same number; a method given here replaces the older one of the same name.
 */

const SYNTAX = 'syntax = "proto3";';

const AUTH = `${SYNTAX}
package cosmos.auth.v1beta1;
message ModuleCredential { string module_name = 1; repeated bytes derivation_keys = 2; }
message QueryAccountInfoRequest { string address = 1; }
message QueryAccountInfoResponse { BaseAccount info = 1; }
message QueryAccountAddressByIDRequest { int64 id = 1; uint64 account_id = 2; }
message QueryAccountAddressByIDResponse { string account_address = 1; }
message QueryModuleAccountByNameRequest { string name = 1; }
message QueryModuleAccountByNameResponse { google.protobuf.Any account = 1; }
message MsgUpdateParams {
  option (cosmos.msg.v1.signer) = "authority";
  string authority = 1;
  Params params = 2 [(gogoproto.nullable) = false];
}
message MsgUpdateParamsResponse {}
service Msg { rpc UpdateParams(MsgUpdateParams) returns (MsgUpdateParamsResponse); }
service Query {
  /* Address, public key, number and sequence of an account of any type. */
  rpc AccountInfo(QueryAccountInfoRequest) returns (QueryAccountInfoResponse) {
    option (google.api.http).get = "/cosmos/auth/v1beta1/account_info/{address}";
  }
  /* Address of the account with a number. */
  rpc AccountAddressByID(QueryAccountAddressByIDRequest) returns (QueryAccountAddressByIDResponse) {
    option (google.api.http).get = "/cosmos/auth/v1beta1/address_by_id/{id}";
  }
  /* The account of a module. */
  rpc ModuleAccountByName(QueryModuleAccountByNameRequest) returns (QueryModuleAccountByNameResponse) {
    option (google.api.http).get = "/cosmos/auth/v1beta1/module_accounts/{name}";
  }
}`;

const BANK = `${SYNTAX}
package cosmos.bank.v1beta1;
message QueryAllBalancesRequest { bool resolve_denom = 3; }
message QuerySpendableBalanceByDenomRequest { string address = 1; string denom = 2; }
message QuerySpendableBalanceByDenomResponse { cosmos.base.v1beta1.Coin balance = 1; }
message QueryDenomMetadataByQueryStringRequest { string denom = 1; }
message QueryDenomMetadataByQueryStringResponse { Metadata metadata = 1 [(gogoproto.nullable) = false]; }
message QueryDenomOwnersByQueryRequest {
  string denom = 1;
  cosmos.base.query.v1beta1.PageRequest pagination = 2;
}
message QueryDenomOwnersByQueryResponse {
  repeated DenomOwner denom_owners = 1;
  cosmos.base.query.v1beta1.PageResponse pagination = 2;
}
message QuerySendEnabledRequest {
  repeated string denoms = 1;
  cosmos.base.query.v1beta1.PageRequest pagination = 99;
}
message QuerySendEnabledResponse {
  repeated SendEnabled send_enabled = 1;
  cosmos.base.query.v1beta1.PageResponse pagination = 99;
}
message GenesisState { repeated SendEnabled send_enabled = 5 [(gogoproto.nullable) = false]; }
message SendAuthorization { repeated string allow_list = 2; }
message MsgUpdateParams {
  option (cosmos.msg.v1.signer) = "authority";
  string authority = 1;
  Params params = 2 [(gogoproto.nullable) = false];
}
message MsgUpdateParamsResponse {}
message MsgSetSendEnabled {
  option (cosmos.msg.v1.signer) = "authority";
  string authority = 1;
  repeated SendEnabled send_enabled = 2;
  repeated string use_default_for = 3;
}
message MsgSetSendEnabledResponse {}
service Msg {
  rpc UpdateParams(MsgUpdateParams) returns (MsgUpdateParamsResponse);
  rpc SetSendEnabled(MsgSetSendEnabled) returns (MsgSetSendEnabledResponse);
}
service Query {
  /* What an account can spend of one denomination. */
  rpc SpendableBalanceByDenom(QuerySpendableBalanceByDenomRequest)
      returns (QuerySpendableBalanceByDenomResponse) {
    option (google.api.http).get = "/cosmos/bank/v1beta1/spendable_balances/{address}/by_denom";
  }
  /* Metadata of a denomination whose name holds slashes. */
  rpc DenomMetadataByQueryString(QueryDenomMetadataByQueryStringRequest)
      returns (QueryDenomMetadataByQueryStringResponse) {
    option (google.api.http).get = "/cosmos/bank/v1beta1/denoms_metadata_by_query_string";
  }
  /* Holders of a denomination whose name holds slashes. */
  rpc DenomOwnersByQuery(QueryDenomOwnersByQueryRequest) returns (QueryDenomOwnersByQueryResponse) {
    option (google.api.http).get = "/cosmos/bank/v1beta1/denom_owners_by_query";
  }
  /* Denominations with an entry that allows or forbids sending them. */
  rpc SendEnabled(QuerySendEnabledRequest) returns (QuerySendEnabledResponse) {
    option (google.api.http).get = "/cosmos/bank/v1beta1/send_enabled";
  }
}`;

const FEEGRANT = `${SYNTAX}
package cosmos.feegrant.v1beta1;
service Msg {
  /* Takes allowances that have ended out of the state, up to 75 of them. */
  rpc PruneAllowances(MsgPruneAllowances) returns (MsgPruneAllowancesResponse);
}`;

const STAKING = `${SYNTAX}
package cosmos.staking.v1beta1;
message Validator { int64 unbonding_on_hold_ref_count = 12; repeated uint64 unbonding_ids = 13; }
message UnbondingDelegationEntry { uint64 unbonding_id = 5; int64 unbonding_on_hold_ref_count = 6; }
message RedelegationEntry { uint64 unbonding_id = 5; int64 unbonding_on_hold_ref_count = 6; }
enum Infraction { INFRACTION_UNSPECIFIED = 0; INFRACTION_DOUBLE_SIGN = 1; INFRACTION_DOWNTIME = 2; }
message ValidatorUpdates { repeated tendermint.abci.ValidatorUpdate updates = 1 [(gogoproto.nullable) = false]; }
message MsgCreateValidator { option (cosmos.msg.v1.signer) = "validator_address"; }
message MsgUndelegateResponse { cosmos.base.v1beta1.Coin amount = 2 [(gogoproto.nullable) = false]; }
message MsgCancelUnbondingDelegation {
  option (cosmos.msg.v1.signer) = "delegator_address";
  string delegator_address = 1;
  string validator_address = 2;
  cosmos.base.v1beta1.Coin amount = 3 [(gogoproto.nullable) = false];
  int64 creation_height = 4;
}
message MsgCancelUnbondingDelegationResponse {}
message MsgUpdateParams {
  option (cosmos.msg.v1.signer) = "authority";
  string authority = 1;
  Params params = 2 [(gogoproto.nullable) = false];
}
message MsgUpdateParamsResponse {}
service Msg {
  rpc CancelUnbondingDelegation(MsgCancelUnbondingDelegation) returns (MsgCancelUnbondingDelegationResponse);
  rpc UpdateParams(MsgUpdateParams) returns (MsgUpdateParamsResponse);
}`;

const TX = `${SYNTAX}
package cosmos.tx.v1beta1;
message SignerInfo {
  /* May be left out once the account has a key. */
  google.protobuf.Any public_key = 1 [(cosmos_proto.accepts_interface) = "cosmos.crypto.PubKey"];
}
message TxBody {
  /* What is executed, in order, all or nothing. */
  repeated google.protobuf.Any messages = 1 [(cosmos_proto.accepts_interface) = "cosmos.base.v1beta1.Msg"];
  /* The sequences of the signers are neither checked nor used up; needs a timeout (SDK 0.53). */
  bool unordered = 4;
  /* Block time after which the transaction is void (SDK 0.53). */
  google.protobuf.Timestamp timeout_timestamp = 5 [(gogoproto.stdtime) = true];
  /* No chain of this kind knows any, so none is taken. */
  repeated google.protobuf.Any extension_options = 1023
    [(cosmos_proto.accepts_interface) = "cosmos.tx.v1beta1.TxExtensionOptionI"];
  /* As extension_options. */
  repeated google.protobuf.Any non_critical_extension_options = 2047
    [(cosmos_proto.accepts_interface) = "cosmos.tx.v1beta1.TxExtensionOptionI"];
}
message GetTxsEventRequest { uint64 page = 4; uint64 limit = 5; string query = 6; }
message GetTxsEventResponse { uint64 total = 4; }
message TxDecodeRequest { bytes tx_bytes = 1; }
message TxDecodeResponse { Tx tx = 1; }
message TxEncodeRequest { Tx tx = 1; }
message TxEncodeResponse { bytes tx_bytes = 1; }
service Service {
  /* JSON of transaction bytes. */
  rpc TxDecode(TxDecodeRequest) returns (TxDecodeResponse) {
    option (google.api.http) = { post: "/cosmos/tx/v1beta1/decode" body: "*" };
  }
  /* Bytes of a transaction given as JSON. */
  rpc TxEncode(TxEncodeRequest) returns (TxEncodeResponse) {
    option (google.api.http) = { post: "/cosmos/tx/v1beta1/encode" body: "*" };
  }
}`;

const MULTISIG = `${SYNTAX}
package cosmos.crypto.multisig;
message LegacyAminoPubKey {
  /* Keys of those who may sign, in the order in which they count. */
  repeated google.protobuf.Any public_keys = 2 [(cosmos_proto.accepts_interface) = "cosmos.crypto.PubKey"];
}`;

const COMET_SERVICE = `${SYNTAX}
package cosmos.base.tendermint.v1beta1;
message GetNodeInfoResponse { tendermint.p2p.DefaultNodeInfo default_node_info = 1; }
message GetBlockByHeightResponse { Block sdk_block = 3; }
message GetLatestBlockResponse { Block sdk_block = 3; }
message Block {
  Header header = 1 [(gogoproto.nullable) = false];
  tendermint.types.Data data = 2 [(gogoproto.nullable) = false];
  tendermint.types.EvidenceList evidence = 3 [(gogoproto.nullable) = false];
  tendermint.types.Commit last_commit = 4;
}
message Header {
  tendermint.version.Consensus version = 1 [(gogoproto.nullable) = false];
  string chain_id = 2;
  int64 height = 3;
  google.protobuf.Timestamp time = 4 [(gogoproto.nullable) = false, (gogoproto.stdtime) = true];
  tendermint.types.BlockID last_block_id = 5 [(gogoproto.nullable) = false];
  bytes last_commit_hash = 6;
  bytes data_hash = 7;
  bytes validators_hash = 8;
  bytes next_validators_hash = 9;
  bytes consensus_hash = 10;
  bytes app_hash = 11;
  bytes last_results_hash = 12;
  bytes evidence_hash = 13;
  string proposer_address = 14;
}
message ABCIQueryRequest { bytes data = 1; string path = 2; int64 height = 3; bool prove = 4; }
message ABCIQueryResponse {
  uint32 code = 1;
  string log = 3;
  string info = 4;
  int64 index = 5;
  bytes key = 6;
  bytes value = 7;
  ProofOps proof_ops = 8;
  int64 height = 9;
  string codespace = 10;
}
message ProofOp { string type = 1; bytes key = 2; bytes data = 3; }
message ProofOps { repeated ProofOp ops = 1 [(gogoproto.nullable) = false]; }
service Service {
  /* A raw ABCI query, with a proof when asked for. */
  rpc ABCIQuery(ABCIQueryRequest) returns (ABCIQueryResponse) {
    option (google.api.http).get = "/cosmos/base/tendermint/v1beta1/abci_query";
  }
}`;

const ABCI = `${SYNTAX}
package tendermint.abci;
message EventAttribute { string key = 1; string value = 2; }`;

const P2P = `${SYNTAX}
package tendermint.p2p;
message DefaultNodeInfo {
  ProtocolVersion protocol_version = 1 [(gogoproto.nullable) = false];
  string default_node_id = 2;
  string listen_addr = 3;
  string network = 4;
  string version = 5;
  bytes channels = 6;
  string moniker = 7;
  DefaultNodeInfoOther other = 8 [(gogoproto.nullable) = false];
}
message DefaultNodeInfoOther { string tx_index = 1; string rpc_address = 2; }`;

const COMET_TYPES = `${SYNTAX}
package tendermint.types;
message Vote { bytes extension = 9; bytes extension_signature = 10; }`;

/** One `.proto` text a package. Imports are left out: all names resolve in the root that takes them in. */
export const SDK_050_ADDITIONS: readonly string[] = [
  AUTH,
  BANK,
  FEEGRANT,
  STAKING,
  TX,
  MULTISIG,
  COMET_SERVICE,
  ABCI,
  P2P,
  COMET_TYPES,
];
