import {
  type Agreement,
  digestsOf,
  printJourneyMap,
  printRegulation,
  regulationStyle,
  type Service,
} from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import { isLanguage, type Language } from '../../texts/index.ts';
import type { Answer } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { Visit } from '../http/visit.ts';
import { findOffer, type Offer } from './catalogue.ts';

/** The regulation that a service runs, and its journey as a picture: for anybody, in her language or the one that the address names. */
export function addRegulation(pages: Pages): void {
  const { get } = pages.anybody;
  get('/services/:agreement/:service/regulation', (visit) => {
    const { agreement, service, language } = asked(visit);
    const styleAt = `${regulationAddress(agreement, service)}.css?language=${language}`;
    const body = kept(agreement, `regulation ${language} ${service.name}`, () =>
      printRegulation(agreement, language, styleAt),
    );
    return { kind: 'text', body, type: 'text/html; charset=utf-8' };
  });
  get('/services/:agreement/:service/regulation.css', (visit) => {
    const { agreement, language } = asked(visit);
    const body = kept(agreement, `style ${language}`, () => regulationStyle(agreement, language));
    return { kind: 'text', body, type: 'text/css; charset=utf-8' };
  });
  get('/services/:agreement/:service/journey.svg', (visit): Answer => {
    const { agreement, service, language } = asked(visit);
    const { body, policy } = printJourneyMap(agreement, service, language);
    return { kind: 'text', body, policy, type: 'image/svg+xml; charset=utf-8' };
  });
}

/** Where the regulation of a service stands. */
export const regulationAddress = (agreement: Agreement, service: Service): string =>
  `/services/${agreement.name}/${service.name}/regulation`;

/** @throws Failure SERVICE_NOT_FOUND */
function asked({ ctx, params, query, view }: Visit): Offer & { language: Language } {
  const offer = findOffer(ctx, params.agreement ?? '', params.service ?? '');
  if (offer === undefined) throw new Failure('SERVICE_NOT_FOUND', { service: params.service ?? '' });
  return { ...offer, language: isLanguage(query.language) ? query.language : view.language };
}

/** The most prints to keep: all languages of a few dozen services. */
const MOST_KEPT = 240;
/** What was printed, by the digests that it is of: the same digests give the same bytes, so a print is never stale. */
const prints = new Map<string, string>();

function kept(agreement: Agreement, name: string, make: () => string): string {
  const key = `${Object.values(digestsOf(agreement)).join(' ')} ${name}`;
  const known = prints.get(key);
  if (known !== undefined) return known;
  const made = make();
  const [oldest] = prints.keys();
  if (prints.size >= MOST_KEPT && oldest !== undefined) prints.delete(oldest);
  prints.set(key, made);
  return made;
}
