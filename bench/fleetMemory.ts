/** Memory of a localnet of four validators with a thousand simulated devices, all in one process. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForDevices } from './support/devicesOf.ts';
import type { Bench, Figure } from './support/figure.ts';
import { startProgram } from './support/program.ts';

const DEVICES = 1000;
const ENROL_TIMEOUT_MS = 300_000;
const SAMPLE_MS = 1000;

/** Resident memory as Linux counts it: all that the process holds, native libraries included. */
export const fleetMemory: Bench = {
  name: 'fleetMemory',
  async run({ quick, progress }) {
    const program = await startProgram(['--devices', String(DEVICES)]);
    try {
      const begin = performance.now();
      await waitForDevices(program.network, DEVICES, ENROL_TIMEOUT_MS);
      const enrolment = (performance.now() - begin) / 1000;
      progress(`${DEVICES} devices are registered after ${enrolment.toFixed(0)} s`);
      const samples = await watch(program.pid, quick ? 40_000 : 120_000);
      progress(`resident: ${samples.map((mb) => mb.toFixed(0)).join(' ')} MB`);
      return [
        { name: 'registering 1,000 devices', value: enrolment, unit: 's', better: 'lower' },
        figure('memory with 1,000 devices, at the end', samples.at(-1)!),
        figure('memory with 1,000 devices, most', await megabytes(program.pid, 'VmHWM')),
      ];
    } finally {
      await program.stop();
    }
  },
};

function figure(name: string, value: number): Figure {
  return { name, value, unit: 'MB', better: 'lower' };
}

async function watch(pid: number, durationMs: number): Promise<number[]> {
  const samples: number[] = [];
  for (const end = performance.now() + durationMs; performance.now() < end; ) {
    await sleep(SAMPLE_MS);
    samples.push(await megabytes(pid, 'VmRSS'));
  }
  return samples;
}

/** A line of /proc/<pid>/status in MB of 1,000,000 bytes. @throws Error when it is not there. */
async function megabytes(pid: number, line: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = new RegExp(`^${line}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status: no ${line}`);
  return (Number(kibibytes) * 1024) / 1e6;
}
