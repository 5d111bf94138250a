/**
 * Errors of the state machine. A transaction that fails throws a ChainError: its codespace and code never change
 * meaning, its text is for people and not consensus data. A Bug is a broken invariant and halts the node.
 */

/** An expected failure of a transaction or query. */
export class ChainError extends Error {
  readonly codespace: string;
  readonly code: number;
  /** Whether what was asked for is not there: queries then answer NotFound. */
  readonly isAbsence: boolean;

  constructor(codespace: string, code: number, message: string, isAbsence = false) {
    super(message);
    this.name = 'ChainError';
    this.codespace = codespace;
    this.code = code;
    this.isAbsence = isAbsence;
  }
}

/** Something that the code rules out has happened: the node must stop. Never caught by a handler. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** The SDK's root errors (codespace `sdk`, cosmossdk.io/errors and types/errors of v0.50). */
export const SDK_ERRORS = {
  txDecode: [2, 'tx parse error'],
  invalidSequence: [3, 'invalid sequence'],
  unauthorized: [4, 'unauthorized'],
  insufficientFunds: [5, 'insufficient funds'],
  unknownRequest: [6, 'unknown request'],
  invalidAddress: [7, 'invalid address'],
  invalidPubKey: [8, 'invalid pubkey'],
  unknownAddress: [9, 'unknown address'],
  invalidCoins: [10, 'invalid coins'],
  outOfGas: [11, 'out of gas'],
  memoTooLarge: [12, 'memo too large'],
  insufficientFee: [13, 'insufficient fee'],
  tooManySignatures: [14, 'maximum number of signatures exceeded'],
  noSignatures: [15, 'no signatures supplied'],
  invalidRequest: [18, 'invalid request'],
  mempoolIsFull: [20, 'mempool is full'],
  txTooLarge: [21, 'tx too large'],
  keyNotFound: [22, 'key not found'],
  invalidSigner: [24, 'tx intended signer does not match the given signer'],
  invalidHeight: [26, 'invalid height'],
  txTimeoutHeight: [30, 'tx timeout height'],
  unknownExtensionOptions: [31, 'unknown extension options'],
  wrongSequence: [32, 'incorrect account sequence'],
  unpackAny: [34, 'failed unpacking protobuf message from Any'],
  notSupported: [37, 'feature not supported'],
  notFound: [38, 'not found'],
  invalidGasLimit: [41, 'invalid gas limit'],
  txTimeout: [42, 'tx timeout'],
} as const;

export type SdkErrorName = keyof typeof SDK_ERRORS;

/** One of the SDK's root errors with the detail in front, as the SDK wraps them: `detail: description`. */
export function sdkError(name: SdkErrorName, detail?: string): ChainError {
  const [code, description] = SDK_ERRORS[name];
  return new ChainError(
    'sdk',
    code,
    detail === undefined ? description : `${detail}: ${description}`,
  );
}
