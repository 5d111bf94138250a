// What bundles for Node share.
import { ROOT } from './lightclient-options.mjs';

/** Found at run time: they hold native code, or may be missing. */
const LEFT_OUT = ['classic-level', 'secp256k1', 'sodium-native', '@bitauth/libauth'];

/**
 * One flat folder: threads find their program beside the file that starts them. Names and lines stay, for stacks. The
 * CommonJS of packages calls `require`, which ESM lacks.
 */
export const NODE_BUILD = {
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: '[name]-[hash]',
  external: LEFT_OUT,
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
