import { deadline } from '../calendar/index.ts';
import type { Instant } from '../storage/index.ts';
import type { Agreement } from './types.ts';

/**
 * Until when a use of data on a ground may be kept back from the person; undefined where she is told at once, which is so unless the
 * article says otherwise, and always where she consented.
 *
 * @param state whose authority uses them: its calendar counts
 * @example withheldUntil(agreement, { kind: 'law', article: 'supervision' }, '2026-03-02T09:00:00.000Z', 'kz')
 */
export function withheldUntil(
  agreement: Pick<Agreement, 'articles'>,
  ground: { kind: string; article: string },
  at: Instant,
  state: string,
): Instant | undefined {
  const articles = agreement.articles;
  const length = Object.hasOwn(articles, ground.article) ? articles[ground.article]?.withholdFor : undefined;
  return length === undefined || ground.kind !== 'law' ? undefined : deadline(at, length, state);
}
