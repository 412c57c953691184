import { claimsOf, type Decision } from '../agreements/index.ts';
import type { ClaimAnswer, SealedDecision } from '../applications/index.ts';
import { today } from '../calendar/index.ts';
import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { issueDocument } from '../documents/index.ts';
import { enqueue, Failure, type Json, type Tx } from '../storage/index.ts';
import type { HeldCase } from './append.ts';
import type { CasesContext } from './context.ts';
import { factsOfCase, opinionDigests } from './evidence-facts.ts';
import { filedOf } from './fold.ts';
import { pinnedAgreement } from './pinned.ts';
import { DELIVERIES } from './queues.ts';

/** What an agency is about to sign. */
export interface Award {
  decision: Decision;
  /** What it rests on. */
  evidence: HeldCase['state']['evidence'];
  /** Officers who agreed. */
  confirmations: number;
  /** The decision that it takes the place of. */
  corrects?: NonNullable<SealedDecision['corrects']>;
}

/**
 * The decision under the agency's own key.
 * @throws Failure CASE_UNDECIDED, CASE_AGENCY_KEY_MISSING
 */
export function signDecision(ctx: CasesContext, { row, state }: HeldCase, award: Award): Sealed<SealedDecision> {
  const { decision, evidence, confirmations, corrects } = award;
  const key = ctx.keys.agencies[row.agency];
  if (decision.outcome === 'undecided') throw new Failure('CASE_UNDECIDED', {});
  if (key === undefined) throw new Failure('CASE_AGENCY_KEY_MISSING', { agency: row.agency });
  const digests = evidence.map((sealed) => digestOf(sealed as unknown as Json));
  const opinions = opinionDigests({ evidence, opinions: state.opinions });
  return seal(
    'decision',
    {
      case: row.id,
      application: row.application,
      reference: row.reference,
      state: ctx.trust.self,
      agency: row.agency,
      outcome: decision.outcome,
      decision,
      evidence: digests.filter((one) => !opinions.includes(one)),
      ...(opinions.length === 0 ? {} : { opinions }),
      decidedAt: ctx.clock.now(),
      decidedOn: today(ctx.clock, ctx.trust.self),
      confirmations,
      ...(corrects === undefined ? {} : { corrects }),
    },
    [key],
  );
}

/**
 * The document that the service issues on a positive decision, and the job that sends its sealed file home once the ledger can prove it.
 * @param key idempotency key: one for each decision
 */
export async function issueAward(
  ctx: CasesContext,
  tx: Tx,
  { row, state }: HeldCase,
  { payload }: Sealed<SealedDecision>,
  { evidence, key }: { evidence: HeldCase['state']['evidence']; key: string },
): Promise<ClaimAnswer['document']> {
  const agreement = pinnedAgreement(ctx, row);
  const name = agreement?.services[row.service]?.document;
  const type = name === undefined ? undefined : agreement?.documents[name];
  if (agreement === undefined || type === undefined || payload.outcome === 'refused') return undefined;
  const { id, credential, paper } = await issueDocument(tx, ctx, {
    key,
    type: type.type,
    vct: type.vct,
    holder: { home: row.home, reference: row.reference },
    claims: claimsOf(agreement, type.type, {
      state: ctx.trust.self,
      decision: payload.decision,
      decidedOn: payload.decidedOn,
      home: row.home,
      answers: filedOf(state)?.answers ?? {},
      evidence: factsOfCase({ ...state, evidence }),
    }),
    selective: type.selective,
    agency: row.agency,
    case: row.id,
    validFor: type.validFor,
  });
  await enqueue(tx, {
    queue: DELIVERIES,
    key: id,
    payload: { document: id, application: row.application, home: row.home },
  });
  return { id, type: type.type, credential, paper };
}
