/** Events as subscribers get them (CometBFT types/events.go). */
import { toBase64 } from '../../wire/bytes.ts';
import { headerToJson, validatorToJson } from '../../wire/json/encode.ts';
import type { ChainEvent } from '../node/eventBus.ts';
import type { FlatEvents } from '../node/query.ts';
import { eventToJson, listOrNull, newBlockToJson, txEventResultToJson } from './json.ts';

/** The result that carries an event: the query that asked for it, what happened, and all attributes. */
export function eventMessage(query: string, event: ChainEvent, attributes: FlatEvents) {
  return {
    query,
    data: { type: `tendermint/event/${event.type}`, value: eventValue(event) },
    events: Object.fromEntries(attributes),
  };
}

function eventValue(event: ChainEvent): unknown {
  switch (event.type) {
    case 'NewBlock':
      return newBlockToJson(event.record);
    case 'NewBlockHeader':
      return { header: headerToJson(event.record.block.header) };
    case 'NewBlockEvents': {
      const { block, results } = event.record;
      return {
        height: String(block.header.height),
        events: listOrNull(results.events, eventToJson),
        num_txs: String(block.transactions.length),
      };
    }
    case 'Tx': {
      const { block, results } = event.record;
      const TxResult = {
        height: String(block.header.height),
        ...(event.index > 0 && { index: event.index }),
        tx: toBase64(block.transactions[event.index]!),
        result: txEventResultToJson(results.txResults[event.index]!),
      };
      return { TxResult };
    }
    case 'ValidatorSetUpdates':
      return { validator_updates: event.validators.map(validatorToJson) };
  }
}
