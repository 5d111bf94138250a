// The worker from its sources: before Node 22.15 threads do not inherit the loader that runs TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('../worker.ts');
