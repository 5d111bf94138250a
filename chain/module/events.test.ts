import assert from 'node:assert/strict';
import { fromHex } from '../../wire/bytes.ts';
import { EventReportAccepted } from '../../wire/gen/depin/devices/v1/events.ts';
import { EventReadingScored, EventRewardPaid } from '../../wire/gen/depin/sensors/v1/events.ts';
import { Station } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { defineModule, NO_GENESIS, NO_SERVICE } from './defineModule.ts';
import { EmittedEvent, hookEvent, parseTypedEvent, typedEvent } from './events.ts';
import vectors from './vectors/events.json' with { type: 'json' };

describe('typed events', () => {
  // As TypedEventToEvent of SDK v0.50 writes it: keys sorted, 64-bit numbers and text quoted, defaults written.
  it('have the full name, and the JSON of each field by name', () => {
    const event = { deviceId: 'ab', sequence: 7n, kind: 2, batchId: 0n, index: 0 };
    assert.deepEqual(typedEvent(EventReportAccepted, event), {
      type: 'depin.devices.v1.EventReportAccepted',
      attributes: [
        { key: 'batch_id', value: '"0"', index: true },
        { key: 'device_id', value: '"ab"', index: true },
        { key: 'index', value: '0', index: true },
        { key: 'kind', value: '2', index: true },
        { key: 'sequence', value: '"7"', index: true },
      ],
    });
  });

  // Printed by types.TypedEventToEvent of the Go SDK: interop/eventvectors.
  for (const { type, message, attributes } of vectors) {
    it(`of ${type} are those of the SDK${message === '' ? ', without a field set' : ''}`, () => {
      const raw = { $type: type, encode: (bytes: Uint8Array) => ({ finish: () => bytes }) };
      const event = typedEvent({ ...raw, decode: (bytes: Uint8Array) => bytes }, fromHex(message));
      const plain = event.attributes.map(({ key, value }) => ({ key, value }));
      assert.deepEqual(plain, attributes);
    });
  }

  it('are read back, also with the index that a transaction adds', () => {
    const event = { deviceId: 'é<&>\u2028"', sequence: 1n, qualityPpm: 5, faults: ['a:b', 'c'] };
    const { type, attributes } = typedEvent(EventReadingScored, event);
    assert.equal(attributes[0]?.value, '"é\\u003c\\u0026\\u003e\\u2028\\""');
    const withIndex = [...attributes, { key: 'msg_index', value: '0', index: true }];
    assert.deepEqual(parseTypedEvent(EventReadingScored, { type, attributes: withIndex }), event);
    assert.equal(parseTypedEvent(EventRewardPaid, { type, attributes }), undefined);
  });

  it('are data for who writes them down, whenever their attributes are made', () => {
    const last = { key: 'msg_index', value: '0', index: true };
    const attributes = [{ key: 'fee', value: '7udepin', index: true }, last];
    const event = new EmittedEvent('tx', { fee: '7udepin' }, last);
    assert.deepEqual(event.attributes, attributes);
    assert.deepEqual(JSON.parse(JSON.stringify(event)), { type: 'tx', attributes });
  });

  // baseapp of SDK v0.50: the attribute stands last, and is indexed as all are.
  it('of block hooks say in which of them, and are read back', () => {
    const event = { deviceId: 'ab', sequence: 7n, kind: 2, batchId: 0n, index: 0 };
    const ended = hookEvent(typedEvent(EventReportAccepted, event), 'EndBlock');
    assert.deepEqual(ended.attributes.at(-1), { key: 'mode', value: 'EndBlock', index: true });
    assert.equal(ended.attributes.length, 6);
    assert.deepEqual(parseTypedEvent(EventReportAccepted, ended), event);
  });

  it('are messages named Event…', () => {
    assert.throws(
      () =>
        defineModule('a', {
          msg: NO_SERVICE,
          messages: {},
          query: NO_SERVICE,
          queries: {},
          genesis: NO_GENESIS,
          events: { station: Station },
        }),
      /a.events.station: depin.sensors.v1.Station is not named Event…/,
    );
  });
});
