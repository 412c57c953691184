import { today } from '../../calendar/index.ts';
import {
  type Consent,
  type GivenMandate,
  listConsents,
  listLinks,
  listMandates,
  type PersonLink,
  revokeLink,
  withdrawConsent,
} from '../../persons/index.ts';
import type { PlainDate } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Button, Empty, Form, Layout, PageHeading, SummaryList, Tag, type View } from '../ui/index.ts';
import type { Offer } from './catalogue.ts';
import { GivenMandates, mandateOffers } from './mandates.tsx';

/** Person links: her numbers in other states, each made once, visible and revocable; and the consents she has given. */
export function addLinks(pages: Pages): void {
  pages.person.get('/links', async ({ ctx, view, actor }) => {
    const links = await listLinks(ctx.db, actor.person);
    const consents = await listConsents(ctx.db, actor.person);
    const mandates = await listMandates(ctx.db, actor.person);
    const given = { mandates, offers: mandateOffers(ctx), day: today(ctx.clock, ctx.trust.self) };
    return page(<LinksPage {...{ view, links, consents, ...given }} />);
  });
  pages.person.post('/links/:id/revoke', async ({ ctx, actor, params }) => {
    await ctx.db.transaction((tx) => revokeLink(tx, ctx, { subject: actor.person, id: params.id ?? '' }));
    return redirect('/links');
  });
  pages.person.post('/consents/:id/withdraw', async ({ ctx, actor, params }) => {
    await ctx.db.transaction((tx) => withdrawConsent(tx, ctx, { subject: actor.person, id: params.id ?? '' }));
    return redirect('/links');
  });
}

/** The state of the agency that a consent was given to. */
const stateOf = ({ agency }: Consent): string => agency.split('.')[0] ?? '';

export function LinksPage({
  view,
  links,
  consents,
  ...given
}: {
  view: View;
  links: readonly PersonLink[];
  consents: readonly Consent[];
  mandates: readonly GivenMandate[];
  offers: readonly Offer[];
  day: PlainDate;
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.links.title')}>
      <PageHeading lead={say('portal.links.lead')}>{say('portal.links.title')}</PageHeading>
      {links.length === 0 ? (
        <Empty icon="link" title={say('portal.links.none')}>
          <p>{say('portal.links.none.words')}</p>
        </Empty>
      ) : null}
      {links.map((link) => (
        <article class="cw-piece" data-state={link.state} key={link.id}>
          <div class="cw-piece-head">
            <h2>{view.stateName(link.state)}</h2>
            {link.revokedAt === undefined ? null : <Tag tone="neutral">{say('portal.links.revoked')}</Tag>}
          </div>
          <SummaryList
            tight
            rows={[
              { key: say('portal.links.number'), value: link.number },
              { key: say('portal.links.made'), value: view.date(link.madeAt) },
              { key: say('portal.links.proof'), value: say('portal.links.proof.register') },
            ]}
          />
          {link.revokedAt === undefined ? (
            <Form view={view} action={`/links/${link.id}/revoke`}>
              <Button kind="secondary" about={view.stateName(link.state)}>
                {say('portal.links.revoke')}
              </Button>
            </Form>
          ) : null}
        </article>
      ))}
      <GivenMandates view={view} {...given} />
      <h2>{say('portal.consents.title')}</h2>
      <p>{say('portal.consents.lead')}</p>
      {consents.length === 0 ? <p class="cw-subtle">{say('portal.consents.none')}</p> : null}
      {consents.map((consent) => (
        <article class="cw-piece" data-state={stateOf(consent)} key={consent.id}>
          <div class="cw-piece-head">
            <div>
              <h3>{`${view.stateName(stateOf(consent))}: ${view.agencyName(consent.agency)}`}</h3>
              <p>{view.find(`common.purpose.${consent.purpose.split('.').at(-1)}`) ?? consent.purpose}</p>
            </div>
            {consent.withdrawnAt === undefined ? null : <Tag tone="neutral">{say('portal.consents.withdrawn')}</Tag>}
          </div>
          <SummaryList
            tight
            rows={[
              { key: say('portal.consents.given'), value: view.date(consent.givenAt) },
              ...(consent.until === undefined
                ? []
                : [{ key: say('portal.consents.until'), value: view.date(consent.until) }]),
            ]}
          />
          {consent.withdrawnAt === undefined ? (
            <Form view={view} action={`/consents/${consent.id}/withdraw`}>
              <Button kind="tertiary" about={`${view.stateName(stateOf(consent))}: ${view.agencyName(consent.agency)}`}>
                {say('portal.consents.withdraw')}
              </Button>
            </Form>
          ) : null}
        </article>
      ))}
    </Layout>
  );
}
