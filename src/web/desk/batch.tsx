import { shortReference } from '../../applications/index.ts';
import { assignCase, type CaseRow, rowsOf } from '../../cases/index.ts';
import { listOfficers, may, type OfficerAccount } from '../../identity/index.ts';
import { isFailure } from '../../storage/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import {
  Actions,
  Button,
  ButtonLink,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  Select,
  Table,
  Tag,
  type View,
} from '../ui/index.ts';
import { serviceTitle } from './queue.tsx';

/** More than anybody looks through before he presses the button. */
export const MOST_CASES = 500;
const ACTS = ['take', 'back', 'give'] as const;
export type BatchAct = (typeof ACTS)[number];

/** What became of one case. */
export interface BatchResult {
  row: CaseRow;
  /** Why it stayed as it was; missing where it was done. */
  refusal?: string;
}

/** Many cases at once: ticked in the queue, looked through, done one by one, and told one by one. Nothing of a person is read for it. */
export function addBatch(pages: Pages): void {
  pages.officer.post('/desk/batch', (visit) => showBatch(visit));
  pages.officer.post('/desk/batch/run', async (visit) => {
    const { ctx, session, view, fields } = visit;
    const { act, rows } = await chosen(visit);
    const to = act === 'take' ? session.account.id : act === 'give' ? fields.one('to') : undefined;
    if (to === '') return showBatch(visit, view.say('error.CASE_COLLEAGUE'));
    const results: BatchResult[] = [];
    for (const row of rows) {
      // As it stood when he looked through them: what another officer took meanwhile stays his.
      const seen = fields.one(`seen-${row.id}`);
      try {
        await assignCase(ctx, session, row.id, { to, seen: seen === '' ? undefined : seen });
        results.push({ row });
      } catch (error) {
        if (!isFailure(error) || error.code.startsWith('STORAGE_')) throw error;
        results.push({ row, refusal: view.find(`error.${error.code}`, error.params) ?? error.code });
      }
    }
    return page(<ReportPage view={view} ctx={ctx} results={results} />);
  });
}

async function chosen({ ctx, session, fields }: OfficerVisit): Promise<{ act: BatchAct; rows: CaseRow[] }> {
  const act = ACTS.find((one) => one === fields.one('act')) ?? 'take';
  return { act, rows: await rowsOf(ctx, session, fields.all('case').slice(0, MOST_CASES)) };
}

async function showBatch(visit: OfficerVisit, wrong?: string): Promise<Answer> {
  const { ctx, view, officer } = visit;
  const { act, rows } = await chosen(visit);
  if (rows.length === 0) return redirect('/desk');
  const colleagues = act === 'give' ? (await listOfficers(ctx.db)).filter(canReadAll(rows)) : [];
  const others = colleagues.filter(({ id }) => id !== officer.id);
  const names = new Map((await listOfficers(ctx.db)).map(({ id, name }) => [id, name]));
  const shown = <BatchPage {...{ view, ctx, act, rows, names, wrong }} colleagues={others} />;
  return page(shown, wrong === undefined ? 200 : 400);
}

const canReadAll =
  (rows: readonly CaseRow[]) =>
  (account: OfficerAccount): boolean =>
    rows.every(({ agency, agreement, service }) =>
      may({ account }, 'case.read', { agency, service: `${agreement}/${service}` }),
    );

interface BatchProps {
  view: View;
  ctx: Parameters<typeof serviceTitle>[1];
}

export function BatchPage({
  view,
  ctx,
  act,
  rows,
  names,
  colleagues,
  wrong,
}: BatchProps & {
  act: BatchAct;
  rows: readonly CaseRow[];
  names: ReadonlyMap<string, string>;
  colleagues: readonly OfficerAccount[];
  wrong?: string | undefined;
}) {
  const { say } = view;
  const title = say(`desk.batch.${act}`);
  return (
    <Layout view={view} title={title} back="/desk" wide wrong={wrong !== undefined}>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: 'to', message: wrong }]} />
      <PageHeading lead={say('desk.batch.lead', { count: rows.length })}>{title}</PageHeading>
      <Table
        caption={say('desk.batch.caption')}
        columns={[
          { title: say('desk.column.case') },
          { title: say('desk.column.service') },
          { title: say('desk.column.due') },
          { title: say('desk.column.assignee') },
        ]}
        rows={rows.map((row) => [
          shortReference(row.application),
          serviceTitle(view, ctx, row),
          view.shortDate(row.due.slice(0, 10)),
          row.assignee === undefined ? say('desk.assign.nobody') : (names.get(row.assignee) ?? row.assignee),
        ])}
      />
      <Form view={view} action="/desk/batch/run">
        <input type="hidden" name="act" value={act} />
        {rows.map(({ id, assignee }) => (
          <span key={id}>
            <input type="hidden" name="case" value={id} />
            <input type="hidden" name={`seen-${id}`} value={assignee ?? ''} />
          </span>
        ))}
        {act === 'give' ? (
          <Select
            view={view}
            name="to"
            label={say('desk.assign.to')}
            options={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
            {...(wrong === undefined ? {} : { error: wrong })}
          />
        ) : null}
        <Actions>
          <Button>{title}</Button>
          <ButtonLink href="/desk" kind="secondary">
            {say('desk.batch.leave')}
          </ButtonLink>
        </Actions>
      </Form>
    </Layout>
  );
}

export function ReportPage({ view, ctx, results }: BatchProps & { results: readonly BatchResult[] }) {
  const { say } = view;
  const refused = results.filter(({ refusal }) => refusal !== undefined).length;
  const numbers = { done: results.length - refused, all: results.length };
  return (
    <Layout view={view} title={say('desk.batch.report')} back="/desk" wide>
      <PageHeading>{say('desk.batch.report')}</PageHeading>
      <Notification tone={refused === 0 ? 'success' : 'warning'} alive>
        <p>{say('desk.batch.done', numbers)}</p>
      </Notification>
      <Table
        caption={say('desk.batch.caption')}
        columns={[
          { title: say('desk.column.case') },
          { title: say('desk.column.service') },
          { title: say('desk.batch.result') },
        ]}
        rows={results.map(({ row, refusal }) => [
          <a key="case" href={`/desk/cases/${row.id}`}>
            {shortReference(row.application)}
          </a>,
          serviceTitle(view, ctx, row),
          refusal === undefined ? (
            <Tag key="result" tone="success" icon="check">
              {say('desk.batch.ok')}
            </Tag>
          ) : (
            refusal
          ),
        ])}
      />
    </Layout>
  );
}
