import type { Agreement } from '../../agreements/index.ts';
import { type ActingFor, actingFor, mandatesFor } from '../../applications/index.ts';
import type { Mandate } from '../../registers/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { PersonVisit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Empty,
  Form,
  Layout,
  type Option,
  PageHeading,
  Radios,
  type View,
} from '../ui/index.ts';
import type { Offer } from './catalogue.ts';

/**
 * Before a draft begins: for which of her children, for which organisation that she may act for, or for whom of those who gave a mandate to
 * such an organisation.
 */
export async function showForWhom({ ctx, view, actor }: PersonVisit, { agreement, service }: Offer): Promise<Answer> {
  if (service.appliesFor !== undefined) {
    const mandates = await mandatesFor(ctx, ctx.db, actor.person, service);
    return page(
      <ForWhomPage {...{ view, agreement, service }} kind={service.appliesFor} options={mandates.map(optionOf)} />,
    );
  }
  const others = await actingFor(ctx, ctx.db, actor.person, agreement.name, service);
  if (others.length === 0) return redirect(`/services/${agreement.name}/${service.name}`);
  const options = [
    { value: SELF, label: view.say('portal.for.self') },
    ...others.map((one) => actingOption(view, one)),
  ];
  return page(<ForWhomPage {...{ view, agreement, service, options }} kind="person" />);
}

/** What the form sends where somebody who could act for others applies for herself. */
const SELF = 'self';

/** What somebody chose: a number of a register, a mandate that was given, or nobody but herself. */
export function chosen(value: string, { service }: Offer): { for?: string; by?: string } {
  if (service.appliesFor !== undefined) return { for: value };
  return value === SELF ? {} : { by: value };
}

const optionOf = ({ number, name }: Mandate): Option => ({ value: number, label: name, hint: number });

const actingOption = (view: View, { mandate, name }: ActingFor): Option => ({
  value: mandate.id,
  label: name,
  hint: view.say('portal.for.mandate', { holder: mandate.holder.name, until: view.date(mandate.until) }),
});

export function ForWhomPage({
  view,
  agreement,
  service,
  kind,
  options,
}: {
  view: View;
  agreement: Agreement;
  service: Offer['service'];
  kind: 'child' | 'organisation' | 'person';
  options: readonly Option[];
}) {
  const { say } = view;
  const title = say(`portal.for.title.${kind}`);
  const caption = textOf(view, agreement, service.title);
  const address = `/services/${agreement.name}/${service.name}`;
  return (
    <Layout view={view} title={title} back={address}>
      {options.length === 0 && kind !== 'person' ? (
        <>
          <PageHeading caption={caption}>{title}</PageHeading>
          <Empty icon="search" title={say(`portal.for.none.${kind}`)}>
            <p>{say('portal.for.none.words')}</p>
            <ButtonLink href={address} kind="secondary">
              {say('common.back')}
            </ButtonLink>
          </Empty>
        </>
      ) : (
        <Form view={view} action={`${address}/start`}>
          <p class="cw-caption">{caption}</p>
          <Radios
            view={view}
            name="for"
            label={title}
            hint={say(`portal.for.lead.${kind}`)}
            heading
            value={options.length === 1 ? options[0]?.value : undefined}
            options={[...options]}
          />
          <Actions>
            <Button big>{say('common.continue')}</Button>
          </Actions>
        </Form>
      )}
    </Layout>
  );
}
