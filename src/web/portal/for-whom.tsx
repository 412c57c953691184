import type { Agreement, Service } from '../../agreements/index.ts';
import { mandatesFor } from '../../applications/index.ts';
import type { Mandate } from '../../registers/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { PersonVisit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import { Actions, Button, ButtonLink, Empty, Form, Layout, PageHeading, Radios, type View } from '../ui/index.ts';
import type { Offer } from './catalogue.ts';

/** Before a draft begins: for which of her children, or for which organisation that she may act for. */
export async function showForWhom({ ctx, view, actor }: PersonVisit, { agreement, service }: Offer): Promise<Answer> {
  if (service.appliesFor === undefined) return redirect(`/services/${agreement.name}/${service.name}`);
  const mandates = await mandatesFor(ctx, ctx.db, actor.person, service);
  return page(<ForWhomPage {...{ view, agreement, service, mandates }} kind={service.appliesFor} />);
}

export function ForWhomPage({
  view,
  agreement,
  service,
  kind,
  mandates,
}: {
  view: View;
  agreement: Agreement;
  service: Service;
  kind: NonNullable<Service['appliesFor']>;
  mandates: readonly Mandate[];
}) {
  const { say } = view;
  const title = say(`portal.for.title.${kind}`);
  const caption = textOf(view, agreement, service.title);
  const address = `/services/${agreement.name}/${service.name}`;
  return (
    <Layout view={view} title={title} back={address}>
      {mandates.length === 0 ? (
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
            value={mandates.length === 1 ? mandates[0]?.number : undefined}
            options={mandates.map(({ number, name }) => ({ value: number, label: name, hint: number }))}
          />
          <Actions>
            <Button big>{say('common.continue')}</Button>
          </Actions>
        </Form>
      )}
    </Layout>
  );
}
