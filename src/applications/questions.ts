import { type EvidenceType, evidenceQuestions } from '../agreements/index.ts';
import type { Queryable } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { journeyInput, type OpenDraft } from './drafts.ts';
import { evidenceCards } from './evidence-rows.ts';
import type { EvidenceCard } from './types.ts';

/** What would be asked: of whom, what, on which ground. Shown to her before anything is asked. */
export interface Question {
  key: string;
  evidence: EvidenceType;
  state: string;
  agency: string;
}

/** The questions that the answers so far lead to, in the agreement's order. */
export function questions(ctx: ApplicationsContext, { draft, agreement, service }: OpenDraft): Question[] {
  return evidenceQuestions(agreement, service, journeyInput(ctx, draft)).map(({ evidence, state }) => ({
    key: `${evidence.type}/${state}`,
    evidence,
    state,
    agency: agencyOf(agreement.annexes[state]?.roles, evidence.servedBy, state),
  }));
}

/** The agency that plays a role in a state. */
export function agencyOf(
  roles: Record<string, string> | undefined,
  role: string,
  state: string,
  otherwise = role,
): string {
  return roles?.[role] ?? `${state}.${otherwise}`;
}

/**
 * The cards that count for a draft: those of the questions that her answers lead to. What she took off her list stays where it is
 * and is neither shown nor sent; evidence past its time is to be asked anew.
 */
export async function cardsOfDraft(
  ctx: ApplicationsContext,
  db: Queryable,
  opened: OpenDraft,
): Promise<EvidenceCard[]> {
  const wanted = new Set(questions(ctx, opened).map(({ key }) => key));
  const now = ctx.clock.now();
  const cards = await evidenceCards(db, opened.draft.id);
  return cards.filter(({ key, evidence }) => {
    const counts = evidence === undefined || evidence.payload.validUntil >= now;
    return wanted.has(key) && counts;
  });
}

/** Whether nothing is waited for any more: the answer is there, or she goes on without it. */
export function isSettled(card: Pick<EvidenceCard, 'status'> | undefined): boolean {
  return card?.status === 'received' || card?.status === 'waived' || card?.status === 'unanswered';
}

/** Cards whose answer is still out. */
export function pendingCards(cards: readonly EvidenceCard[]): EvidenceCard[] {
  return cards.filter(({ status }) => status === 'asked');
}
