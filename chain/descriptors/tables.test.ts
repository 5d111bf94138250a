import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { compileTables } from './compile.ts';
import { Descriptors } from './descriptors.ts';
import { expectedFile, loadTables, tablesPath } from './loadTables.ts';
import { fileOfTables, tablesOfFile } from './tables.ts';

const TEXT = `syntax = "proto3"; package test.v1;
enum Color { option allow_alias = true; COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_ROUGE = 1; }
message Stone {
  option (amino.name) = "test/Stone";
  option (cosmos.msg.v1.signer) = "owner";
  message Vein { sint64 depth_below = 4; }
  string owner = 3 [(cosmos_proto.scalar) = "cosmos.AddressString"];
  repeated Color colors = 1 [packed = false];
  oneof form { uint32 edge_length = 2; Vein vein = 5; }
  string weight = 6 [(gogoproto.customtype) = "cosmossdk.io/math.Int", (amino.dont_omitempty) = true];
}
message Float { double weight = 1; }
service Query { rpc Stone(Stone) returns (Float); }`;

describe('tables of descriptors', () => {
  const root = new protobuf.Root();
  protobuf.parse(TEXT, root, { keepCase: true });
  root.resolveAll();
  const tables = compileTables(root);

  it('in proto/ are what the texts give: else run npm run gen', () => {
    ok(readFileSync(tablesPath(), 'utf8') === expectedFile());
  });

  it('are the same from the file and from the texts', () => {
    deepEqual(loadTables(), loadTables([tablesPath().replace('descriptors.json', 'nowhere')]));
  });

  it('hold all that schemas need', () => {
    const { declared, ordered, ...stone } = new Descriptors(tables).schema('test.v1.Stone');
    deepEqual(
      declared.map(({ name }) => name),
      ['owner', 'colors', 'edge_length', 'vein', 'weight'],
    );
    deepEqual(
      ordered.map(({ number }) => number),
      [1, 2, 3, 5, 6],
    );
    equal(stone.aminoName, 'test/Stone');
    deepEqual(stone.signers, ['owner']);
    const [owner, colors, edge, vein, weight] = declared;
    equal(owner?.scalar, 'cosmos.AddressString');
    equal(colors?.packed, false);
    equal(colors?.enumeration?.names.get(1), 'COLOR_RED');
    equal(colors?.enumeration?.numbers.get('COLOR_ROUGE'), 1);
    deepEqual([edge?.camelName, edge?.oneof], ['edgeLength', 'form']);
    deepEqual([vein?.kind, vein?.typeName], ['message', 'test.v1.Stone.Vein']);
    deepEqual([weight?.custom, weight?.amino], ['Int', { keptEmpty: true }]);
  });

  it('refuse a message with floating point when it is used', () => {
    const descriptors = new Descriptors(tables);
    ok(descriptors.has('test.v1.Float'));
    throws(() => descriptors.schema('test.v1.Float'), /Float\.weight: fields of type double/);
  });

  it('are read back as they were', () => {
    deepEqual(tablesOfFile(fileOfTables(tables, 7), 7), tables);
  });

  it('are not taken when the texts are others, or the file was changed or cut', () => {
    const file = fileOfTables(tables, 7);
    equal(tablesOfFile(file, 8), undefined);
    for (const other of ['', '{}', file.replace('owner', 'other'), file.slice(0, -9)]) {
      equal(tablesOfFile(other, 7), undefined);
    }
  });
});
