import { type Forecast, forecast } from '../../applications/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { aboutDraft } from '../shown/about.ts';
import { Reasons, Verdict } from '../shown/explanation.tsx';
import { Actions, ButtonLink, Layout, Notification, PageHeading, type View } from '../ui/index.ts';
import { nextStep, type OpenedDraft, openSteps } from './draft-steps.ts';

/** Would I get this: the rules on the evidence at hand, before anything is sent. */
export function addDraftForecast(pages: Pages): void {
  pages.person.get('/drafts/:id/forecast', async ({ ...visit }) => {
    const draft = await openSteps(visit);
    if (draft.opened.draft.submitted) return redirect(`/applications/${draft.opened.draft.id}`);
    if (draft.pages.some(({ complete }) => !complete)) return redirect(nextStep(draft.steps)?.href ?? '/services');
    return page(
      <ForecastPage view={visit.view} draft={draft} forecasts={forecast(visit.ctx, draft.opened, draft.cards)} />,
    );
  });
}

export function ForecastPage({
  view,
  draft,
  forecasts,
}: {
  view: View;
  draft: OpenedDraft;
  forecasts: readonly Forecast[];
}) {
  const { say } = view;
  const { agreement, service, draft: row } = draft.opened;
  const next = nextStep(draft.steps);
  return (
    <Layout view={view} title={say('portal.forecast.title', aboutDraft(row))} back={`/drafts/${row.id}/evidence`}>
      <PageHeading lead={say('portal.forecast.lead', aboutDraft(row))}>
        {say('portal.forecast.title', aboutDraft(row))}
      </PageHeading>
      {forecasts.length === 0 ? (
        <Notification tone="warning" title={say('portal.forecast.none')}>
          <p>{say('portal.forecast.none.words')}</p>
        </Notification>
      ) : null}
      {forecasts.map(({ state, decision }) => (
        <section key={state} id={state}>
          <Verdict forecast {...{ view, decision, state }} />
          <Reasons folded {...{ view, agreement, service, decision }} />
        </section>
      ))}
      <p class="cw-subtle">{say('portal.forecast.binds')}</p>
      <Actions>
        <ButtonLink href={next?.href ?? `/drafts/${row.id}`} big>
          {say('common.continue')}
        </ButtonLink>
      </Actions>
    </Layout>
  );
}
