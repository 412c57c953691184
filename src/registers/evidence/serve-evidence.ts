import { deadline, today } from '../../calendar/index.ts';
import { randomId, type Sealed, seal } from '../../crypto/index.ts';
import { recordAccess } from '../../persons/index.ts';
import { Failure, type Instant, type Json, type Tx } from '../../storage/index.ts';
import type { EvidenceContext } from '../context.ts';
import { registerServing } from '../definition/load.ts';
import type { Register } from '../definition/register.ts';
import { type Finding, findSubject } from '../find-subject.ts';
import { outwardResult } from '../matching/match.ts';
import { isPersonClaim } from '../matching/person.ts';
import { rememberMatch } from '../rows/matches.ts';
import { checkQuery } from './check-query.ts';
import { countQuestion } from './count-question.ts';
import type { Assurance, Evidence, EvidenceQuery, EvidenceTerms } from './evidence.ts';
import { factsOf, fieldsOf } from './facts.ts';
import { onlyAgreed } from './only-agreed.ts';

/** What the exchange and the asked state's own agreement say about a question. */
export interface Asked {
  /** The state that sent it, as the exchange proved. */
  from: string;
  /** The agency of this state that is asked. */
  agency: string;
  /** Digest of the contract, as this state ratified it. */
  agreement: string;
  evidence: EvidenceTerms;
  /** Throws where facts are not of the form that the agreement gives them: such are never signed. */
  demandFacts?(facts: Json): void;
  /** The least assurance of the person's sign-in; `substantial` without it. */
  assurance?: Assurance;
  /** Until when the person may be kept from seeing this use, where the agreement lets it be so. */
  withheldUntil?: Instant | undefined;
  /** Questions an hour for one state; see `countQuestion`. */
  limit?: number;
}

/**
 * Answers a question about a person from this state's own register, signed by the agency that keeps it.
 *
 * The question is checked before anything is looked up; then one person is found or none; the use is recorded for her, exactly once,
 * in the transaction that answers. That no record can be shown is signed evidence as well, and it says the same whether somebody of
 * that name exists or not.
 *
 * @param body the question as it arrived: an `EvidenceQuery`
 * @throws Failure those of `checkQuery`; REGISTERS_RATE, REGISTERS_NOT_SERVED. Nothing was looked up then; the transaction may go on
 *   to send the refusal.
 * @example
 * const sealed = await serveEvidence(tx, ctx, body, { from: 'kz', agency: 'ru.pension-fund', agreement: contract, evidence: type })
 */
export async function serveEvidence(
  tx: Tx,
  ctx: EvidenceContext,
  body: unknown,
  asked: Asked,
): Promise<Sealed<Evidence>> {
  const terms = { evidence: asked.evidence, agreement: asked.agreement, assurance: asked.assurance ?? 'substantial' };
  const { query, digest } = checkQuery(ctx, asked.from, body, terms);
  const register = registerServing(ctx.registers, asked.agency, query.type);
  const now = ctx.clock.now();
  await countQuestion(tx, { state: asked.from, digest, now }, asked.limit);

  const { state } = register;
  const claim = query.subject;
  demandSameKind(register, query);
  const found = await findSubject(tx, register, claim);
  const result = outwardResult(found, claim, state);
  const facts = result === 'found' ? agreedFacts(register, asked, found) : null;
  if (found.outcome === 'one')
    await rememberMatch(tx, {
      register: register.id,
      subject: found.subject,
      home: claim.home,
      reference: claim.reference,
      now,
    });
  await recordUse(tx, ctx, query, asked, found, fieldsOf(register, query.type));

  const evidence: Evidence = {
    id: randomId(),
    type: query.type,
    agreement: asked.agreement,
    schema: asked.evidence.schemaDigest,
    issuer: { state, agency: asked.agency },
    subject: {
      home: claim.home,
      reference: claim.reference,
      ...(claim.represented === undefined ? {} : { represented: claim.represented }),
    },
    request: digest,
    application: query.application,
    purpose: query.purpose,
    ground: query.ground,
    result,
    facts,
    asOf: today(ctx.clock, state),
    issuedAt: now,
    validUntil: deadline(now, asked.evidence.maxAge, state),
  };
  return seal('evidence', evidence, [keyOf(ctx, asked.agency)]);
}

/** A person's number is never looked for among organisations, nor the other way: the two are proven by different things. */
function demandSameKind({ holds, owner }: Register, { subject, type }: EvidenceQuery): void {
  const kind = isPersonClaim(subject) ? 'persons' : 'organisations';
  if (holds !== kind) throw new Failure('REGISTERS_NOT_SERVED', { agency: owner, type });
}

/** The facts of the one person, no more of them than the agreement names, and in its form. */
function agreedFacts(register: Register, { evidence, demandFacts }: Asked, found: Finding): { [fact: string]: Json } {
  const facts = onlyAgreed(factsOf(register, evidence.type, found.rows), evidence.schema);
  demandFacts?.(facts);
  return facts as { [fact: string]: Json };
}

async function recordUse(
  tx: Tx,
  ctx: EvidenceContext,
  query: EvidenceQuery,
  { agency, withheldUntil }: Asked,
  found: Finding,
  fields: string[],
): Promise<void> {
  await recordAccess(tx, ctx, {
    subject: { home: query.subject.home, reference: query.subject.reference },
    agency,
    fields: found.outcome === 'one' ? fields : [],
    purpose: query.purpose,
    ground: query.ground,
    application: query.application,
    ...(withheldUntil === undefined ? {} : { withheldUntil }),
  });
}

function keyOf(ctx: EvidenceContext, agency: string) {
  const key = Object.hasOwn(ctx.agencyKeys, agency) ? ctx.agencyKeys[agency] : undefined;
  if (key === undefined) throw new Failure('REGISTERS_NOT_SERVED', { agency, type: 'any' });
  return key;
}
