import type { Agreement, Stage } from '../../agreements/index.ts';
import { shortReference } from '../../applications/index.ts';
import { noticesOf, openNotice, type ReceivedNotice } from '../../cases/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { textOf } from '../shown/agreement-words.ts';
import { valueWords } from '../shown/values.ts';
import { Layout, PageHeading, SummaryList, Table, type View } from '../ui/index.ts';

/** What authorities of other states told this officer's agency: a list that names nobody, and each notice on its own page. */
export function addNotices(pages: Pages): void {
  pages.officer.get('/desk/notices', async ({ ctx, view, session, officer }) => {
    const rows = await noticesOf(ctx, session);
    return page(<NoticesPage view={view} ctx={ctx} agency={officer.agency} rows={rows} />);
  });
  pages.officer.get('/desk/notices/:id', async ({ ctx, view, session, params }) => {
    const notice = await openNotice(ctx, session, params.id ?? '');
    return page(<NoticePage view={view} notice={notice} agreement={ctx.agreements.byContract(notice.contract)} />);
  });
}

const stageOf = (agreement: Agreement | undefined, { service, stage }: Pick<ReceivedNotice, 'service' | 'stage'>) =>
  agreement?.services[service]?.stages.find(({ name }) => name === stage);

/** What a notice is called: the title of the stage that sends it. */
function noticeTitle(view: View, agreement: Agreement | undefined, notice: Pick<ReceivedNotice, 'service' | 'stage'>) {
  const stage = stageOf(agreement, notice);
  return agreement === undefined || stage === undefined ? notice.stage : textOf(view, agreement, stage.title);
}

export function NoticesPage({
  view,
  ctx,
  agency,
  rows,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  agency: string;
  rows: readonly Omit<ReceivedNotice, 'says'>[];
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('desk.notices.title')} back="/desk" wide>
      <PageHeading caption={view.agencyName(agency)}>{say('desk.notices.title')}</PageHeading>
      {rows.length === 0 ? (
        <p>{say('desk.notices.none')}</p>
      ) : (
        <Table
          caption={say('desk.notices.title')}
          columns={[
            { title: say('desk.notices.what') },
            { title: say('desk.notices.from') },
            { title: say('desk.column.case') },
            { title: say('desk.notices.received') },
          ]}
          rows={rows.map((row) => [
            <a key="notice" href={`/desk/notices/${row.id}`}>
              {noticeTitle(view, ctx.agreements.byContract(row.contract), row)}
              {row.corrects ? ` (${say('desk.notices.corrects')})` : ''}
            </a>,
            say('common.evidence.from', { state: view.stateName(row.from), agency: view.agencyName(row.fromAgency) }),
            shortReference(row.application),
            view.shortDate(row.receivedAt),
          ])}
        />
      )}
    </Layout>
  );
}

export function NoticePage({
  view,
  notice,
  agreement,
}: {
  view: View;
  notice: ReceivedNotice;
  agreement: Agreement | undefined;
}) {
  const { say } = view;
  const title = noticeTitle(view, agreement, notice);
  const stage = stageOf(agreement, notice);
  const carries = stage?.sends?.carries ?? {};
  return (
    <Layout view={view} title={title} back="/desk/notices">
      <PageHeading
        caption={say('common.evidence.from', {
          state: view.stateName(notice.from),
          agency: view.agencyName(notice.fromAgency),
        })}
        lead={say('desk.notice.about', { state: view.stateName(notice.home) })}
      >
        {title}
      </PageHeading>
      <SummaryList
        rows={Object.entries(notice.says).map(([name, value]) => ({
          key: agreement === undefined ? name : textOf(view, agreement, carries[name]?.label ?? name),
          value: saidWords(view, agreement, stage, name, value),
        }))}
      />
      <p class="cw-subtle">
        {view.date(notice.receivedAt)}
        {notice.corrects ? ` · ${say('desk.notices.corrects')}` : ''}
      </p>
    </Layout>
  );
}

/** The words for the few values that a rule, or an officer's choice, can have: found by the expression that carries it. */
function textsOf(stage: Stage | undefined, agreement: Agreement | undefined, name: string) {
  const source = stage?.sends?.carries[name]?.value.source.trim() ?? '';
  return stage?.sends?.asks[source]?.options ?? agreement?.rules[source]?.words;
}

/** A value of a notice in words; else by its kind. */
function saidWords(
  view: View,
  agreement: Agreement | undefined,
  stage: Stage | undefined,
  name: string,
  value: ReceivedNotice['says'][string],
) {
  const words = typeof value === 'string' ? textsOf(stage, agreement, name)?.[value] : undefined;
  return words === undefined || agreement === undefined ? valueWords(view, value) : textOf(view, agreement, words);
}
