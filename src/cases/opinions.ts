import { type Agreement, demandFacts, type EvidenceType, questionsState, withheldUntil } from '../agreements/index.ts';
import { deadline, today } from '../calendar/index.ts';
import { randomId, type Sealed, seal } from '../crypto/index.ts';
import { acceptTransaction, refuseTransaction, respondTransaction } from '../exchange/index.ts';
import { must, type Session } from '../identity/index.ts';
import { recordAccess } from '../persons/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import type { CasesContext } from './context.ts';
import { firstReading } from './notice-rows.ts';
import { findOpinion, lockOpinion, markOpinion, opinionsOfAgency } from './opinion-rows.ts';
import type { AskedOpinion } from './types.ts';

/**
 * What an officer's agency was asked for, waiting ones first by their time; a row names no person.
 * @throws Failure IDENTITY_NOT_PERMITTED
 */
export async function opinionsOf(ctx: CasesContext, session: Session): Promise<Omit<AskedOpinion, 'shows'>[]> {
  const { account } = session;
  if (account.kind !== 'officer') throw new Failure('IDENTITY_NOT_PERMITTED', { verb: 'case.list' });
  must(session, 'case.list', { agency: account.agency });
  return (await opinionsOfAgency(ctx.db, account.agency)).map(({ shows: _unread, ...row }) => row);
}

/**
 * One question, opened by an officer. The first time is a use of the person's data: it stands in her access record before he sees it.
 * @throws Failure OPINION_NOT_FOUND (also for another agency's), IDENTITY_NOT_PERMITTED
 */
export async function openOpinion(ctx: CasesContext, session: Session, id: string): Promise<AskedOpinion> {
  const { account } = session;
  const asked = account.kind === 'officer' ? await findOpinion(ctx.db, account.agency, id) : undefined;
  if (asked === undefined) throw new Failure('OPINION_NOT_FOUND', {});
  must(session, 'case.read', { agency: asked.agency, service: `${asked.agreement}/${asked.service}` });
  await ctx.db.transaction(async (tx) => {
    if (!(await firstReading(tx, id, account.id, ctx.clock.now()))) return;
    const { type, agreement } = termsOf(ctx, asked);
    const withheld = withheldUntil(agreement, type.ground, ctx.clock.now(), ctx.trust.self);
    await recordAccess(tx, ctx, {
      subject: { home: asked.home, reference: asked.reference },
      state: ctx.trust.self,
      agency: asked.agency,
      fields: ['application'],
      purpose: type.purpose,
      ground: type.ground,
      application: asked.application,
      actor: account.id,
      ...(withheld === undefined ? {} : { withheldUntil: withheld }),
    });
  });
  return asked;
}

/**
 * The agency takes the question on: under a mutual obligation it is bound by that, and answers then.
 * @throws Failure OPINION_NOT_FOUND, IDENTITY_NOT_PERMITTED, OPINION_ANSWERED, OPINION_NOT_ACCEPTED for a pattern that knows no acceptance
 */
export async function acceptOpinion(ctx: CasesContext, session: Session, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const asked = await holdForOfficer(tx, session, id);
    if (asked.status === 'accepted') return;
    if (asked.pattern === 'requestConfirm') throw new Failure('OPINION_NOT_ACCEPTED', {});
    await acceptTransaction(tx, ctx, id);
    await markOpinion(tx, asked, { status: 'accepted', officer: session.account.id });
  });
}

/**
 * An officer gives his agency's opinion: the facts that the agreement names, sealed by the agency's own key, sent to the authority that
 * asked.
 * @param given by name, as the fields of the evidence type are
 * @returns what is wrong by question, a text id each; none means that it went out
 * @throws Failure OPINION_NOT_FOUND, IDENTITY_NOT_PERMITTED, OPINION_ANSWERED, OPINION_NOT_ACCEPTED before a mutual obligation is accepted
 */
export async function giveOpinion(
  ctx: CasesContext,
  session: Session,
  id: string,
  given: Record<string, Json>,
): Promise<Record<string, string>> {
  return ctx.db.transaction(async (tx) => {
    const asked = await holdForOfficer(tx, session, id);
    if (asked.pattern === 'mutualObligation' && asked.status !== 'accepted') {
      throw new Failure('OPINION_NOT_ACCEPTED', {});
    }
    const { agreement, type } = termsOf(ctx, asked);
    const { fields, answers } = questionsState(agreement, type.asks, given);
    const wrong = fields.flatMap(({ field, error }) =>
      error === undefined ? [] : [[field.name, error.text] as const],
    );
    if (wrong.length > 0) return Object.fromEntries(wrong);
    const evidence = testify(ctx, asked, agreement, type, answers);
    await respondTransaction(tx, ctx, id, { evidence } as unknown as Json);
    await markOpinion(tx, asked, { status: 'given', officer: session.account.id, answeredAt: ctx.clock.now() });
    return {};
  });
}

/**
 * The agency gives no opinion: the authority that asked goes on without it, and nothing follows from that against her.
 * @throws Failure OPINION_NOT_FOUND, IDENTITY_NOT_PERMITTED, OPINION_ANSWERED, OPINION_BOUND once a mutual obligation was accepted
 */
export async function declineOpinion(ctx: CasesContext, session: Session, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const asked = await holdForOfficer(tx, session, id);
    if (asked.pattern === 'mutualObligation' && asked.status === 'accepted') throw new Failure('OPINION_BOUND', {});
    await refuseTransaction(tx, ctx, id, { code: 'OPINION_DECLINED' });
    await markOpinion(tx, asked, { status: 'declined', officer: session.account.id, answeredAt: ctx.clock.now() });
  });
}

/** The question under lock, for an officer who may answer it; another agency's is as if it were not there. */
async function holdForOfficer(tx: Tx, session: Session, id: string): Promise<AskedOpinion> {
  const { account } = session;
  const asked = account.kind === 'officer' ? await lockOpinion(tx, account.agency, id) : undefined;
  if (asked === undefined) throw new Failure('OPINION_NOT_FOUND', {});
  must(session, 'case.confirm', { agency: asked.agency, service: `${asked.agreement}/${asked.service}` });
  if (asked.answeredAt !== null) throw new Failure('OPINION_ANSWERED', {});
  return asked;
}

/** The contract that was asked under, and the evidence type of the opinion. @throws Failure CLAIM_CONTRACT_UNKNOWN */
export function termsOf(
  ctx: Pick<CasesContext, 'agreements'>,
  { contract, evidence }: Pick<AskedOpinion, 'contract' | 'evidence'>,
): { agreement: Agreement; type: EvidenceType } {
  const agreement = ctx.agreements.byContract(contract);
  const type = agreement?.evidence[evidence];
  if (agreement === undefined || type === undefined) {
    throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: contract.slice(0, 16) });
  }
  return { agreement, type };
}

function testify(
  ctx: CasesContext,
  asked: AskedOpinion,
  agreement: Agreement,
  type: EvidenceType,
  answers: Record<string, Json>,
): Sealed<Evidence> {
  const key = ctx.keys.agencies[asked.agency];
  if (key === undefined) throw new Failure('CASE_AGENCY_KEY_MISSING', { agency: asked.agency });
  const facts = Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null));
  demandFacts(agreement, type.type, facts);
  const now = ctx.clock.now();
  const { self } = ctx.trust;
  const evidence: Evidence = {
    id: randomId(),
    type: type.type,
    agreement: asked.contract,
    schema: type.schemaDigest,
    issuer: { state: self, agency: asked.agency },
    subject: { home: asked.home, reference: asked.reference },
    request: asked.request,
    application: asked.application,
    purpose: type.purpose,
    ground: { kind: type.ground.kind, article: type.ground.article },
    result: 'found',
    facts,
    asOf: today(ctx.clock, self),
    issuedAt: now,
    validUntil: deadline(now, type.maxAge, self),
  };
  return seal('evidence', evidence, [key]);
}
