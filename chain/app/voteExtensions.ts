/**
 * Vote extensions (ABCI 2.0): what the modules of a validator add to its precommit, and whether what another
 * validator added may count. Both look at the state before the block that is voted on.
 */
import { equalBytes } from '../../wire/bytes.ts';
import { VoteExtension } from '../../wire/gen/depin/abci/v1/vote_extension.ts';
import type { Module, VoteExtension as VerifiedVote } from '../module/defineModule.ts';
import { Bug } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';
import { inHook } from './blockHooks.ts';

/** Every validator sends one with every vote. */
const MAX_EXTENSION_BYTES = 65_536;

/** What one module adds. */
export type ExtensionPart = VoteExtension['modules'][number];

/** Modules that add to votes. */
export const speakers = (modules: ModuleSet): readonly Module[] =>
  modules.modules.filter(({ definition }) => definition.extendVote !== undefined);

/**
 * The extension of this validator's vote; empty when its modules have nothing to add.
 * @throws Bug when it is larger than others would take, and naming the module that breaks off.
 */
export function extendVote(modules: ModuleSet, frame: Frame): Uint8Array {
  const parts = speakers(modules).flatMap((module) => {
    const extension = inHook({ module, hook: 'extendVote', frame }, () =>
      module.definition.extendVote!(modules.view(module, frame)),
    );
    return extension.length === 0 ? [] : [{ module: module.name, extension }];
  });
  const bytes = VoteExtension.encode({ modules: parts }).finish();
  if (bytes.length > MAX_EXTENSION_BYTES) {
    throw new Bug(`vote extension: at most ${MAX_EXTENSION_BYTES} bytes, got ${bytes.length}`);
  }
  return bytes;
}

/**
 * Whether a vote with this extension may count. It must be what `extendVote` could have written, and every module must
 * take its part: the answer has to be the same on all validators.
 */
export function acceptsExtension(
  modules: ModuleSet,
  frame: Frame,
  vote: { readonly validator: Uint8Array; readonly extension: Uint8Array },
): boolean {
  const parts = decodeParts(vote.extension);
  if (parts === undefined) return false;
  const known = speakers(modules);
  let next = 0;
  for (const { module: name, extension } of parts) {
    const at = known.findIndex((module, i) => i >= next && module.name === name);
    if (at < 0 || extension.length === 0) return false;
    next = at + 1;
    const module = known[at]!;
    if (!isTaken(module, modules.view(module, frame), { ...vote, extension })) return false;
  }
  return true;
}

/**
 * What the module says of its part. Another validator wrote it: one that makes the module break off, such as bytes that
 * it cannot decode, is refused, or a single validator could halt all others.
 */
function isTaken({ definition }: Module, view: never, vote: VerifiedVote): boolean {
  try {
    return definition.verifyVoteExtension?.(view, vote) ?? false;
  } catch (error) {
    if (error instanceof Bug) throw error;
    return false;
  }
}

/** The parts of an extension; undefined for bytes that `extendVote` never writes. */
export function decodeParts(bytes: Uint8Array): readonly ExtensionPart[] | undefined {
  if (bytes.length > MAX_EXTENSION_BYTES) return undefined;
  if (bytes.length === 0) return [];
  try {
    const decoded = VoteExtension.decode(bytes);
    const isCanonical = equalBytes(VoteExtension.encode(decoded).finish(), bytes);
    return isCanonical ? decoded.modules : undefined;
  } catch {
    // Whatever the decoder could not read, another validator sent it: the vote does not count.
    return undefined;
  }
}
