import { type Change, classifyChanges } from '../changes/classify.ts';
import { compareVersions } from '../in-force.ts';
import type { Agreement } from '../types.ts';

/** Why a version is not published, beside what `checkAgreement` finds. */
export type GateProblem =
  /** Nothing differs from the version before. */
  | { code: 'PUBLISH_UNCHANGED' }
  /** The contract differs, and its number is not greater. */
  | { code: 'PUBLISH_VERSION'; before: string; after: string }
  /** Answers of drafts would be lost for want of a migration. */
  | { code: 'PUBLISH_MIGRATION'; what: string }
  /** The texts of a language are a draft, and the charter is not one of a demonstration. */
  | { code: 'PUBLISH_TRANSLATION'; language: string };

/**
 * What stands against publishing a version that has no fault by itself: how it follows the version before, and whether somebody stands by
 * its words.
 * @param before the newest version that is held; undefined for the first
 * @param demo whether the union's charter says that it is a demonstration
 * @example publishProblems(old, next, { demo: trust.charter.demo }).problems.length === 0
 */
export function publishProblems(
  before: Agreement | undefined,
  after: Agreement,
  { demo }: { demo: boolean },
): { changes: Change[]; problems: GateProblem[] } {
  const changes = before === undefined ? [] : classifyChanges(before, after);
  const problems: GateProblem[] = [];
  if (before !== undefined && changes.length === 0) problems.push({ code: 'PUBLISH_UNCHANGED' });
  if (
    before !== undefined &&
    before.contractDigest !== after.contractDigest &&
    compareVersions(after.version, before.version) <= 0
  ) {
    problems.push({ code: 'PUBLISH_VERSION', before: before.version, after: after.version });
  }
  for (const { migrationMissing, what } of changes) {
    if (migrationMissing) problems.push({ code: 'PUBLISH_MIGRATION', what });
  }
  for (const language of demo ? [] : after.languages) {
    if (after.approvals[language] === undefined) problems.push({ code: 'PUBLISH_TRANSLATION', language });
  }
  return { changes, problems };
}
