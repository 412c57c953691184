import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type InclusionProof, verifyInclusion } from '../../ledger/index.ts';
import { Failure, type Json, json, type Tx } from '../../storage/index.ts';
import type { PersonsContext } from '../context.ts';
import { countTold } from '../counts/told.ts';
import { findSubjectOf, numberOfKey, subjectOfReference, unboundKey } from '../subjects.ts';
import type { AccessContent } from './entry.ts';

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1, maxLength: 200 });
const nullable = Type.Union([text, Type.Null()]);
const instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });

const Entry = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    state: text,
    agency: text,
    home: text,
    reference: text,
    actor: nullable,
    fields: Type.Array(text, { maxItems: 500 }),
    purpose: text,
    ground: Type.Object(
      {
        kind: Type.Union([Type.Literal('law'), Type.Literal('consent')]),
        article: Type.String({ maxLength: 500 }),
        consent: Type.Optional(text),
      },
      closed,
    ),
    application: nullable,
    case: nullable,
    at: instant,
    counter: Type.Integer({ minimum: 1 }),
    caller: Type.Optional(
      Type.Object({ state: text, agency: text, system: text, user: Type.Union([text, Type.Null()]) }, closed),
    ),
    service: Type.Optional(text),
    withheldUntil: Type.Optional(instant),
  },
  closed,
);
/** What this room cannot know of a notice; wired by the node. */
export interface NoticeChecks {
  /** A number as the population register writes it, where somebody has it: no other state may fill our store with invented ones. */
  findResident(tx: Tx, number: string): Promise<string | undefined>;
  /** Whether an agreement lets the use be kept back as long as it says. */
  mayBeWithheld(entry: AccessContent): boolean;
}

const Notice = Type.Object({ entry: Entry, proof: Type.Object({}) }, closed);

/**
 * Takes a notice that an agency of another state used the data of a person of ours, and keeps it with its proof. The same notice
 * again changes nothing.
 *
 * @param fromState the state whose node sent it, as the exchange proved
 * @throws Failure PERSONS_NOTICE_WRONG where it speaks for another state, is not proven by that state's ledger, or is of another
 *   form; PERSONS_REFERENCE_UNKNOWN
 */
export async function receiveNotice(
  tx: Tx,
  ctx: PersonsContext,
  fromState: string,
  body: Json,
  checks: NoticeChecks,
): Promise<void> {
  const wrong = (reason: string) => new Failure('PERSONS_NOTICE_WRONG', { state: fromState, reason });
  if (!Value.Check(Notice, body)) throw wrong('its form');
  const { entry, proof } = body as unknown as { entry: Static<typeof Entry>; proof: InclusionProof };
  if (entry.state !== fromState) throw wrong('it speaks for another state');
  if (entry.home !== ctx.trust.self) throw wrong('it is about a person of another state');
  const refusal = await refusalOf(ctx, fromState, entry, proof);
  if (refusal !== undefined) throw wrong(refusal);
  const person = await whoseNotice(tx, entry.reference, checks);
  // A delay that no agreement allows does not keep her waiting.
  const withheld = entry.withheldUntil !== undefined && checks.mayBeWithheld(entry as AccessContent);
  const kept = await tx.query(
    `insert into access_entries (person, id, state, home, application, content, at, proof, received_at, withheld_until)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::jsonb, $9, $10) on conflict (person, id) do nothing returning 1`,
    [
      person,
      entry.id,
      entry.state,
      entry.home,
      entry.application,
      json(entry),
      entry.at,
      json(proof),
      ctx.clock.now(),
      withheld ? entry.withheldUntil : null,
    ],
  );
  if (kept.length > 0) await countTold(tx, entry);
}

/** By the reference that her home gave; or by her number here, where another state's register has her outside any application. */
async function whoseNotice(tx: Tx, reference: string, checks: NoticeChecks): Promise<string> {
  const number = numberOfKey(reference);
  if (number === undefined) return subjectOfReference(tx, reference);
  const resident = await checks.findResident(tx, number);
  if (resident === undefined) throw new Failure('PERSONS_REFERENCE_UNKNOWN');
  return (await findSubjectOf(tx, [resident])) ?? unboundKey(resident);
}

/**
 * Why the proof does not hold, or undefined. Witnesses may still be on their way: the notice counts by the ledger's own signature, and the
 * page shows how many saw it.
 */
async function refusalOf(
  ctx: PersonsContext,
  state: string,
  entry: Static<typeof Entry>,
  proof: InclusionProof,
): Promise<string | undefined> {
  const content = entry as unknown as Json;
  const ledgerKeys = ctx.trust.keys(state, 'ledger');
  const verdict = await verifyInclusion(proof, { ledgerKeys, witnesses: [], quorum: 0, content, kind: 'access' });
  return verdict.verified ? undefined : verdict.code;
}
