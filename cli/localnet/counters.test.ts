import assert from 'node:assert/strict';
import type { Event } from '../../chain/abci/types.ts';
import { typedEvent } from '../../chain/module/events.ts';
import { EventLeaseSettled, EventWithdrawn } from '../../wire/gen/depin/compute/v1/events.ts';
import {
  EventBatchCommitted,
  EventDeviceRegistered,
  EventReportRefused,
} from '../../wire/gen/depin/devices/v1/events.ts';
import { EventRewardPaid } from '../../wire/gen/depin/sensors/v1/events.ts';
import { countBlock, countsOfText, countsToText, noCounts } from './counters.ts';
import { StatusLine, statusText, tokenText } from './statusLine.ts';

const registered = (): Event => typedEvent(EventDeviceRegistered, EventDeviceRegistered.create());
const committed = (accepted: number): Event =>
  typedEvent(EventBatchCommitted, EventBatchCommitted.create({ accepted }));

const success = (...events: Event[]) => ({ code: 0, codespace: '', log: '', events });
const failure = (codespace: string, code: number, log: string) => ({
  code,
  codespace,
  log,
  events: [committed(9)],
});

describe('the counts of a network', () => {
  it('add up what blocks say happened', () => {
    const counts = noCounts();
    countBlock(counts, {
      height: 1n,
      results: [
        success(registered(), registered()),
        success(
          committed(3),
          typedEvent(
            EventReportRefused,
            EventReportRefused.create({ reason: 'devices/8: report sequence was used before' }),
          ),
        ),
        failure('devices', 8, 'message index: 0: sequence: 4: report sequence was used before'),
        failure('sdk', 5, 'insufficient funds'),
      ],
      events: [
        typedEvent(EventRewardPaid, EventRewardPaid.create({ amount: '1500000' })),
        typedEvent(EventLeaseSettled, EventLeaseSettled.create({ paid: '7' })),
        typedEvent(EventWithdrawn, EventWithdrawn.create({ amount: '7' })),
      ],
    });
    assert.deepEqual(counts, {
      height: 1n,
      transactions: 4,
      failedTransactions: 2,
      devices: 2,
      reportsVerified: 3,
      rewardsPaid: 1_500_007n,
      refusals: { 'devices/8: report sequence was used before': 2 },
    });
    assert.equal(
      statusText(counts),
      'height 1 · 4 transactions · 2 devices · 3 reports verified · 1.500007 depin rewards paid · refused: 2 × report sequence was used before',
    );
  });

  it('outlive a restart, and count anew when their file is damaged', () => {
    const counts = { ...noCounts(), height: 9n, rewardsPaid: 2n ** 80n, refusals: { a: 1 } };
    assert.deepEqual(countsOfText(countsToText(counts)), counts);
    for (const text of ['', '{}', 'null', countsToText(counts).replace('"a": 1', '"a": "x"')]) {
      assert.equal(countsOfText(text), undefined, text);
    }
  });

  it('show tokens without needless zeros', () => {
    assert.deepEqual([0n, 1n, 1_000_000n, 14_246_014_080n].map(tokenText), [
      '0',
      '0.000001',
      '1',
      '14246.01408',
    ]);
  });

  it('are cut to the width of a terminal, and end with a line', () => {
    let written = '';
    const write = (text: string): void => {
      written += text;
    };
    const output = { write, isTTY: true, columns: 11 };
    new StatusLine(output, () => 'height 1 · 4 transactions').stop();
    assert.equal(written, '\r\u001b[2Kheight 1 ·\n');
  });
});
