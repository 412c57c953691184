import type { Agreement, Service } from '../../agreements/index.ts';
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

/** What the cards of these services show: another text while none of it has changed is another edition for no reason, and no harm. */
export const editionOf = (offers: readonly Offer[]): string =>
  offers
    .map(({ agreement, service }) => `${agreement.contractDigest} ${agreement.textsDigest} ${service.name}`)
    .join(' ');
