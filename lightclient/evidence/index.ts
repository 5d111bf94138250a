/**
 * @module lightclient/evidence
 * Attacks on light clients: finding where two nodes part, the evidence of it, and telling both sides.
 */
export { type Accusation, accuse, accuseOfTwoVotes } from './accuse.ts';
export {
  type AttackKind,
  attackKind,
  type Fork,
  type LightClientAttackEvidence,
  makeEvidence,
} from './attack.ts';
export { evidenceToJson, hashEvidence } from './encodeEvidence.ts';
export { type ForkFound, findFork, isSameBlock } from './findFork.ts';
