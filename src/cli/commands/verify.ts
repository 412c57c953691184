import { readFileSync, statSync } from 'node:fs';
import { type Verdict, verifyFile } from '../../documents/index.ts';
import { Failure, type Instant, isFailure, systemClock } from '../../storage/index.ts';
import { texts } from '../../texts/index.ts';
import { readAnchors } from '../../union/index.ts';
import { type Command, type Surroundings, type Typed, textOf } from '../command.ts';
import { anchorFolder } from './union-options.ts';

/** What each verdict tells scripts. Only these three, whatever happens. */
const EXIT_OF: Readonly<Record<Verdict['verdict'], 0 | 1 | 2>> = {
  valid: 0,
  revoked: 1,
  invalid: 1,
  stale: 2,
  'not-usable': 2,
};

const HEADINGS: Readonly<Record<Verdict['verdict'], string>> = {
  valid: 'VALID',
  revoked: 'REVOKED: authentic, but its issuer has taken it back',
  invalid: 'NOT VALID',
  stale: 'NOT USABLE: authentic, but not fresh enough',
  'not-usable': 'NOT USABLE',
};

/** A file of this size is none of ours. */
const MOST_BYTES = 64 * 1024 * 1024;

/** `./commonway verify FILE [--anchor FILE] [--json]`: offline, by the anchors pinned on this machine. */
export const verify: Command = {
  name: 'verify',
  summary: 'checks a file that a node or the demo wrote: document, evidence, decision, transaction, receipt or proof',
  details: [
    'Works without any node, database or network. Trust comes from --anchor, else from the anchors that `up` and `demo` pinned on this',
    'machine, never from the file. Ends with 0: valid; 1: not valid, or revoked; 2: nothing can be said, or its status is too old.',
    'A file of a demonstration is judged as of its sealing, since a demonstration has a calendar of its own; with --at as of that moment.',
  ].join('\n'),
  arguments: [{ name: 'FILE', summary: 'ends in .commonway.json, as a portal saved it' }],
  options: {
    anchor: {
      type: 'string',
      value: 'FILE',
      summary: 'an anchor, or a folder of anchors; default: those of this machine',
    },
    at: { type: 'string', value: 'MOMENT', summary: 'judges as of then: 2026-11-22T19:28:11Z; default: now' },
    'status-age': {
      type: 'string',
      value: 'DURATION',
      summary: 'the oldest status to accept: P1D; default: what the list itself says',
    },
    json: { type: 'boolean', summary: 'prints the verdict as one JSON object' },
  },
  async run(around, typed) {
    const at = momentOf(textOf(typed, 'at'));
    const maxStatusAge = secondsOf(textOf(typed, 'status-age'));
    const verdict = await judge(around, typed, { at, maxStatusAge });
    const reason = verdict.code === 'VALID' ? undefined : around.sentenceOf(new Failure(verdict.code, verdict.params));
    if (typed.options.json === true) around.out(JSON.stringify(reportOf(verdict, reason)));
    else for (const line of linesOf(verdict, reason)) around.out(line);
    return EXIT_OF[verdict.verdict];
  },
};

/** Whatever keeps the file from being judged is a verdict of its own: nothing can be said. */
async function judge(
  around: Surroundings,
  typed: Typed,
  { at, maxStatusAge }: { at?: Instant; maxStatusAge?: number },
): Promise<Verdict> {
  try {
    const bytes = read(typed.arguments[0] ?? '');
    const anchors = readAnchors(textOf(typed, 'anchor') ?? anchorFolder(around));
    return await verifyFile(bytes, {
      anchors,
      now: at ?? systemClock.now(),
      strictTime: at !== undefined,
      maxStatusAge,
    });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { verdict: 'not-usable', code: error.code, params: error.params, facts: [] };
  }
}

function read(path: string): Buffer {
  const unreadable = (reason: string): Failure => new Failure('CLI_FILE_MISSING', { file: path, reason });
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw unreadable('too large');
    return readFileSync(path);
  } catch (error) {
    if (isFailure(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(code === 'ENOENT' ? 'no such file' : (code ?? 'unknown reason'));
  }
}

function momentOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return Temporal.Instant.from(text).toString({ fractionalSecondDigits: 3 });
  } catch {
    throw new Failure('CLI_OPTION_WRONG', {
      command: 'verify',
      reason: '--at takes a moment such as 2026-11-22T19:28:11Z.',
    });
  }
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return Temporal.Duration.from(text).total({ unit: 'seconds', relativeTo: '2026-01-01' });
  } catch {
    throw new Failure('CLI_OPTION_WRONG', { command: 'verify', reason: '--status-age takes a duration such as P1D.' });
  }
}

function reportOf(verdict: Verdict, reason: string | undefined) {
  const { kind, code, params, asOf, facts } = verdict;
  return { ok: verdict.verdict === 'valid', verdict: verdict.verdict, kind, code, reason, params, asOf, facts };
}

function linesOf({ verdict, kind, code, asOf, facts }: Verdict, reason: string | undefined): string[] {
  const heading = `${HEADINGS[verdict]}${asOf === undefined ? '' : ` as of ${asOf}`}${kind === undefined ? '' : ` (${kind})`}`;
  const words = texts('en');
  const named = facts.map(({ name, value }) => [words.find(`verify.fact.${name}`) ?? name, value] as const);
  const width = Math.max(0, ...named.map(([label]) => label.length));
  return [
    heading,
    ...(reason === undefined ? [] : [`${reason} [${code}]`]),
    ...named.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
  ];
}
