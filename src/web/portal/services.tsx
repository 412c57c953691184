import { type Agreement, contractInCommon, type Service } from '../../agreements/index.ts';
import { actingFor, openDrafts, startDraft } from '../../applications/index.ts';
import { today } from '../../calendar/index.ts';
import { Failure } from '../../storage/index.ts';
import { isLanguage } from '../../texts/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { sharedPage } from '../http/shared-page.ts';
import type { Visit } from '../http/visit.ts';
import { articleWords, textOf } from '../shown/agreement-words.ts';
import {
  Button,
  ButtonLink,
  Details,
  Empty,
  Form,
  Layout,
  Notification,
  PageHeading,
  SummaryList,
  type View,
} from '../ui/index.ts';
import { catalogue, editionOf, findOffer, type Offer } from './catalogue.ts';
import { chosen, showForWhom } from './for-whom.tsx';
import { regulationAddress } from './regulation.ts';
import { searchOffers } from './search.ts';
import { ServiceCards, ServiceGroups } from './service-cards.tsx';
import { SearchForm } from './start.tsx';

/** The catalogue, the page of a service, and the beginning of a draft. */
export function addServices(pages: Pages): void {
  pages.anybody.get('/services', (visit) => {
    const words = visit.query.q ?? '';
    const discarded = visit.query.discarded === '1';
    const offers = searchOffers(catalogue(visit.ctx), words);
    return sharedPage(visit, editionOf(offers), (view) => (
      <ServicesPage {...{ view, discarded, offers }} query={words} />
    ));
  });
  pages.anybody.get('/services/:agreement/:service', async (visit) => {
    const { agreement, service } = getOffer(visit);
    const draft = await draftUnderWay(visit, agreement, service);
    const offered = isOffered(visit, agreement);
    return page(
      <ServicePage view={visit.view} agreement={agreement} service={service} draft={draft} offered={offered} />,
    );
  });
  pages.person.get('/services/:agreement/:service/for', (visit) => showForWhom(visit, getOffer(visit)));
  pages.person.post('/services/:agreement/:service/start', async (visit) => {
    const { agreement, service } = getOffer(visit);
    const wanted = { agreement: agreement.name, service: service.name };
    const number = visit.fields.one('for');
    const others = await actingFor(visit.ctx, visit.ctx.db, visit.actor.person, agreement.name, service);
    if (number === '' && (service.appliesFor !== undefined || others.length > 0))
      return redirect(`/services/${agreement.name}/${service.name}/for`);
    const choice = number === '' ? {} : chosen(number, { agreement, service });
    const draft = await startDraft(visit.ctx, visit.actor, { ...wanted, ...choice });
    return redirect(`/drafts/${draft.id}`);
  });
}

function getOffer({ ctx, params }: Visit): Offer {
  const offer = findOffer(ctx, params.agreement ?? '', params.service ?? '');
  if (offer === undefined) throw new Failure('SERVICE_NOT_FOUND', { service: params.service ?? '' });
  return offer;
}

/** Whether it can be begun today: every state that takes part has accepted these rules, and none has withdrawn. */
function isOffered({ ctx }: Visit, { name, contractDigest }: Agreement): boolean {
  const day = today(ctx.clock, ctx.trust.self);
  return contractInCommon(ctx.agreements.versions(name), ctx.trust, name, day)?.contract === contractDigest;
}

/** She may have begun before: then she is led back to it. */
async function draftUnderWay(
  { ctx, session }: Visit,
  agreement: Agreement,
  service: Service,
): Promise<string | undefined> {
  if (session?.account.kind !== 'person') return undefined;
  const drafts = await openDrafts(ctx.db, session.account.id, ctx.clock.now());
  return drafts.find((draft) => draft.agreement === agreement.name && draft.service === service.name)?.id;
}

export function ServicesPage({
  view,
  query,
  offers,
  discarded = false,
}: {
  view: View;
  query: string;
  offers: readonly Offer[];
  /** She comes from an application that she has just thrown away. */
  discarded?: boolean;
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.services.title')} wide>
      {discarded ? (
        <Notification tone="success" alive>
          <p>{say('portal.draft.discarded')}</p>
        </Notification>
      ) : null}
      <PageHeading lead={say('portal.services.lead')}>{say('portal.services.title')}</PageHeading>
      <SearchForm view={view} query={query} />
      <section class="cw-section">
        <h2>{query === '' ? say('portal.services.all') : say('portal.services.found', { count: offers.length })}</h2>
        {offers.length === 0 ? (
          <Empty icon="search" title={say('portal.services.nothing')}>
            <p>{say('portal.services.nothing.words')}</p>
            <ButtonLink href="/services" kind="secondary">
              {say('portal.services.all')}
            </ButtonLink>
          </Empty>
        ) : query === '' ? (
          <ServiceGroups view={view} offers={offers} level={3} />
        ) : (
          <ServiceCards view={view} offers={offers} />
        )}
      </section>
    </Layout>
  );
}

export function ServicePage({
  view,
  agreement,
  service,
  draft,
  offered = true,
}: {
  view: View;
  agreement: Agreement;
  service: Service;
  draft?: string | undefined;
  /** Whether it can be begun today. */
  offered?: boolean;
}) {
  const { say } = view;
  const title = textOf(view, agreement, service.title);
  const start = `/services/${agreement.name}/${service.name}/start`;
  return (
    <Layout view={view} title={title} back="/services" wide>
      <div class="cw-two">
        <div>
          <PageHeading lead={textOf(view, agreement, service.summary)}>{title}</PageHeading>
          {isDraftTranslation(view, agreement) ? (
            <p class="cw-subtle cw-small" data-translation="draft">
              {say('portal.service.translation')}
            </p>
          ) : null}
          <h2>{say('portal.service.happens')}</h2>
          <ol>
            <li>{say('portal.service.step.answers')}</li>
            <li>{say('portal.service.step.evidence')}</li>
            <li>{say('portal.service.step.forecast')}</li>
            <li>{say('portal.service.step.send')}</li>
            <li>{say('portal.service.step.decide')}</li>
          </ol>
          <h2>{say('portal.service.evidence')}</h2>
          <p>{say('portal.service.evidence.words')}</p>
          <ul>
            {service.evidence.map((name) => {
              const type = agreement.evidence[name];
              return type === undefined ? null : (
                <li key={name}>
                  <strong>{textOf(view, agreement, type.title)}</strong>
                  {`: ${textOf(view, agreement, type.summary)}`}
                </li>
              );
            })}
          </ul>
          <Details summary={say('portal.service.law')}>
            <Articles view={view} agreement={agreement} />
          </Details>
          <h2>{say('portal.service.regulation')}</h2>
          <p>{say('portal.service.regulation.words')}</p>
          <ul>
            <li>
              <a href={regulationAddress(agreement, service)}>{say('portal.service.regulation.open')}</a>
            </li>
            <li>
              <a href={`/services/${agreement.name}/${service.name}/journey.svg`}>{say('portal.service.journey')}</a>
            </li>
          </ul>
        </div>
        <aside class="cw-glance" aria-label={say('portal.service.glance')}>
          {offered ? (
            <StartOrGoOn view={view} start={start} draft={draft} />
          ) : (
            <Notification tone="warning">
              <p>{say('portal.service.notOffered')}</p>
            </Notification>
          )}
          <SummaryList
            rows={[
              { key: say('portal.service.states'), value: view.list(agreement.parties.map(view.stateName)) },
              { key: say('portal.service.time'), value: view.duration(service.deadline.decide) },
              { key: say('portal.service.kept'), value: view.duration(service.disclosure.keep) },
              { key: say('portal.service.price'), value: say('portal.service.free') },
              { key: say('portal.service.since'), value: view.date(agreement.inForce) },
              {
                key: say('portal.service.version'),
                value: (
                  <>
                    {agreement.version} <span class="cw-code">{agreement.contractDigest.slice(0, 12)}</span>
                  </>
                ),
              },
            ]}
          />
        </aside>
      </div>
    </Layout>
  );
}

/** Whether nobody by name stands by the words that she reads. */
const isDraftTranslation = ({ language }: View, { approvals }: Agreement): boolean =>
  isLanguage(language) && approvals[language] === undefined;

/** The way in; who has begun before is led back to it. */
function StartOrGoOn({ view, start, draft }: { view: View; start: string; draft: string | undefined }) {
  const { say } = view;
  if (draft === undefined) {
    return (
      <Form view={view} action={start}>
        <Button big>{say('portal.service.start')}</Button>
        {view.session === undefined ? <p class="cw-subtle cw-small">{say('portal.service.signIn')}</p> : null}
      </Form>
    );
  }
  return (
    <>
      <ButtonLink href={`/drafts/${draft}`} big>
        {say('portal.service.continue')}
      </ButtonLink>
      <Form view={view} action={start}>
        <button class="cw-plain" type="submit">
          {say('portal.service.again')}
        </button>
      </Form>
    </>
  );
}

function Articles({ view, agreement }: { view: View; agreement: Agreement }) {
  return (
    <ul>
      {Object.keys(agreement.articles).map((id) => {
        const { title, source } = articleWords(view, agreement, id);
        return (
          <li key={id}>
            {title}
            {source === 'design' ? (
              <span class="cw-subtle">{` (${view.say('common.explanation.design')})`}</span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
