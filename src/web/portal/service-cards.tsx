import type { Agreement, Service } from '../../agreements/index.ts';
import { textOf } from '../shown/agreement-words.ts';
import { CardLink, Cards, type View } from '../ui/index.ts';
import type { Offer } from './catalogue.ts';

/** Whom a service is for: a person, for herself or a child, or an organisation by who may act for it. */
const GROUPS = [
  { title: 'portal.services.people', holds: ({ service }: Offer) => service.appliesFor !== 'organisation' },
  { title: 'portal.services.organisations', holds: ({ service }: Offer) => service.appliesFor === 'organisation' },
] as const;

/** Services by whom they are for, each group in the order of its titles in the reader's language. */
export function ServiceGroups({
  view,
  offers,
  level,
}: {
  view: View;
  offers: readonly Offer[];
  /** Of the groups' headings. */
  level: 2 | 3;
}) {
  const Heading = `h${level}` as const;
  const collator = new Intl.Collator(view.language);
  const titleOf = ({ agreement, service }: Offer): string => textOf(view, agreement, service.title);
  const groups = GROUPS.map(({ title, holds }) => ({ title, offers: offers.filter(holds) }));
  return groups
    .filter((group) => group.offers.length > 0)
    .map((group) => (
      <section key={group.title} class="cw-group">
        <Heading>{view.say(group.title)}</Heading>
        <ServiceCards
          view={view}
          offers={group.offers.toSorted((one, other) => collator.compare(titleOf(one), titleOf(other)))}
        />
      </section>
    ));
}

/** Services in the order in which they are given. */
export function ServiceCards({ view, offers }: { view: View; offers: readonly Offer[] }) {
  return (
    <Cards>
      {offers.map(({ agreement, service }) => (
        <ServiceCard key={`${agreement.name}/${service.name}`} {...{ view, agreement, service }} />
      ))}
    </Cards>
  );
}

/** A service of the catalogue, with the states that take part. */
function ServiceCard({ view, agreement, service }: { view: View; agreement: Agreement; service: Service }) {
  return (
    <CardLink
      href={`/services/${agreement.name}/${service.name}`}
      title={textOf(view, agreement, service.title)}
      icon="document"
    >
      <p class="cw-subtle">{textOf(view, agreement, service.summary)}</p>
      <p class="cw-card-foot cw-states cw-small">
        {agreement.parties.length === view.states.length && view.states.length > 1 ? (
          <span>
            {agreement.parties.map((state) => (
              <span key={state} class={`cw-dot cw-fill-${state}`} aria-hidden="true" />
            ))}{' '}
            {view.say('portal.service.everyState')}
          </span>
        ) : (
          agreement.parties.map((state) => (
            <span key={state}>
              <span class={`cw-dot cw-fill-${state}`} aria-hidden="true" /> {view.stateName(state)}
            </span>
          ))
        )}
      </p>
    </CardLink>
  );
}
