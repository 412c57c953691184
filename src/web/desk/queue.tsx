import { shortReference } from '../../applications/index.ts';
import { dayOf } from '../../calendar/index.ts';
import { type CaseQueue, type CaseRow, queueOf } from '../../cases/index.ts';
import { may } from '../../identity/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { OutcomeTag } from '../shown/explanation.tsx';
import { Empty, Icon, Layout, Notification, PageHeading, Table, Tag, type View } from '../ui/index.ts';

/** The officer's queue: no name in it, only what he needs to choose his next case. */
export function addQueue(pages: Pages): void {
  pages.officer.get('/desk', async ({ ctx, view, session, officer, query }) => {
    if (!may(session, 'case.list', { agency: officer.agency })) {
      return page(<NoCasesPage view={view} agency={officer.agency} />);
    }
    const queue: CaseQueue = query.queue === 'decided' || query.queue === 'corrections' ? query.queue : 'waiting';
    const rows = await queueOf(ctx, session, queue);
    return page(<QueuePage view={view} ctx={ctx} agency={officer.agency} queue={queue} rows={rows} />);
  });
}

/** A register's officer has no cases: he is told where his work is. */
function NoCasesPage({ view, agency }: { view: View; agency: string }) {
  const { say } = view;
  return (
    <Layout view={view} title={say('desk.title')} wide>
      <PageHeading caption={view.agencyName(agency)}>{say('desk.title')}</PageHeading>
      <Notification>
        <p>{say('desk.noCases')}</p>
        <p>
          <a href="/desk/registers">{say('desk.nav.registers')}</a>
        </p>
      </Notification>
    </Layout>
  );
}

export function QueuePage({
  view,
  ctx,
  agency,
  queue,
  rows,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements' | 'clock'>;
  agency: string;
  queue: CaseQueue;
  rows: readonly CaseRow[];
}) {
  const { say } = view;
  const now = ctx.clock.now();
  const tabs: [CaseQueue, string][] = [
    ['waiting', say('desk.queue.waiting')],
    ['corrections', say('desk.queue.corrections')],
    ['decided', say('desk.queue.decided')],
  ];
  return (
    <Layout view={view} title={say('desk.title')} wide>
      <PageHeading caption={view.agencyName(agency)}>{say('desk.title')}</PageHeading>
      <nav aria-label={say('desk.queues')}>
        <ul class="cw-filters">
          {tabs.map(([name, words]) => (
            <li key={name}>
              <a href={`/desk?queue=${name}`} aria-current={name === queue ? 'page' : undefined}>
                {words}
                {name === queue ? ` (${view.number(rows.length)})` : ''}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {rows.length === 0 ? (
        <Empty icon="check" title={say('desk.queue.empty')} />
      ) : (
        <Table
          caption={say(`desk.queue.caption.${queue}`)}
          columns={[
            { title: say('desk.column.case') },
            { title: say('desk.column.service') },
            { title: say('desk.column.home') },
            { title: say('desk.column.filed') },
            { title: say(queue === 'waiting' ? 'desk.column.due' : 'desk.column.decidedAt') },
            { title: say('desk.column.status') },
          ]}
          rows={rows.map((row) => [
            <a key="case" href={`/desk/cases/${row.id}`} class="cw-nowrap">
              {shortReference(row.application)}
            </a>,
            serviceTitle(view, ctx, row),
            view.stateName(row.home),
            view.shortDate(row.filedOn),
            row.decidedAt === undefined ? (
              <Due key="due" view={view} due={row.due} now={now} />
            ) : (
              view.shortDate(row.decidedAt)
            ),
            <Status key="status" view={view} row={row} />,
          ])}
        />
      )}
    </Layout>
  );
}

/** The service's title in the officer's language, from the agreement that the case is pinned to. */
export function serviceTitle(
  view: View,
  { agreements }: Pick<WebContext, 'agreements'>,
  { agreement, service }: Pick<CaseRow, 'agreement' | 'service'>,
): string {
  const known = agreements.newest(agreement);
  const title = known?.services[service]?.title;
  return known === undefined || title === undefined ? `${agreement}/${service}` : known.text(view.language, title);
}

/** A deadline: a passed one says so in words, not in colour alone. */
export function Due({ view, due, now }: { view: View; due: string; now: string }) {
  const day = view.shortDate(dayOf(due, view.state));
  if (due > now) return <span class="cw-due">{day}</span>;
  return (
    <span class="cw-due" data-late>
      <Icon name="alert" /> {view.say('desk.late', { date: day })}
    </span>
  );
}

function Status({ view, row }: { view: View; row: CaseRow }) {
  if (row.outcome !== undefined) {
    return (
      <span class="cw-row">
        <OutcomeTag view={view} outcome={row.outcome} />
        {row.correction === undefined ? null : (
          <Tag tone="warning" icon="alert">
            {view.say(`desk.correction.tag.${row.correction}`)}
          </Tag>
        )}
      </span>
    );
  }
  const words = row.stage === 'confirmation' ? view.say('desk.stage.confirmation') : view.say('desk.stage.examination');
  return (
    <span class="cw-row">
      <Tag tone="info">{words}</Tag>
      {row.escalatedAt === undefined ? null : (
        <Tag tone="warning" icon="alert">
          {view.say('desk.escalated')}
        </Tag>
      )}
    </span>
  );
}
