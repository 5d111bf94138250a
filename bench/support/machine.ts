/** The machine that figures were measured on. */
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

/** What matters when figures of two machines are compared. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    openssl: process.versions.openssl ?? '',
  };
}
