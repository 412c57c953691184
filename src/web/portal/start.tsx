import type { Pages } from '../http/routes.ts';
import { sharedPage } from '../http/shared-page.ts';
import { Button, ButtonLink, CardLink, Cards, HeroArt, Icon, Layout, type View } from '../ui/index.ts';
import { catalogue, editionOf, type Offer } from './catalogue.ts';
import { EventLinks } from './events.tsx';
import { ServiceGroups } from './service-cards.tsx';

/** The front door: what this is, find a service, how it works. */
export function addStart(pages: Pages): void {
  pages.anybody.get('/', (visit) => {
    const services = catalogue(visit.ctx);
    return sharedPage(visit, editionOf(services), (view) => <StartPage view={view} services={services} />);
  });
}

export function StartPage({ view, services }: { view: View; services: readonly Offer[] }) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.start.title')} hero={<Hero view={view} />}>
      <EventLinks view={view} offers={services} />
      <h2>{say('portal.start.services')}</h2>
      <ServiceGroups view={view} offers={services} level={3} />
      <section class="cw-section">
        <h2>{say('portal.start.how')}</h2>
        <ol class="cw-steps">
          <li>
            <h3>{say('portal.start.how.one')}</h3>
            <p>{say('portal.start.how.one.words')}</p>
          </li>
          <li>
            <h3>{say('portal.start.how.two')}</h3>
            <p>{say('portal.start.how.two.words')}</p>
          </li>
          <li>
            <h3>{say('portal.start.how.three')}</h3>
            <p>{say('portal.start.how.three.words')}</p>
          </li>
        </ol>
      </section>
      <section class="cw-section">
        <h2>{say('portal.start.promise')}</h2>
        <Cards>
          <CardLink href="/access" icon="eye" title={say('portal.start.access')}>
            <p>{say('portal.start.access.words')}</p>
          </CardLink>
          <CardLink href="/verify" icon="shield" title={say('portal.start.verify')}>
            <p>{say('portal.start.verify.words')}</p>
          </CardLink>
          <CardLink href="/documents" icon="document" title={say('portal.start.documents')}>
            <p>{say('portal.start.documents.words')}</p>
          </CardLink>
        </Cards>
      </section>
    </Layout>
  );
}

function Hero({ view }: { view: View }) {
  const { say } = view;
  return (
    <div class="cw-hero">
      <HeroArt />
      <div class="cw-wide">
        <h1>{say('portal.start.heading')}</h1>
        <p class="cw-lead">{say('portal.start.lead')}</p>
        <SearchForm view={view} query="" />
        <ul class="cw-states cw-hero-states">
          {view.states.map((state) => (
            <li key={state}>
              <span class={`cw-dot cw-fill-${state}`} aria-hidden="true" />
              {view.stateName(state)}
            </li>
          ))}
        </ul>
        {view.session === undefined ? null : (
          <div class="cw-actions">
            <ButtonLink href="/applications" kind="secondary">
              {say('portal.nav.applications')}
            </ButtonLink>
          </div>
        )}
      </div>
    </div>
  );
}

/** Search over all services; a native form that asks by GET, so that a search can be kept and sent. */
export function SearchForm({ view, query }: { view: View; query: string }) {
  const { say } = view;
  return (
    <search>
      <form action="/services" method="get" class="cw-search">
        <label for="q" class="cw-hide">
          {say('portal.search.label')}
        </label>
        <input
          class="ds-input"
          type="search"
          id="q"
          name="q"
          value={query}
          placeholder={say('portal.search.example')}
        />
        <Button>
          <Icon name="search" />
          {say('common.search')}
        </Button>
      </form>
    </search>
  );
}
