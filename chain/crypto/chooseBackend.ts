/** Which back end a program verifies with: the fastest that loads and passes its self-test. */
import {
  CRYPTO_BACKENDS,
  CRYPTO_VARIABLE,
  type CryptoBackend,
  type CryptoBackendName,
} from './backend.ts';
import { loadBackend } from './loadBackend.ts';
import { selfTest } from './selfTest.ts';

/** A back end, and why faster ones were passed over. */
export interface ChosenBackend {
  readonly backend: CryptoBackend;
  readonly passedOver: readonly { readonly name: CryptoBackendName; readonly reason: string }[];
}

/**
 * Loads the back end of that name, by default the one that the environment names; without a name the best one.
 * @throws TypeError for another name, Error when the named one does not load or answers wrongly.
 */
export async function chooseBackend(wanted = process.env[CRYPTO_VARIABLE]): Promise<ChosenBackend> {
  if (wanted !== undefined && wanted !== '') {
    return { backend: await loadTested(backendName(wanted)), passedOver: [] };
  }
  const passedOver: { name: CryptoBackendName; reason: string }[] = [];
  for (const name of CRYPTO_BACKENDS) {
    try {
      return { backend: await loadTested(name), passedOver };
    } catch (error) {
      passedOver.push({ name, reason: firstLine(error) });
    }
  }
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new Error(`no crypto back end works: ${reasons}`);
}

/** `native`, or `noble (native: Cannot find module …; wasm: …)`: for logs. */
export function describeBackend({ backend, passedOver }: ChosenBackend): string {
  if (passedOver.length === 0) return backend.name;
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  return `${backend.name} (${reasons})`;
}

async function loadTested(name: CryptoBackendName): Promise<CryptoBackend> {
  let backend: CryptoBackend;
  try {
    backend = await loadBackend(name);
  } catch (cause) {
    throw new Error(`crypto back end ${name} does not load: ${firstLine(cause)}`, { cause });
  }
  selfTest(backend);
  return backend;
}

function backendName(text: string): CryptoBackendName {
  const name = CRYPTO_BACKENDS.find((each) => each === text);
  if (name !== undefined) return name;
  const names = CRYPTO_BACKENDS.join(', ');
  throw new TypeError(`${CRYPTO_VARIABLE}: expected one of ${names}, got "${text.slice(0, 40)}"`);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]!;
}
