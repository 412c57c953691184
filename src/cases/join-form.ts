import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { JoinedBody } from '../applications/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { closed, id, signatures, state } from './message-forms.ts';

const Joined = Type.Object(
  {
    application: id,
    /** Of a decision only what is read before its own signature is checked. */
    decisions: Type.Array(
      Type.Object({
        kind: Type.Literal('decision'),
        payload: Type.Object({ state, outcome: Type.String(), evidence: Type.Array(Type.String(), { maxItems: 500 }) }),
        signatures,
      }),
      { maxItems: 30 },
    ),
    refused: Type.Array(state, { maxItems: 30 }),
  },
  closed,
);

/** @throws Failure JOIN_INVALID */
export function readJoined(body: Json): JoinedBody {
  if (!Value.Check(Joined, body)) throw new Failure('JOIN_INVALID', { reason: 'the message has not its form' });
  return body as unknown as JoinedBody;
}
