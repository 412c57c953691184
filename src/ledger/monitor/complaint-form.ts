import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Json } from '../../storage/index.ts';
import type { ComplaintEvidence } from './complaint.ts';

/**
 * Seconds within which every log promises to have the leaf of a message that it acknowledged (docs/protocol.md). Who complains cannot make it
 * a shorter time, or one before the leaf: every honest log would have missed it.
 */
export const PROMISE_SECONDS = 60;

const closed = { additionalProperties: false } as const;
const note = Type.String({ maxLength: 65_536 });
const data = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Shown = Type.Object(
  { data, path: Type.Array(Type.String({ maxLength: 44 }), { maxItems: 64 }), checkpoint: note },
  closed,
);
const index = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Evidence = Type.Union([
  Type.Object({ kind: Type.Literal('fork'), first: note, second: note }, closed),
  Type.Object({ kind: Type.Literal('cut-tail'), first: note, second: note }, closed),
  Type.Object({ kind: Type.Literal('reused-index'), index, first: Shown, second: Shown }, closed),
  Type.Object(
    {
      kind: Type.Literal('rewritten-leaf'),
      index,
      first: Shown,
      second: Type.Union([Shown, Type.Object({ data }, closed)]),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('backdated'),
      proof: Type.Object({}),
      content: Type.Object({ at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }) }),
      within: Type.Integer({ minimum: PROMISE_SECONDS, maximum: 366 * 86_400 }),
      checkpoint: note,
    },
    closed,
  ),
]);

/**
 * The evidence of a complaint out of a file of anybody. What the log had shown before must be under its signature in each of them: without
 * that, two texts of whoever complains would accuse it.
 * @returns undefined where it has not its form
 */
export function readEvidence(value: Json): ComplaintEvidence | undefined {
  return Value.Check(Evidence, value) ? (value as unknown as ComplaintEvidence) : undefined;
}
