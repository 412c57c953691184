import type { Agreement, Service } from '../../agreements/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { WebContext } from '../context.ts';

export interface Offer {
  agreement: Agreement;
  service: Service;
}

/** Every service of the newest version of every agreement that this state is a party of: people apply at home. */
export function catalogue(ctx: Pick<WebContext, 'agreements' | 'trust'>): Offer[] {
  return ctx.agreements
    .all()
    .filter(({ parties }) => parties.includes(ctx.trust.self))
    .flatMap((agreement) => Object.values(agreement.services).map((service) => ({ agreement, service })));
}

/** One service, or undefined. */
export function findOffer(
  ctx: Pick<WebContext, 'agreements' | 'trust'>,
  agreement: string,
  service: string,
): Offer | undefined {
  const found = ctx.agreements.newest(agreement);
  const ours = found?.parties.includes(ctx.trust.self);
  const offered =
    ours && found !== undefined && Object.hasOwn(found.services, service) ? found.services[service] : undefined;
  return found === undefined || offered === undefined ? undefined : { agreement: found, service: offered };
}

/**
 * Finds services by words, in whatever language they are typed: every word must begin a word of the title or the summary in
 * one of the languages. Titles count more. Nothing typed finds everything.
 *
 * @example searchOffers(catalogue(ctx), 'пенс') // the pension services
 */
export function searchOffers(offers: readonly Offer[], query: string): Offer[] {
  const wanted = wordsOf(query.slice(0, 200)).slice(0, 8);
  if (wanted.length === 0) return [...offers];
  return offers
    .map((offer) => ({ offer, score: scoreOf(offer, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ offer }) => offer);
}

function scoreOf({ agreement, service }: Offer, wanted: readonly string[]): number {
  let best = 0;
  for (const language of LANGUAGES) {
    const title = wordsOf(`${agreement.text(language, service.title)} ${agreement.text(language, agreement.title)}`);
    const summary = wordsOf(agreement.text(language, service.summary));
    const scores = wanted.map((word): number => (begins(title, word) ? 2 : begins(summary, word) ? 1 : 0));
    if (scores.every((score) => score > 0))
      best = Math.max(
        best,
        scores.reduce((sum, score) => sum + score, 0),
      );
  }
  return best;
}

const begins = (words: readonly string[], start: string): boolean => words.some((word) => word.startsWith(start));

/** Letters without their marks, in lower case: `Ё` is found by `е`, `й` by `и`. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
