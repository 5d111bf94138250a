import { strict as assert } from 'node:assert';
import { encodeQR } from 'qr';
import { MAX_BUNDLE_BYTES, QR_CODE_BYTES } from '../bundle/index.ts';
import { bundleFromCode, bundleToCode } from './proofCode.ts';

describe('a proof as the text of a QR code', () => {
  it('fits into one code up to QR_CODE_BYTES, and not beyond', () => {
    const largest = bundleToCode(new Uint8Array(QR_CODE_BYTES).fill(255));
    assert.equal(encodeQR(largest, 'raw', { ecc: 'low', border: 1 }).length, 179, 'version 40');
    const larger = bundleToCode(new Uint8Array(QR_CODE_BYTES + 1).fill(255));
    assert.throws(() => encodeQR(larger, 'raw', { ecc: 'low' }), /overflow/);
  });

  it('is read as it is written', () => {
    const bytes = Uint8Array.of(0x64, 0x70, 0x62, 1, 255);
    const text = bundleToCode(bytes);
    assert.match(text, /^DEPIND:PROOF:[0-9A-Z $%*+\-./:]+$/);
    assert.deepEqual(bundleFromCode(text), bytes);
    for (const other of ['', text.slice(1), text.toLowerCase(), `${text}~00`]) {
      assert.throws(() => bundleFromCode(other), TypeError);
    }
    const long = `DEPIND:PROOF:${'0'.repeat(MAX_BUNDLE_BYTES * 1.5 + 3)}`;
    assert.throws(() => bundleFromCode(long), /at most 3000000 bytes/);
  });
});
