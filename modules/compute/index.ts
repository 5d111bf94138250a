/**
 * Compute: tenants ask for GPUs, providers bid, and a lease pays by the nanosecond out of an escrow that every block
 * settles. A provider without heartbeats is not paid, and a lease without funds ends in that block. README.md is the
 * spec.
 *
 * @module
 */

export * from './keys.ts';
export { compute } from './module.ts';
