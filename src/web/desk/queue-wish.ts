import type { QueueFilter } from '../../cases/index.ts';
import { addMilliseconds, type Instant } from '../../storage/index.ts';

const WEEK_MS = 7 * 86_400_000;

/** How an officer looks at the queue, as its address has it. What an address does not say is not narrowed. */
export interface QueueWish {
  service: string;
  stage: '' | 'examination' | 'confirmation';
  whose: '' | 'mine' | 'nobody';
  due: '' | 'late' | 'week';
  waits: '' | 'yes';
  sort: '' | 'filed';
}

/** What can be chosen, beside nothing. */
export const CHOICES = {
  stage: ['examination', 'confirmation'],
  whose: ['mine', 'nobody'],
  due: ['late', 'week'],
  waits: ['yes'],
  sort: ['filed'],
} as const satisfies { [name in Exclude<keyof QueueWish, 'service'>]: readonly Exclude<QueueWish[name], ''>[] };

/** Reads a wish out of an address, or out of one that was kept; what it does not know is as if it were not there. */
export function readWish(query: Readonly<Record<string, string>>): QueueWish {
  const one = <N extends keyof typeof CHOICES>(name: N) =>
    ((CHOICES[name] as readonly string[]).includes(query[name] ?? '') ? query[name] : '') as QueueWish[N];
  const service = /^[a-z0-9-]+\/[a-z0-9-]+$/.test(query.service ?? '') ? (query.service ?? '') : '';
  return { service, stage: one('stage'), whose: one('whose'), due: one('due'), waits: one('waits'), sort: one('sort') };
}

/** The wish as an address has it; empty where nothing is narrowed. */
export const wishQuery = (wish: QueueWish): string =>
  new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== '')).toString();

/** What the wish asks of the cases. */
export function filterOf(wish: QueueWish, officer: string, now: Instant): QueueFilter {
  return {
    ...(wish.service === '' ? {} : { service: wish.service }),
    ...(wish.stage === '' ? {} : { stage: wish.stage }),
    ...(wish.whose === '' ? {} : { assignee: wish.whose === 'mine' ? officer : null }),
    ...(wish.due === '' ? {} : { dueBy: wish.due === 'late' ? now : addMilliseconds(now, WEEK_MS) }),
    ...(wish.waits === '' ? {} : { waits: true }),
    ...(wish.sort === '' ? {} : { byFiling: true }),
  };
}
