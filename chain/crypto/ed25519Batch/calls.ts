/** Functions of the kernel in the order that they have there: they call each other by their places. */
export const FUNCTIONS = [
  'multiply',
  'square',
  'double',
  'add',
  'subtract',
  'toAddend',
  'judge',
  'squareTimes',
  'addEach',
  'subtractEach',
  'copy',
  'raise',
  'decompress',
  'oddMultiples',
  'multiplyWords',
  'subtractWords',
  'modOrder',
  'recode',
  'sum',
  'addKeys',
  'widenKey',
  'prepare',
  'verify',
] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

/** The place of each. */
export const CALL = Object.fromEntries(FUNCTIONS.map((name, place) => [name, place])) as Readonly<
  Record<FunctionName, number>
>;
