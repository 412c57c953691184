import { decide, decidersOf, type EvidenceFacts, filesNamed } from '../agreements/index.ts';
import { today } from '../calendar/index.ts';
import type { ApplicationsContext } from './context.ts';
import { journeyInput, type OpenDraft } from './drafts.ts';
import type { Disclosure, EvidenceCard, Forecast } from './types.ts';

/** The facts of the evidence at hand, as a decision takes them: exactly what a deciding node makes of the sealed application. */
export function factsOf(cards: readonly EvidenceCard[]): EvidenceFacts[] {
  return cards.flatMap(({ type, state, status, evidence }): EvidenceFacts[] => {
    if (status === 'waived' || status === 'unanswered') return [{ type, state, result: status, facts: null }];
    if (status !== 'received' || evidence === undefined) return [];
    const { result, facts } = evidence.payload;
    return [{ type, state, result, facts }];
  });
}

/** The states whose authorities will decide, as the agreement says over her answers. */
export function deciders(ctx: ApplicationsContext, { draft, agreement, service }: OpenDraft): string[] {
  return decidersOf(agreement, service, journeyInput(ctx, draft));
}

/**
 * Would I get this: the rules of each paying state, run at home on the evidence at hand. It binds nobody; the deciding state
 * runs the same rules again on what it has checked itself.
 */
export function forecast(ctx: ApplicationsContext, opened: OpenDraft, cards: readonly EvidenceCard[]): Forecast[] {
  const { draft, agreement, service } = opened;
  const claim = today(ctx.clock, ctx.trust.self);
  return deciders(ctx, opened).map((state) => ({
    state,
    decision: decide(agreement, {
      service: service.name,
      state,
      home: ctx.trust.self,
      answers: draft.answers,
      evidence: factsOf(cards),
      dates: { claim, decision: claim },
    }),
  }));
}

/** Who will receive what, on which ground, and for how long: told to her before she sends. */
export function disclosures(ctx: ApplicationsContext, opened: OpenDraft, cards: readonly EvidenceCard[]): Disclosure[] {
  const { agreement, service, draft } = opened;
  const states = deciders(ctx, opened);
  const files = filesNamed(agreement, service, journeyInput(ctx, draft), states);
  const filesTo = (state: string) =>
    files.filter(({ sentTo }) => sentTo.includes(state)).map(({ name }) => ({ kind: 'file' as const, name }));
  const sent = cards
    .filter(({ status }) => status === 'received')
    .map(({ type, state }) => ({ kind: 'evidence' as const, type, state }));
  const article = Object.values(agreement.rules)[0]?.article ?? '';
  return states.map((state) => ({
    state,
    agency: agreement.annexes[state]?.roles[service.decidedBy.role] ?? '',
    items: [{ kind: 'answers' as const }, ...sent, ...filesTo(state)],
    ground: { kind: 'law' as const, article },
    keep: service.disclosure.keep,
  }));
}
