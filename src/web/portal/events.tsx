import { isLifeEvent, LIFE_EVENTS, type LifeEvent } from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import type { Pages } from '../http/routes.ts';
import { sharedPage } from '../http/shared-page.ts';
import { ButtonLink, Empty, Layout, PageHeading, type View } from '../ui/index.ts';
import { catalogue, editionOf, type Offer } from './catalogue.ts';
import { ServiceGroups } from './service-cards.tsx';

/** Services by what happens in people's lives. */
export function addEvents(pages: Pages): void {
  pages.anybody.get('/events/:event', (visit) => {
    const event = visit.params.event ?? '';
    if (!isLifeEvent(event)) throw new Failure('WEB_PAGE_NOT_FOUND');
    const offers = catalogue(visit.ctx).filter(({ service }) => service.events.includes(event));
    return sharedPage(visit, editionOf(offers), (view) => <EventPage view={view} event={event} offers={offers} />);
  });
}

export function EventPage({ view, event, offers }: { view: View; event: LifeEvent; offers: readonly Offer[] }) {
  const { say } = view;
  return (
    <Layout view={view} title={say(`portal.events.${event}`)} back="/" wide>
      <PageHeading caption={say('portal.events.title')}>{say(`portal.events.${event}`)}</PageHeading>
      {offers.length === 0 ? (
        <Empty icon="search" title={say('portal.events.none')}>
          <ButtonLink href="/services" kind="secondary">
            {say('portal.services.all')}
          </ButtonLink>
        </Empty>
      ) : (
        <ServiceGroups view={view} offers={offers} level={2} />
      )}
    </Layout>
  );
}

/** The events that some service here belongs to, in the platform's order. */
export function EventLinks({ view, offers }: { view: View; offers: readonly Offer[] }) {
  const events = LIFE_EVENTS.filter((event) => offers.some(({ service }) => service.events.includes(event)));
  if (events.length === 0) return null;
  return (
    <section class="cw-section">
      <h2>{view.say('portal.events.title')}</h2>
      <p>{view.say('portal.events.lead')}</p>
      <ul class="cw-filters">
        {events.map((event) => (
          <li key={event}>
            <a href={`/events/${event}`}>{view.say(`portal.events.${event}`)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
