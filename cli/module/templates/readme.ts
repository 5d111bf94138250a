/** The specification of a new module. */
import type { ModuleNames } from '../names.ts';

export const readme = ({ name, pascal, clause, kind }: ModuleNames): string => `# ${name}

Devices report a value; each reading earns its owner by its quality. This is where the network of your devices begins:
change what a report holds (\`keys.ts\`), what it is worth (\`scoring.ts\`) and what is kept of it (\`module.ts\`).

## State

Store \`${name}\`:

| prefix | collection | key | value |
| --- | --- | --- | --- |
| \`0x00\` | params | | \`Params\` |
| \`0x01\` | members | device id (20) | \`Member\` |

\`memberKey\` builds the key of a member for a client that wants it proven.

## Messages

- **${clause}-1** \`MsgRegister\` makes a device of the signer a member, once. A revoked device is refused.

## Reports

Kind ${kind}. The payload begins with the value, a signed integer of 32 bits, big endian; the other bytes are zero.

- **${clause}-2** The report of a device that is no member, or with another payload, is refused and counted by its reason.
- **${clause}-3** Quality is 1,000,000 at \`best\` and falls evenly to 0 at a distance of \`tolerance\`.
- **${clause}-4** A reading earns \`reward_per_reading\` × quality / 1,000,000, rounded down, minted and paid to the owner at once.

## Invariants

- **${clause}-5** The account of the module holds nothing: what is minted is paid out.

## Genesis

- **${clause}-6** Import takes what export gives. A member needs a device; params and amounts are checked.

## Queries

Under \`/depin/${name}/v1/\`: \`params\`, \`members\`, \`members/{device_id}\`.

## Events

Messages of \`depin.${name}.v1\`, emitted as typed events.

| event | attributes |
| --- | --- |
| \`EventRegistered\` | \`device_id\`, \`owner\` |
| \`EventReadingPaid\` | \`device_id\`, \`sequence\`, \`value\`, \`quality_ppm\`, \`amount\` |

## Errors

| code | reason |
| --- | --- |
| ${name}/2 | device is not a member |
| ${name}/3 | device is a member already |
| ${name}/4 | malformed reading |

## Parameters

| parameter | default | bounds |
| --- | --- | --- |
| \`reward_per_reading\` | 1,000 | 0 or more base units |
| \`best\` | 0 | |
| \`tolerance\` | 10,000 | 1 or more |

<!-- ${pascal} was made with \`depind module new ${name}\`. -->
`;
