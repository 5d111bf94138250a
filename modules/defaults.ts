/** What a depind chain is unless configured otherwise: apart from the modules, for who needs nothing of them. */

/** Of addresses in bech32. */
export const DEFAULT_PREFIX = 'depin';
/** The base token. */
export const DEFAULT_DENOM = 'udepin';
