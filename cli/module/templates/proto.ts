/** The `.proto` texts of a new module. */
import type { ModuleNames } from '../names.ts';

/** State and params. */
export const stateProto = ({ name }: ModuleNames): string => `syntax = "proto3";
package depin.${name}.v1;

import "cosmos_proto/cosmos.proto";

// Params of the ${name} module.
message Params {
  // Base units of the token that a reading of full quality earns.
  string reward_per_reading = 1 [(cosmos_proto.scalar) = "cosmos.Int"];
  // The value of full quality.
  sint32 best = 2;
  // So far from it a value has no quality.
  uint32 tolerance = 3;
}

// Member is a device that takes part.
message Member {
  // 40 lower-case hex digits.
  string device_id = 1;
  int64 registered_height = 2;
  // Readings accepted so far.
  uint64 readings = 3;
  // Newest value.
  sint32 value = 4;
  // Its quality in parts per million.
  uint32 quality_ppm = 5;
  // Base units paid to the owner so far.
  string earned = 6 [(cosmos_proto.scalar) = "cosmos.Int"];
}
`;

/** Messages. */
export const txProto = ({ name }: ModuleNames): string => `syntax = "proto3";
package depin.${name}.v1;

import "amino/amino.proto";
import "cosmos/msg/v1/msg.proto";
import "cosmos_proto/cosmos.proto";

// Msg is what owners ask of the ${name} module. Readings come in as signed reports of the devices module.
service Msg {
  // Register makes a device of the signer a member.
  rpc Register(MsgRegister) returns (MsgRegisterResponse);
}

// MsgRegister registers a member.
message MsgRegister {
  option (cosmos.msg.v1.signer) = "owner";
  option (amino.name) = "depind/${name}/MsgRegister";
  string owner = 1 [(cosmos_proto.scalar) = "cosmos.AddressString"];
  string device_id = 2;
}

// MsgRegisterResponse is empty.
message MsgRegisterResponse {}
`;

/** Queries. */
export const queryProto = ({ name }: ModuleNames): string => `syntax = "proto3";
package depin.${name}.v1;

import "cosmos/base/query/v1beta1/pagination.proto";
import "depin/${name}/v1/${name}.proto";
import "gogoproto/gogo.proto";
import "google/api/annotations.proto";

// Query reads the ${name} module.
service Query {
  // Params of the module.
  rpc Params(QueryParamsRequest) returns (QueryParamsResponse) {
    option (google.api.http).get = "/depin/${name}/v1/params";
  }
  // Member by the id of its device.
  rpc Member(QueryMemberRequest) returns (QueryMemberResponse) {
    option (google.api.http).get = "/depin/${name}/v1/members/{device_id}";
  }
  // Members in the order of their ids.
  rpc Members(QueryMembersRequest) returns (QueryMembersResponse) {
    option (google.api.http).get = "/depin/${name}/v1/members";
  }
}

message QueryParamsRequest {}

message QueryParamsResponse {
  Params params = 1 [(gogoproto.nullable) = false];
}

message QueryMemberRequest {
  string device_id = 1;
}

message QueryMemberResponse {
  Member member = 1 [(gogoproto.nullable) = false];
}

message QueryMembersRequest {
  cosmos.base.query.v1beta1.PageRequest pagination = 1;
}

message QueryMembersResponse {
  repeated Member members = 1 [(gogoproto.nullable) = false];
  cosmos.base.query.v1beta1.PageResponse pagination = 2;
}
`;

/** Genesis: the fields have the names of the collections. */
export const genesisProto = ({ name }: ModuleNames): string => `syntax = "proto3";
package depin.${name}.v1;

import "depin/${name}/v1/${name}.proto";
import "gogoproto/gogo.proto";

// GenesisState of the ${name} module.
message GenesisState {
  Params params = 1 [(gogoproto.nullable) = false];
  repeated Member members = 2 [(gogoproto.nullable) = false];
}
`;

/** Events. */
export const eventsProto = ({ name }: ModuleNames): string => `syntax = "proto3";
package depin.${name}.v1;

import "cosmos_proto/cosmos.proto";

// EventRegistered says that a device is a member.
message EventRegistered {
  string device_id = 1;
  string owner = 2 [(cosmos_proto.scalar) = "cosmos.AddressString"];
}

// EventReadingPaid says what a reading was worth.
message EventReadingPaid {
  string device_id = 1;
  uint64 sequence = 2;
  sint32 value = 3;
  uint32 quality_ppm = 4;
  string amount = 5 [(cosmos_proto.scalar) = "cosmos.Int"];
}
`;
