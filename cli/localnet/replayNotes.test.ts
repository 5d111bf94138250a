import assert from 'node:assert/strict';
import { replayNotes } from './replayNotes.ts';

describe('the notes of a replay', () => {
  it('begin after a second, and come every five', () => {
    let time = 0;
    const lines: string[] = [];
    const tell = replayNotes(
      (line) => lines.push(line),
      () => time,
    );
    for (let height = 1n; height <= 80n; height++) {
      tell({ name: 'node0', height, last: 80n });
      time += 100;
    }
    assert.deepEqual(lines, [
      'executing blocks again that the state lacks: node0 is at 11 of 80',
      'executing blocks again that the state lacks: node0 is at 61 of 80',
    ]);
  });
});
