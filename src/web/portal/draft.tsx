import { type Draft, discardDraft } from '../../applications/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { textOf } from '../shown/agreement-words.ts';
import { DraftMandate } from '../shown/mandate.tsx';
import {
  Actions,
  Button,
  ButtonLink,
  Form,
  Layout,
  Notification,
  PageHeading,
  Tag,
  TaskList,
  type View,
} from '../ui/index.ts';
import { nextStep, openSteps, type Step } from './draft-steps.ts';

/** The draft as a whole: what is done, what comes, go on or throw away. */
export function addDraft(pages: Pages): void {
  pages.person.get('/drafts/:id', async (visit) => {
    const { opened, steps } = await openSteps(visit);
    if (opened.draft.submitted) return redirect(`/applications/${opened.draft.id}`);
    const { agreement, service, draft } = opened;
    return page(
      <DraftPage
        view={visit.view}
        id={draft.id}
        title={textOf(visit.view, agreement, service.title)}
        steps={steps}
        expires={draft.expires}
        moved={draft.moved}
        draft={draft}
      />,
    );
  });
  pages.person.get('/drafts/:id/discard', async (visit) => {
    const { opened } = await openSteps(visit);
    if (opened.draft.submitted) return redirect(`/applications/${opened.draft.id}`);
    return page(<DiscardPage view={visit.view} id={opened.draft.id} />);
  });
  pages.person.post('/drafts/:id/discard', async ({ ctx, actor, params }) => {
    await discardDraft(ctx, actor, params.id ?? '');
    return redirect('/services?discarded=1');
  });
}

export function DraftPage({
  view,
  id,
  title,
  steps,
  expires,
  moved,
  draft,
}: {
  view: View;
  id: string;
  title: string;
  steps: readonly Step[];
  expires: string;
  /** When the rules changed under it. */
  moved?: string | undefined;
  /** For whom she applies, where that is not herself. */
  draft: Pick<Draft, 'mandate' | 'given'>;
}) {
  const { say } = view;
  const next = nextStep(steps);
  return (
    <Layout view={view} title={title} back="/services">
      <PageHeading lead={say('portal.draft.lead')}>{title}</PageHeading>
      <DraftMandate view={view} draft={draft} />
      {moved === undefined ? null : (
        <Notification>
          <p>{say('portal.draft.moved', { date: view.date(moved) })}</p>
        </Notification>
      )}
      <TaskList
        tasks={steps.map(({ title: name, href, status }) => ({
          title: name,
          ...(status === 'later' ? {} : { href }),
          status:
            status === 'done' ? (
              <Tag tone="success" icon="check">
                {say('portal.draft.done')}
              </Tag>
            ) : status === 'open' ? (
              <Tag>{say('portal.draft.open')}</Tag>
            ) : (
              <span class="cw-subtle cw-small">{say('portal.draft.later')}</span>
            ),
        }))}
      />
      <p class="cw-subtle">{say('portal.draft.kept', { date: view.date(expires.slice(0, 10)) })}</p>
      <Actions>
        {next === undefined ? null : (
          <ButtonLink href={next.href} big>
            {say('common.continue')}
          </ButtonLink>
        )}
        <a href={`/drafts/${id}/discard`}>{say('portal.draft.discard')}</a>
      </Actions>
    </Layout>
  );
}

/** Asks before her answers are gone: one wrong click must not cost an evening's work. */
export function DiscardPage({ view, id }: { view: View; id: string }) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.draft.discard.title')} back={`/drafts/${id}`}>
      <PageHeading lead={say('portal.draft.discard.words')}>{say('portal.draft.discard.title')}</PageHeading>
      <Form view={view} action={`/drafts/${id}/discard`}>
        <Actions>
          <Button danger>{say('portal.draft.discard.yes')}</Button>
          <ButtonLink href={`/drafts/${id}`} kind="secondary">
            {say('portal.draft.discard.no')}
          </ButtonLink>
        </Actions>
      </Form>
    </Layout>
  );
}
