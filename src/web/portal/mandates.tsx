import { mandateService, takeMandateBack } from '../../applications/index.ts';
import { addDuration, today } from '../../calendar/index.ts';
import { type GivenMandate, giveMandate } from '../../persons/index.ts';
import { findOrganisation } from '../../registers/index.ts';
import type { PlainDate } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit, Visit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import {
  Actions,
  Button,
  ButtonLink,
  ErrorSummary,
  Form,
  Layout,
  PageHeading,
  Radios,
  SummaryList,
  Tag,
  TextField,
  type View,
  type WrongField,
} from '../ui/index.ts';
import { catalogue, findOffer, type Offer } from './catalogue.ts';

/** How long a mandate may be given for. */
const TERMS = ['P30D', 'P90D', 'P365D'];

/** Mandates that a person gives: to an organisation, for one service, until a day; looked at before they are given, and ended at any time. */
export function addMandates(pages: Pages): void {
  pages.person.get('/mandates/new', ({ ctx, view }) =>
    page(<NewMandatePage view={view} offers={mandateOffers(ctx)} />),
  );
  pages.person.post('/mandates/check', async (visit) => {
    const { wish, errors } = await readWish(visit);
    if (wish !== undefined) return page(<CheckMandatePage view={visit.view} wish={wish} />);
    const given = {
      service: visit.fields.one('service'),
      number: visit.fields.one('number'),
      term: visit.fields.one('term'),
    };
    return page(<NewMandatePage view={visit.view} offers={mandateOffers(visit.ctx)} given={given} errors={errors} />);
  });
  pages.person.post('/mandates', give);
  pages.person.post('/mandates/:id/end', async ({ ctx, actor, params }) => {
    await takeMandateBack(ctx, actor, params.id ?? '');
    return redirect('/links');
  });
}

/** The services of this state in which somebody may act by a mandate. */
export const mandateOffers = (ctx: WebContext): Offer[] =>
  catalogue(ctx).filter(({ service }) => service.byMandate !== undefined);

/** What she wants to give, and everything that she must see before she does. */
interface Wish {
  offer: Offer;
  holder: { number: string; name: string };
  term: string;
  until: PlainDate;
}

async function readWish({ ctx, view, fields }: Visit): Promise<{ wish?: Wish; errors: WrongField[] }> {
  const [agreement = '', service = ''] = fields.one('service').split('/');
  const found = findOffer(ctx, agreement, service);
  const offer = found?.service.byMandate === undefined ? undefined : found;
  const state = ctx.trust.self;
  const number = fields.one('number');
  const holder = number === '' ? undefined : await findOrganisation(ctx.db, ctx.registers, { state, number });
  const term = TERMS.find((one) => one === fields.one('term'));
  const wrong = (field: 'service' | 'number' | 'term', right: unknown): WrongField[] =>
    right === undefined ? [{ field, message: view.say(`portal.mandates.${field}.wrong`) }] : [];
  const errors = [...wrong('service', offer), ...wrong('number', holder), ...wrong('term', term)];
  if (offer === undefined || holder === undefined || term === undefined) return { errors };
  return { wish: { offer, holder, term, until: addDuration(today(ctx.clock, state), term) }, errors };
}

async function give(visit: PersonVisit): Promise<Answer> {
  const { ctx, actor } = visit;
  const { wish } = await readWish(visit);
  if (wish === undefined) return redirect('/mandates/new');
  const { offer, holder, until } = wish;
  const mandate = {
    subject: actor.person,
    holder: { kind: 'organisation' as const, ...holder },
    service: mandateService(offer.agreement.name, offer.service.name),
    until,
  };
  await ctx.db.transaction((tx) => giveMandate(tx, ctx, mandate, today(ctx.clock, ctx.trust.self)));
  return redirect('/links');
}

const serviceTitle = (view: View, { agreement, service }: Offer): string => textOf(view, agreement, service.title);

export function NewMandatePage({
  view,
  offers,
  given = { service: '', number: '', term: '' },
  errors = [],
}: {
  view: View;
  offers: readonly Offer[];
  given?: { service: string; number: string; term: string };
  errors?: readonly WrongField[];
}) {
  const { say } = view;
  const title = say('portal.mandates.new');
  const errorOf = (name: string) => errors.find(({ field }) => field === name)?.message;
  return (
    <Layout view={view} title={title} back="/links" wrong={errors.length > 0}>
      <ErrorSummary view={view} errors={errors} />
      <PageHeading lead={say('portal.mandates.lead')}>{title}</PageHeading>
      <Form view={view} action="/mandates/check">
        <Radios
          {...{ view, name: 'service', label: say('portal.mandates.service'), error: errorOf('service') }}
          value={given.service}
          options={offers.map((offer) => ({
            value: mandateService(offer.agreement.name, offer.service.name),
            label: serviceTitle(view, offer),
          }))}
        />
        <TextField
          {...{ view, name: 'number', label: say('portal.mandates.number'), error: errorOf('number') }}
          hint={say('portal.mandates.number.hint')}
          value={given.number}
          maxLength={40}
        />
        <Radios
          {...{ view, name: 'term', label: say('portal.mandates.term'), error: errorOf('term') }}
          value={given.term}
          options={TERMS.map((term) => ({ value: term, label: view.duration(term) }))}
        />
        <Actions>
          <Button big>{say('common.continue')}</Button>
        </Actions>
      </Form>
    </Layout>
  );
}

/** To whom she gives what, in full, before it holds: a wrong digit would let a stranger act for her. */
export function CheckMandatePage({ view, wish }: { view: View; wish: Wish }) {
  const { say } = view;
  const { offer, holder, term, until } = wish;
  const title = say('portal.mandates.check');
  return (
    <Layout view={view} title={title} back="/mandates/new">
      <PageHeading lead={say('portal.mandates.check.words')}>{title}</PageHeading>
      <MandateRows view={view} service={serviceTitle(view, offer)} holder={holder} until={until} />
      <Form view={view} action="/mandates">
        <input type="hidden" name="service" value={mandateService(offer.agreement.name, offer.service.name)} />
        <input type="hidden" name="number" value={holder.number} />
        <input type="hidden" name="term" value={term} />
        <Actions>
          <Button big>{say('portal.mandates.give')}</Button>
          <ButtonLink href="/mandates/new" kind="secondary">
            {say('common.back')}
          </ButtonLink>
        </Actions>
      </Form>
    </Layout>
  );
}

interface MandateRowsProps {
  view: View;
  service: string;
  holder: { number: string; name: string };
  until: PlainDate;
}

function MandateRows({ view, service, holder, until }: MandateRowsProps) {
  const { say } = view;
  return (
    <SummaryList
      tight
      rows={[
        { key: say('portal.mandates.holder'), value: say('common.mandate.words', holder) },
        { key: say('portal.mandates.service'), value: service },
        { key: say('portal.consents.until'), value: view.date(until) },
      ]}
    />
  );
}

/** The mandates that she has given, those that are over too, and the way to give one. */
export function GivenMandates({
  view,
  mandates,
  offers,
  day,
}: {
  view: View;
  mandates: readonly GivenMandate[];
  /** Every service that a mandate may be for. */
  offers: readonly Offer[];
  day: PlainDate;
}) {
  const { say } = view;
  if (offers.length === 0 && mandates.length === 0) return null;
  const titleOf = (service: string): string => {
    const offer = offers.find(({ agreement, service: one }) => mandateService(agreement.name, one.name) === service);
    return offer === undefined ? service : serviceTitle(view, offer);
  };
  return (
    <section class="cw-section" aria-labelledby="mandates">
      <h2 id="mandates">{say('portal.mandates.title')}</h2>
      <p>{say('portal.mandates.lead')}</p>
      {mandates.length === 0 ? <p class="cw-subtle">{say('portal.mandates.none')}</p> : null}
      {mandates.map(({ id, holder, service, until, endedAt }) => {
        const over = endedAt !== undefined ? 'ended' : until < day ? 'over' : undefined;
        return (
          <article class="cw-piece" key={id}>
            <div class="cw-piece-head">
              <h3>{holder.name}</h3>
              {over === undefined ? null : <Tag tone="neutral">{say(`portal.mandates.${over}`)}</Tag>}
            </div>
            <MandateRows view={view} service={titleOf(service)} holder={holder} until={until} />
            {over === undefined ? (
              <Form view={view} action={`/mandates/${id}/end`}>
                <Button kind="secondary" about={holder.name}>
                  {say('portal.mandates.end')}
                </Button>
              </Form>
            ) : null}
          </article>
        );
      })}
      <p>
        <a href="/mandates/new">{say('portal.mandates.new')}</a>
      </p>
    </section>
  );
}
