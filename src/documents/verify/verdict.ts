import { canonicalJson } from '../../crypto/index.ts';
import type { Failure, FailureParams, Instant, Json } from '../../storage/index.ts';
import type { FileKind, OpenedFile } from '../../union/index.ts';

/**
 * - `valid`: everything holds, as of `asOf`
 * - `revoked`: authentic, but its issuer has taken it back (or suspended it)
 * - `invalid`: not what it says it is, or over: `code` says why
 * - `stale`: authentic, but what is known of its status is older than is accepted
 * - `not-usable`: nothing can be said: no file, not a Commonway file, no pinned anchor
 */
export type VerdictWord = 'valid' | 'revoked' | 'invalid' | 'stale' | 'not-usable';

/** One thing that a person wants to know of a file; `name` is the end of a text id, `verify.fact.<name>`. */
export interface VerifiedFact {
  name: string;
  value: string;
}

/** The answer about a file. */
export interface Verdict {
  verdict: VerdictWord;
  kind?: FileKind;
  /** Stable: `VALID`, or the code of the failure. */
  code: string;
  params: FailureParams;
  /** The moment for which the verdict holds. */
  asOf?: Instant;
  /** What the file says, all of it verified; empty where the verdict is `invalid` or `not-usable`. */
  facts: VerifiedFact[];
}

/** What a check of one kind of content found. */
export interface Finding {
  /** Absent: it holds. */
  problem?: { verdict: 'revoked' | 'stale' | 'invalid'; failure: Failure };
  asOf: Instant;
  facts: VerifiedFact[];
}

/** What a check is given besides the content: all trust comes from `file.trust`, which stands under the reader's anchor. */
export interface Circumstances {
  file: OpenedFile;
  now: Instant;
  /** The oldest status that is accepted, in seconds; that of the status list itself when left out. */
  maxStatusAge?: number;
}

/** Checks one kind of content. @throws Failure where the content is not what it says it is */
export type Check = (circumstances: Circumstances) => Promise<Finding>;

/** A fact, or none for an absent value. */
export function fact(name: string, value: string | number | null | undefined): VerifiedFact[] {
  return value === null || value === undefined ? [] : [{ name, value: String(value) }];
}

/** What a claim says, as the text of a fact. */
export const factText = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value));
