import { actedApplication, shortReference } from '../../applications/index.ts';
import type { WebContext } from '../context.ts';
import { type Answer, page } from '../http/answer.ts';
import { textOf } from '../shown/agreement-words.ts';
import { MandateLine } from '../shown/mandate.tsx';
import { Layout, Panel, SummaryList, type View } from '../ui/index.ts';

/**
 * What somebody sent for another person by a mandate, as long as that stands: where it is, and how each authority decided. Everything else of
 * it belongs to the applicant.
 */
export async function showActed(ctx: WebContext, view: View, actor: string, id: string): Promise<Answer> {
  const application = await actedApplication(ctx, actor, id);
  const agreement = ctx.agreements.byContract(application.contract);
  const service = agreement?.services[application.service];
  const { say } = view;
  const title =
    agreement === undefined || service === undefined ? application.service : textOf(view, agreement, service.title);
  return page(
    <Layout view={view} title={title} back="/applications">
      <Panel title={say('portal.acted.title')} words={title} reference={shortReference(id)} />
      <p>{say('portal.acted.words')}</p>
      <MandateLine view={view} mandate={application.sealed.payload.actor.mandate} />
      <SummaryList
        rows={application.cases.map(({ state, agency, decision }) => ({
          key: `${view.stateName(state)}: ${view.agencyName(agency)}`,
          value: say(decision === undefined ? 'portal.acted.waits' : `common.outcome.${decision.payload.outcome}`),
        }))}
      />
    </Layout>,
  );
}
