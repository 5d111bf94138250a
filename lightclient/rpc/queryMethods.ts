/** Queries of the state. */
import { base64OrNull } from '../../wire/json/encode.ts';
import { NotProvableError, type ProvenAnswer } from '../../wire/provenQuery.ts';
import type { ProofOp } from '../provider.ts';
import type { VerifiedValue } from '../verifiedState.ts';
import type { Handled } from './answer.ts';
import type { Arguments } from './arguments.ts';
import { UnprovenError } from './policy.ts';
import { asServed, type Methods, type Scope } from './scope.ts';
import { stateReads } from './stateReads.ts';

const STORE_PATH = /^\/store\/([^/]{1,64})\/key$/;
const NO_BYTES = new Uint8Array(0);

export const queryMethods: Methods = {
  abci_query: { params: ['path', 'data', 'height', 'prove'], handle: abciQuery },
};

async function abciQuery(scope: Scope, args: Arguments): Promise<Handled> {
  const path = args.text('path');
  const store = STORE_PATH.exec(path)?.[1];
  if (store !== undefined) return storeValue(scope, args, store);
  const query = scope.queries(path);
  const why = 'no proof covers this query';
  if (query === undefined) return unproven(scope, args, why);
  try {
    const state = await stateReads(scope, args.height());
    const answer = await query(args.hex('data'), state);
    return handled({ ...answer, key: NO_BYTES, proofOps: [] }, state);
  } catch (error) {
    if (error instanceof NotProvableError) return unproven(scope, args, error.message);
    throw error;
  }
}

async function storeValue(scope: Scope, args: Arguments, store: string): Promise<Handled> {
  const key = args.hex('data');
  const proven = await scope.client.getVerified(store, key, args.height());
  const value = proven.value ?? NO_BYTES;
  const proofOps = args.flag('prove') ? proven.proofOps : [];
  return handled({ code: 0, codespace: '', log: '', key, value, proofOps }, proven);
}

type Found = ProvenAnswer & {
  readonly key: Uint8Array;
  readonly proofOps: readonly ProofOp[];
};

function handled(
  found: Found,
  { height, header }: Pick<VerifiedValue, 'height' | 'header'>,
): Handled {
  const { code, codespace, log, key, value, proofOps } = found;
  const ops = proofOps.map((op) => ({
    type: op.type,
    key: base64OrNull(op.key),
    data: base64OrNull(op.data),
  }));
  const response = {
    code,
    log,
    info: '',
    index: '0',
    key: base64OrNull(key),
    value: base64OrNull(value),
    proofOps: ops.length === 0 ? null : { ops },
    height: `${height}`,
    codespace,
  };
  return { result: { response }, proven: 'all', height, header };
}

/** As the node answers it, where the policy lets that through. */
async function unproven(scope: Scope, args: Arguments, why: string): Promise<Handled> {
  const path = args.text('path');
  if (!scope.keeps(path)) throw new UnprovenError(path, why);
  return { result: await scope.ask('abci_query', args.values, asServed), proven: 'none' };
}
