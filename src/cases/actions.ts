import { digestOf, randomBytes, sha256, toBase64Url } from '../crypto/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import type { CaseAction } from './types.ts';

/** The `previous` of a case's first action. */
export const NO_ACTION = '0'.repeat(64);

/** Digest of a payload under its salt, so that an erased payload cannot be guessed from the log. */
export function payloadDigest(salt: string, payload: Json): string {
  return sha256(`commonway-case-payload/1\n${salt}\n${digestOf(payload)}`).toString('hex');
}

/** Digest of an action: everything but its payload, which stands in it by its own digest. */
export function actionDigest(action: Omit<CaseAction, 'payload' | 'digest'>): string {
  const { case: id, sequence, key, at, verb, actor, definition, previous } = action;
  return digestOf({
    case: id,
    sequence,
    key,
    at,
    verb,
    actor: actor as unknown as Json,
    definition,
    payload: action.payloadDigest,
    previous,
  });
}

/**
 * Proves that a case's log is whole: numbered without a gap, each action on the one before, each digest recomputed.
 * @throws Failure CASE_LOG_BROKEN naming the first action that does not fit
 */
export function verifyChain(actions: readonly Omit<CaseAction, 'payload'>[]): void {
  let previous = NO_ACTION;
  for (const [index, action] of actions.entries()) {
    const whole =
      action.sequence === index + 1 && action.previous === previous && action.digest === actionDigest(action);
    if (!whole) throw new Failure('CASE_LOG_BROKEN', { case: action.case, sequence: index + 1 });
    previous = action.digest;
  }
}

/** A fresh salt for a payload: 32 random bytes. */
export function newSalt(): string {
  return toBase64Url(randomBytes(32));
}
