/** Shows a proof step by step: what held, where it broke, what was not reached. */
import { STEP_NAMES, type Step, type StepName } from '../index.ts';
import { offerProof } from './carryView.ts';
import type { DeviceAnswer } from './deviceCheck.ts';
import { byId, factRows, make, setBadge, setText } from './dom.ts';
import { readingFacts } from './reading.ts';

/** While it is being verified. */
export function showPending(deviceId: string): void {
  byId('proof', HTMLElement).hidden = false;
  setBadge('verdict', 'verifying', 'waiting');
  setText('summary', `Device ${deviceId}`);
}

/** What came of it. */
export function showAnswer(deviceId: string, answer: DeviceAnswer): void {
  byId('proof', HTMLElement).hidden = false;
  const { verified, steps } = answer;
  setBadge('verdict', verified ? 'verified' : 'not verified', verified ? 'good' : 'bad');
  setText('summary', summaryOf(deviceId, answer));
  offerProof(answer.exportProof);
  const facts = answer.report === undefined ? [] : readingFacts(answer.report);
  byId('reading', HTMLElement).replaceChildren(...factRows(facts));
  const rows = STEP_NAMES.map((name) =>
    stepRow(
      name,
      steps.find((step) => step.name === name),
    ),
  );
  byId('steps', HTMLElement).replaceChildren(...rows);
}

function summaryOf(deviceId: string, { verified, steps, proofSizeBytes, tookMs }: DeviceAnswer) {
  if (verified) {
    return `Device ${deviceId}: proven in ${tookMs.toFixed(0)} ms, with a proof of ${proofSizeBytes} bytes.`;
  }
  const failed = steps.at(-1);
  return `Device ${deviceId}: it stopped at "${failed?.name ?? 'the start'}". Nothing is shown as true.`;
}

const MARKS = { ok: '✓', failed: '✗', left: '·' } as const;
const WORDS = { ok: 'holds', failed: 'fails', left: 'not reached' } as const;

function stepRow(name: StepName, step: Step | undefined): HTMLElement {
  const state = step === undefined ? 'left' : step.ok ? 'ok' : 'failed';
  const row = make('li');
  row.dataset.state = state;
  row.dataset.step = name;
  const mark = make('span', MARKS[state], 'mark');
  mark.setAttribute('aria-hidden', 'true');
  const title = make('span', name);
  title.append(make('span', `: ${WORDS[state]}`, 'hidden'));
  row.append(mark, title, make('span', step?.detail ?? '', 'detail mono'));
  return row;
}
