import type { Draft, SealedApplication } from '../../applications/index.ts';

/** Whom the records of an application are about, for sentences that speak of them. */
export type About = { about: 'child' | 'organisation' | 'person' | 'self' };

/** Of a draft, as whoever fills it in is told. @example say('portal.evidence.title', aboutDraft(draft)) */
export function aboutDraft({ mandate, given }: Pick<Draft, 'mandate' | 'given'>): About {
  return { about: mandate?.kind ?? (given === undefined ? 'self' : 'person') };
}

/** Of what was sent, as the applicant is told: what somebody sent for her by her mandate is about her. */
export function aboutSent({ actor: { mandate } }: Pick<SealedApplication, 'actor'>): About {
  return { about: mandate === null || mandate.kind === 'given' ? 'self' : mandate.kind };
}
