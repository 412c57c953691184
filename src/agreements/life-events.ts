/**
 * What happens in a person's or an organisation's life, by which people look for a service (CPSV-AP 3.2, life event and business event). The
 * platform's own list: an agreement says which of them a service belongs to, and adds none.
 */
export const LIFE_EVENTS = [
  'retirement',
  'disability',
  'death-of-a-relative',
  'having-a-child',
  'education',
  'new-job',
  'moving',
  'starting-a-business',
  'trading-across-borders',
  'public-contract',
] as const;

export type LifeEvent = (typeof LIFE_EVENTS)[number];

/** Those of them that happen to organisations. */
const BUSINESS: readonly LifeEvent[] = ['starting-a-business', 'trading-across-borders', 'public-contract'];

export const isBusinessEvent = (event: LifeEvent): boolean => BUSINESS.includes(event);

/** Whether a word is one of them. */
export const isLifeEvent = (word: string): word is LifeEvent => (LIFE_EVENTS as readonly string[]).includes(word);
