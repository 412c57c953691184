import type { ReplayedDraft } from '../../applications/index.ts';
import type { ReplayedCase, ReplayedOutcome } from '../../cases/index.ts';

/** What drafts and cases of one state would be under a new version. */
export interface Replay {
  drafts: ReplayedDraft[];
  cases: ReplayedCase[];
}

/** Rows that are printed; a table of hundreds is read by nobody, and `--json` has them all. */
const SHOWN = 20;

/** The replay as a table: what would change, and how much would not. It names drafts and cases, pages, fields and rules, never an answer. */
export function replayLines({ drafts, cases }: Replay): string[] {
  const touched = drafts.filter(isTouched);
  const changed = cases.filter((one) => one.changed);
  const missing = changed.filter(({ before, after }) =>
    (after?.missing ?? []).some((rule) => !before.missing.includes(rule)),
  );
  return [
    `Replay: ${drafts.length} drafts, of which ${touched.length} would change; ${cases.length} last cases, of which ${changed.length} would have ended otherwise.`,
    ...(missing.length === 0 ? [] : [`${missing.length} of them would have missed a condition that they met.`]),
    ...shown(touched.map(draftLine)),
    ...shown(changed.map(caseLine)),
  ];
}

const isTouched = (one: ReplayedDraft): boolean =>
  one.lost || [one.pagesAdded, one.pagesRemoved, one.newlyOpen, one.left].some((list) => list.length > 0);

function draftLine(one: ReplayedDraft): string {
  if (one.lost) return `  draft ${one.draft}: its service would be no more`;
  const parts = [
    ['pages more', one.pagesAdded],
    ['pages less', one.pagesRemoved],
    ['asked', one.newlyOpen],
    ['left behind', one.left],
  ] as const;
  const said = parts.filter(([, list]) => list.length > 0).map(([name, list]) => `${name}: ${list.join(', ')}`);
  return `  draft ${one.draft}: ${said.join('; ')}`;
}

function caseLine({ case: id, before, after }: ReplayedCase): string {
  return `  case ${id}: ${inWords(before)} → ${after === undefined ? 'no such service or state' : inWords(after)}`;
}

const inWords = ({ outcome, months, missing }: ReplayedOutcome): string =>
  `${outcome}, ${months} months${missing.length === 0 ? '' : `, missing ${missing.join(', ')}`}`;

function shown(lines: readonly string[]): string[] {
  return lines.length <= SHOWN
    ? [...lines]
    : [...lines.slice(0, SHOWN), `  ... and ${lines.length - SHOWN} more (--json)`];
}
