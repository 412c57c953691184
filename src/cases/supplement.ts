import { representedBy, type SealedApplication, type SealedSupplement } from '../applications/index.ts';
import { digestOf, type Sealed, signersOf } from '../crypto/index.ts';
import { reaches } from '../identity/index.ts';
import { recordAccess } from '../persons/index.ts';
import { type Evidence, representedKey } from '../registers/index.ts';
import { addMilliseconds, Failure, isFailure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { lockCase, openCasesOf } from './case-rows.ts';
import { ASSURANCE, SKEW_MS } from './claim.ts';
import type { CasesContext } from './context.ts';
import { decideWhenConfirmed } from './decide.ts';
import { factsOfCase } from './evidence-facts.ts';
import { filedOf } from './fold.ts';
import { verifyIssuedEvidence } from './issued-evidence.ts';
import { filedUnder, pinnedAgreement } from './pinned.ts';
import { propose } from './propose.ts';
import { readSupplement, type SupplementBody } from './supplement-form.ts';

const wrong = (reason: string) => new Failure('SUPPLEMENT_INVALID', { reason });

/**
 * Evidence that had not come in time came to the home node, and she added it: checked as if nobody before had, taken into every case
 * of hers that is still open here, and the rules run anew. Her filing date stays; what was confirmed on less evidence falls. A case
 * that was decided meanwhile stays as it is.
 *
 * @param from the state whose node sent it
 * @throws Failure SUPPLEMENT_INVALID, those of `verifyAgreedEvidence`: the message is kept as a dead letter for an operator
 */
export async function supplementArrived(ctx: CasesContext, tx: Tx, from: string, body: Json): Promise<void> {
  const given = readSupplement(body);
  const { payload } = given.supplement;
  demandSeal(ctx, from, given.supplement);
  for (const { id } of await openCasesOf(tx, from, payload.application)) {
    const row = await lockCase(tx, id);
    if (row?.phase !== 'inProgress') continue;
    await addTo(ctx, tx, { row, state: await stateOf(tx, id) }, given);
  }
}

/** Sealed by the home node that sent it, with a key that it had then; not ahead of our clock. */
function demandSeal({ trust, clock }: CasesContext, from: string, supplement: Sealed<SealedSupplement>): void {
  const { payload, signatures } = supplement;
  if (payload.home !== from) throw wrong('the seal is of another home');
  if (payload.at > addMilliseconds(clock.now(), SKEW_MS)) throw wrong('it was added in the future');
  try {
    signersOf(supplement, 'supplement', [trust.key(from, 'messages', signatures[0]?.key ?? '', payload.at)]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure('SUPPLEMENT_INVALID', { reason: 'its seal does not hold' }, { cause: error });
  }
  if (payload.actor.reference !== payload.reference) throw wrong('another person acted, without a mandate');
  if (!reaches(payload.actor.assurance, ASSURANCE)) throw wrong('the assurance of the sign-in is too low');
}

async function addTo(ctx: CasesContext, tx: Tx, held: HeldCase, given: SupplementBody): Promise<void> {
  const application = filedOf(held.state);
  const agreement = pinnedAgreement(ctx, held.row);
  const service = agreement?.services[held.row.service];
  if (application === undefined || agreement === undefined || service === undefined) {
    throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: held.row.contract.slice(0, 16) });
  }
  const { supplement, evidence } = given;
  demandFit(application, given);
  const { type, issuer } = evidence.payload;
  const represented = representedKey(representedBy(application.actor.mandate));
  const about = { type, state: issuer.state, application: application.id, home: application.home, represented };
  verifyIssuedEvidence(
    ctx,
    filedUnder(ctx, application),
    evidence,
    { ...about, reference: application.reference },
    supplement.payload.at,
  );
  const { key, evidence: digest } = supplement.payload;
  // Delivered twice, or sent twice: the key is in the log already.
  if (held.state.evidence.some(({ payload }) => `${payload.type}/${payload.issuer.state}` === key)) return;
  const added = await append(tx, ctx, held, {
    verb: 'supplement',
    key: `supplement/${digest}`,
    actor: {
      kind: 'home',
      id: application.home,
      agency: held.row.agency,
      assurance: supplement.payload.actor.assurance,
    },
    payload: given,
  });
  await recordAccess(tx, ctx, {
    subject: { home: application.home, reference: application.reference },
    state: ctx.trust.self,
    agency: held.row.agency,
    fields: [key],
    purpose: `${agreement.name}.decision`,
    ground: { kind: 'law', article: agreement.rules[service.decision.outcome]?.article ?? '' },
    application: application.id,
    case: held.row.id,
  });
  const facts = factsOfCase(added.state);
  await decideWhenConfirmed(ctx, tx, await propose(ctx, tx, added, { agreement, service, application, facts }));
}

/** It is what the application says had not come, for this application and person, and no other piece than the home node sealed. */
function demandFit(
  application: SealedApplication,
  { supplement: { payload }, evidence }: { supplement: Sealed<SealedSupplement>; evidence: Sealed<Evidence> },
): void {
  const { type, issuer, issuedAt } = evidence.payload;
  if (payload.application !== application.id || payload.reference !== application.reference) {
    throw wrong('it is of another application or person');
  }
  if (!application.unanswered.includes(payload.key)) throw wrong('nothing of the kind was missing');
  if (payload.key !== `${type}/${issuer.state}`) throw wrong('the evidence is another than it says');
  if (payload.evidence !== digestOf(evidence as unknown as Json)) throw wrong('the evidence is not what was sealed');
  if (payload.at < application.filedAt) throw wrong('it was added before she applied');
  if (issuedAt > addMilliseconds(payload.at, SKEW_MS)) throw wrong('evidence is younger than its being added');
}
