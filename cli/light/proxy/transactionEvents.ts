/** Events of transactions, made of a proven block and its proven results. */
import { txHash } from '../../../wire/block.ts';
import { fromBase64, toHex } from '../../../wire/bytes.ts';

/** What is read of the answer of the method block. */
export interface ServedBlock {
  readonly block: {
    readonly header: { readonly height: string; readonly last_block_id: { readonly hash: string } };
    readonly data: { readonly txs: readonly string[] | null };
  };
}

/** One event, as CometBFT's websocket tells it. */
export interface TransactionEvent {
  readonly value: object;
  readonly attributes: Readonly<Record<'tx.hash' | 'tx.height', string>>;
}

/** The events of a block, with the answer of the method block_results for the same height. */
export function transactionEvents({ block }: ServedBlock, results: unknown): TransactionEvent[] {
  const { height } = block.header;
  const { txs_results: list } = results as { txs_results: readonly object[] | null };
  return (block.data.txs ?? []).map((tx, index) => ({
    value: {
      TxResult: { height, ...(index > 0 && { index }), tx, result: withoutDefaults(list![index]!) },
    },
    attributes: {
      'tx.hash': toHex(txHash(fromBase64(tx))).toUpperCase(),
      'tx.height': height,
    },
  }));
}

/** In events CometBFT leaves out what is 0 or empty. */
function withoutDefaults(result: object): object {
  const isDefault = (value: unknown) =>
    value === 0 || value === '0' || value === '' || value === null || isEmptyList(value);
  return Object.fromEntries(Object.entries(result).filter(([, value]) => !isDefault(value)));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
