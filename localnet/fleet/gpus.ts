/** GPU models that providers of the fleet offer. */

export interface Gpu {
  /** As the compute module names it. */
  readonly name: string;
  readonly memoryGb: number;
  /** Reward multiplier in io.net's published table (enterprise and community pool), which ranks what a card is worth. */
  readonly multiplier: number;
  /** Cards that one machine of this kind usually has. */
  readonly counts: readonly number[];
}

export const GPUS: readonly Gpu[] = [
  { name: 'b200', memoryGb: 192, multiplier: 30, counts: [8] },
  { name: 'h200', memoryGb: 141, multiplier: 12, counts: [8] },
  { name: 'h100', memoryGb: 80, multiplier: 10, counts: [4, 8] },
  { name: 'a100-80', memoryGb: 80, multiplier: 5, counts: [2, 4, 8] },
  { name: 'a100-40', memoryGb: 40, multiplier: 2, counts: [1, 2, 4] },
  { name: 'l40s', memoryGb: 48, multiplier: 3, counts: [2, 4] },
  { name: 'rtx-4090', memoryGb: 24, multiplier: 1.25, counts: [1, 2, 4] },
  { name: 'rtx-6000-ada', memoryGb: 48, multiplier: 4.5, counts: [1, 2] },
  { name: 'rtx-3090', memoryGb: 24, multiplier: 1.75, counts: [1, 2] },
  { name: 't4', memoryGb: 16, multiplier: 0.5, counts: [1, 4] },
  { name: 'l4', memoryGb: 24, multiplier: 0.25, counts: [1, 2] },
];

/** How likely a machine of the fleet has this card, relative to the others: dear ones are rare. */
export const frequencyOf = ({ multiplier }: Gpu): number => 1 / (1 + multiplier);
