import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { digestOf, type Sealed, signersOf } from '../../crypto/index.ts';
import { Failure, type Instant, isFailure, type Json } from '../../storage/index.ts';
import type { EvidenceContext } from '../context.ts';
import type { RepresentedKind } from '../definition/register.ts';
import type { Assertion, EvidenceQuery, EvidenceTerms } from './evidence.ts';

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1, maxLength: 200 });
const day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' });
const instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });

const AssertionForm = Type.Object(
  {
    subject: text,
    home: text,
    assurance: Type.Union([Type.Literal('low'), Type.Literal('substantial'), Type.Literal('high')]),
    at: instant,
    purpose: text,
    requestDigest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    consent: Type.Union([text, Type.Null()]),
  },
  closed,
);

const ids = Type.Array(Type.Object({ state: text, value: text }, closed), { maxItems: 20 });
const representedAs = (kind: RepresentedKind) => Type.Object({ kind: Type.Literal(kind), number: text }, closed);

const SubjectForm = Type.Union([
  Type.Object(
    {
      reference: text,
      home: text,
      names: Type.Array(
        Type.Object(
          { family: text, given: text, script: text, from: Type.Optional(day), to: Type.Optional(day) },
          closed,
        ),
        { minItems: 1, maxItems: 50 },
      ),
      birthDate: day,
      ids,
      represented: Type.Optional(representedAs('child')),
    },
    closed,
  ),
  Type.Object({ reference: text, home: text, ids, represented: representedAs('organisation') }, closed),
]);

const QueryForm = Type.Object(
  {
    type: text,
    agreement: text,
    application: text,
    purpose: text,
    ground: Type.Object(
      { kind: Type.Union([Type.Literal('law'), Type.Literal('consent')]), article: text, consent: Type.Optional(text) },
      closed,
    ),
    subject: SubjectForm,
    assertion: Type.Object(
      {
        kind: Type.Literal('assertion'),
        payload: AssertionForm,
        signatures: Type.Array(Type.Object({ key: text, value: text }, closed), { minItems: 1, maxItems: 1 }),
      },
      closed,
    ),
  },
  closed,
);

/** How far ahead of ours the clock of the asking node may be. */
const SKEW_MS = 60_000;

/**
 * How old an assertion may be: a question waits in the outbox of its node as long as the asked state is cut off, and the asked
 * state must not refuse it for that when it returns.
 */
const OLDEST_MS = 14 * 86_400_000;

const RANK = { low: 0, substantial: 1, high: 2 } as const;

/**
 * Checks a question before anything is looked up: its form, that the asking state is the person's home, that its node signed for
 * exactly this question and person and purpose, a short while ago, and that purpose and ground are those of our agreement.
 *
 * @param asking the state that the exchange proved to be the sender
 * @param body the question as it arrived
 * @param terms what the asked state's own agreement says
 * @returns the query, and its digest without the assertion
 * @throws Failure REGISTERS_QUERY_WRONG, REGISTERS_NOT_HOME, REGISTERS_ASSERTION_FORGED, REGISTERS_ASSERTION_OTHER,
 *   REGISTERS_ASSERTION_OLD, REGISTERS_ASSERTION_EARLY, REGISTERS_ASSURANCE_LOW, REGISTERS_PURPOSE_OTHER
 */
export function checkQuery(
  ctx: Pick<EvidenceContext, 'trust' | 'clock'>,
  asking: string,
  body: unknown,
  terms: { evidence: EvidenceTerms; agreement: string; assurance: keyof typeof RANK },
): { query: EvidenceQuery; digest: string } {
  const query = demandForm(body);
  const { assertion, ...question } = query;
  if (query.subject.home !== asking) throw new Failure('REGISTERS_NOT_HOME', { state: asking });
  demandSigner(ctx, asking, assertion);
  const digest = digestOf(question as unknown as Json);
  demandSameQuestion(query, digest);
  demandFresh(assertion.payload.at, ctx.clock.now());
  if (RANK[assertion.payload.assurance] < RANK[terms.assurance]) {
    throw new Failure('REGISTERS_ASSURANCE_LOW', { assurance: assertion.payload.assurance });
  }
  demandRepresented(query);
  const { evidence } = terms;
  const agreed =
    query.type === evidence.type &&
    query.agreement === terms.agreement &&
    query.purpose === evidence.purpose &&
    query.ground.kind === evidence.ground.kind &&
    query.ground.article === evidence.ground.article;
  if (!agreed) throw new Failure('REGISTERS_PURPOSE_OTHER');
  if (query.ground.kind === 'consent' && query.ground.consent === undefined) {
    throw new Failure('REGISTERS_QUERY_WRONG', { reason: 'the consent is missing' });
  }
  return { query, digest };
}

/** Whom the answer will be said to be about is whom it is looked up by: the number at home is among the ids. */
function demandRepresented({ subject: { home, ids, represented } }: EvidenceQuery): void {
  if (represented === undefined) return;
  if (ids.some(({ state, value }) => state === home && value === represented.number)) return;
  throw new Failure('REGISTERS_QUERY_WRONG', { reason: 'it is looked up by other numbers than it is about' });
}

function demandForm(body: unknown): EvidenceQuery {
  if (Value.Check(QueryForm, body)) return body satisfies Static<typeof QueryForm> as EvidenceQuery;
  const [first] = Value.Errors(QueryForm, body);
  throw new Failure('REGISTERS_QUERY_WRONG', { reason: first?.instancePath || '/' });
}

function demandSigner(ctx: Pick<EvidenceContext, 'trust'>, home: string, assertion: Sealed<Assertion>): void {
  const [signature] = assertion.signatures;
  try {
    // Looked up in our own trust store, at the moment of the assertion: a key that ran out since then did sign it.
    const key = ctx.trust.key(home, 'messages', signature?.key ?? '', assertion.payload.at);
    signersOf(assertion, 'assertion', [key]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure('REGISTERS_ASSERTION_FORGED', { state: home }, { cause: error });
  }
}

function demandSameQuestion(query: EvidenceQuery, digest: string): void {
  const { payload } = query.assertion;
  const wrong = (member: string) => new Failure('REGISTERS_ASSERTION_OTHER', { member });
  if (payload.subject !== query.subject.reference) throw wrong('subject');
  if (payload.home !== query.subject.home) throw wrong('home');
  if (payload.purpose !== query.purpose) throw wrong('purpose');
  if (payload.requestDigest !== digest) throw wrong('requestDigest');
  if (payload.consent !== (query.ground.consent ?? null)) throw wrong('consent');
}

function demandFresh(at: Instant, now: Instant): void {
  const age = Date.parse(now) - Date.parse(at);
  if (!(age >= -SKEW_MS)) throw new Failure('REGISTERS_ASSERTION_EARLY', { at });
  if (age > OLDEST_MS) throw new Failure('REGISTERS_ASSERTION_OLD', { at });
}
