import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';

describe('ByteReader', () => {
  it('reads what ByteWriter wrote', () => {
    const part = fc.record({ number: fc.maxSafeNat(), bytes: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const writer = new ByteWriter();
        for (const { number, bytes } of parts) writer.unsigned(number).bytes(bytes);
        const reader = new ByteReader(writer.take(), 'parts');
        for (const { number, bytes } of parts) {
          assert.equal(reader.unsigned(), number);
          assert.deepEqual(new Uint8Array(reader.bytes()), bytes);
        }
        reader.end();
      }),
    );
  });

  for (const [name, bytes, message] of [
    ['a number without its end', [0x80], /cut short at byte 1/],
    ['a number with a zero at its end', [0x80, 0], /not in its shortest form/],
    ['a number of 54 bits', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f], /too large/],
    ['a number of 9 bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], /too large/],
    ['bytes that are too few', [3, 1, 2], /3 bytes are cut short/],
    ['bytes that are too many', [1, 1, 2], /left over at byte 2/],
  ] as const) {
    it(`refuses ${name}`, () => {
      const reader = new ByteReader(Uint8Array.from(bytes), 'x');
      const read = () => {
        if (bytes[0] > 0x7f) reader.unsigned();
        else reader.bytes();
        reader.end();
      };
      assert.throws(read, { name: 'TypeError', message });
    });
  }
});
