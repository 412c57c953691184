import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filesOf } from '../testing.ts';
import { checkFiles } from './check.ts';

const GOOD = filesOf('src/agreements/fixtures/good');
const PATHS = [...GOOD.keys()];

/** Pieces that stand somewhere in an agreement, put where they do not belong. */
const pieces = fc.constantFrom(
  ...[
    'null',
    '[]',
    '{}',
    '""',
    '-1',
    '0',
    '99999999',
    'true',
    '2026-02-30',
    '9999-12-31',
    '0000-01-01',
    'P9999Y',
    'PT0S',
  ],
  ...['kz', 'permit', 'zone', 'nights', 'fee', 'outcome', 'residence', 'decider', 'towns', 'office', 'constructor'],
  ...['rules:', 'when: ', '- ', '  ', '\n', ': ', '{ ', ' }', "'", '"', '#', '? ', '|', '>', '&a ', '*a', '!!x '],
  ...[
    'nights > 0',
    'for x in towns return x',
    'fee * 1e300',
    '@"P1Y"',
    'date("x")',
    'count(null)',
    'residence[1].since',
  ],
);

const mutation = fc.record({
  path: fc.constantFrom(...PATHS),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.nat(3), fc.nat(60)),
  put: fc.oneof(pieces, pieces, fc.string({ maxLength: 6 }), fc.constant('')),
});

/** A word of the file in place of another of its words: most of what is wrong with real agreements. */
const swap = fc.record({ path: fc.constantFrom(...PATHS), one: fc.nat(), other: fc.nat() });

function spoil(text: string, at: number, cut: number, put: string): string {
  const place = Math.floor(at * text.length);
  return text.slice(0, place) + put + text.slice(place + cut);
}

function swapped(text: string, one: number, other: number): string {
  const words = [...text.matchAll(/[A-Za-z0-9.]+/g)];
  const [from, to] = [words[one % words.length], words[other % words.length]];
  if (from === undefined || to === undefined) return text;
  return text.slice(0, from.index) + to[0] + text.slice(from.index + from[0].length);
}

/** Never throws, and never says nothing of an agreement that it does not give out. */
function judged(files: Map<string, Uint8Array>): void {
  const { agreement, findings } = checkFiles(files);
  assert.ok(agreement !== undefined || findings.length > 0);
  for (const { file, line, column, message, hint } of findings) {
    assert.ok(line >= 1 && column >= 1 && message !== '' && hint !== '', `${file}:${line}:${column} ${message}`);
  }
}

describe('the check of any files', () => {
  const numRuns = process.env.COMMONWAY_ALL === '1' ? 1_000 : 80;

  it('judges whatever was changed in a good agreement', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const files = new Map(GOOD);
        for (const { path, at, cut, put } of mutations) {
          files.set(path, Buffer.from(spoil(Buffer.from(files.get(path) ?? '').toString('utf8'), at, cut, put)));
        }
        judged(files);
      }),
      { numRuns },
    );
  });

  it('judges words in places of others', () => {
    fc.assert(
      fc.property(fc.array(swap, { minLength: 1, maxLength: 3 }), (swaps) => {
        const files = new Map(GOOD);
        for (const { path, one, other } of swaps) {
          files.set(path, Buffer.from(swapped(Buffer.from(files.get(path) ?? '').toString('utf8'), one, other)));
        }
        judged(files);
      }),
      { numRuns },
    );
  });

  it('judges bytes that nobody wrote', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), fc.uint8Array({ maxLength: 300 }), (path, bytes) => {
        judged(new Map(GOOD).set(path, bytes));
      }),
      { numRuns },
    );
  });
});
