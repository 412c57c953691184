import { shortReference } from '../../applications/index.ts';
import { dayOf } from '../../calendar/index.ts';
import {
  type CaseQueue,
  type CaseRow,
  forgetQueue,
  listableServices,
  queueOf,
  queueSize,
  type SavedQueue,
  savedQueues,
  saveQueue,
} from '../../cases/index.ts';
import { listOfficers, servicesFor } from '../../identity/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { OutcomeTag } from '../shown/explanation.tsx';
import {
  Actions,
  Button,
  Empty,
  ErrorSummary,
  Form,
  Icon,
  Layout,
  Notification,
  PageHeading,
  Table,
  Tag,
  type View,
} from '../ui/index.ts';
import { FilterForm, SavedQueues } from './queue-filter.tsx';
import { filterOf, type QueueWish, readWish, wishQuery } from './queue-wish.ts';

/** The officer's queue: no name in it, only what he needs to choose his next case. */
export function addQueue(pages: Pages): void {
  pages.officer.get('/desk', (visit) => showQueue(visit));
  pages.officer.post('/desk/queues', async (visit) => {
    const { ctx, officer, fields, view } = visit;
    const wish = readWish(Object.fromEntries(new URLSearchParams(fields.one('query'))));
    const query = wishQuery(wish);
    try {
      await saveQueue(ctx, officer.id, { name: fields.one('name'), query });
    } catch (error) {
      if (!isFailure(error, 'CASE_QUEUE_NAME', 'CASE_QUEUES_MANY')) throw error;
      return showQueue(visit, { wish, wrong: view.find(`error.${error.code}`, error.params) ?? error.code });
    }
    return redirect(`/desk?${query}`);
  });
  pages.officer.post('/desk/queues/forget', async ({ ctx, officer, fields }) => {
    await forgetQueue(ctx.db, officer.id, fields.one('name'));
    return redirect('/desk');
  });
}

async function showQueue(visit: OfficerVisit, again?: { wish: QueueWish; wrong: string }): Promise<Answer> {
  const { ctx, view, session, officer, query } = visit;
  if (servicesFor(session, 'case.list', officer.agency).length === 0)
    return page(<NoCasesPage view={view} agency={officer.agency} />);
  const queue: CaseQueue = query.queue === 'decided' || query.queue === 'corrections' ? query.queue : 'waiting';
  const wish = again?.wish ?? readWish(query);
  const now = ctx.clock.now();
  const narrowed = queue === 'waiting' ? filterOf(wish, officer.id, now) : {};
  const [rows, count, services, kept, officers] = await Promise.all([
    queueOf(ctx, session, queue, narrowed),
    queueSize(ctx, session, queue, narrowed),
    listableServices(ctx, session),
    savedQueues(ctx.db, officer.id),
    listOfficers(ctx.db),
  ]);
  const queues = await Promise.all(
    kept.map(async (one) => {
      const saved = readWish(Object.fromEntries(new URLSearchParams(one.query)));
      return { ...one, count: await queueSize(ctx, session, 'waiting', filterOf(saved, officer.id, now)) };
    }),
  );
  const names = new Map(officers.map(({ id, name }) => [id, name]));
  const shown = { ctx, agency: officer.agency, queue, rows, count, wish, services, queues, names, wrong: again?.wrong };
  return page(<QueuePage view={view} {...shown} />, again === undefined ? 200 : 400);
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
  count,
  wish,
  services = [],
  queues = [],
  names = new Map(),
  wrong,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements' | 'clock'>;
  agency: string;
  queue: CaseQueue;
  rows: readonly CaseRow[];
  /** How many there are, of which the first are shown. */
  count: number;
  wish: QueueWish;
  /** `agreement/service` with cases that he may list. */
  services?: readonly string[];
  queues?: readonly (SavedQueue & { count: number })[];
  /** Of officers, by account. */
  names?: ReadonlyMap<string, string>;
  wrong?: string | undefined;
}) {
  const { say } = view;
  const now = ctx.clock.now();
  const tabs: [CaseQueue, string][] = [
    ['waiting', say('desk.queue.waiting')],
    ['corrections', say('desk.queue.corrections')],
    ['decided', say('desk.queue.decided')],
  ];
  const current = wishQuery(wish);
  const options = services.map((value) => {
    const [agreement = '', service = ''] = value.split('/');
    return { value, label: serviceTitle(view, ctx, { agreement, service }) };
  });
  return (
    <Layout view={view} title={say('desk.title')} wide wrong={wrong !== undefined}>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: 'name', message: wrong }]} />
      <PageHeading caption={view.agencyName(agency)}>{say('desk.title')}</PageHeading>
      <nav aria-label={say('desk.queues')}>
        <ul class="cw-filters">
          {tabs.map(([name, words]) => (
            <li key={name}>
              <a href={`/desk?queue=${name}`} aria-current={name === queue ? 'page' : undefined}>
                {words}
                {name === queue ? ` (${view.number(count)})` : ''}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {queue === 'waiting' ? (
        <>
          <SavedQueues view={view} queues={queues} current={current} />
          <FilterForm
            view={view}
            wish={wish}
            services={options}
            kept={queues.find(({ query }) => query === current)?.name}
            wrong={wrong}
          />
        </>
      ) : null}
      {rows.length === 0 ? (
        <Empty icon="check" title={say(current === '' ? 'desk.queue.empty' : 'desk.filter.none')} />
      ) : (
        <Form view={view} action="/desk/batch">
          <Table
            caption={say(`desk.queue.caption.${queue}`)}
            columns={[
              { title: say('desk.column.case') },
              { title: say('desk.column.service') },
              { title: say('desk.column.home') },
              { title: say('desk.column.filed') },
              { title: say(queue === 'waiting' ? 'desk.column.due' : 'desk.column.decidedAt') },
              { title: say('desk.column.status') },
              ...(queue === 'waiting' ? [{ title: say('desk.column.assignee') }] : []),
            ]}
            rows={rows.map((row) => [
              <span key="case" class="cw-nowrap">
                {queue === 'waiting' ? (
                  <>
                    <input type="checkbox" class="cw-tick" id={`case-${row.id}`} name="case" value={row.id} />
                    <label for={`case-${row.id}`} class="cw-hide">
                      {say('desk.batch.tick', { reference: shortReference(row.application) })}
                    </label>
                  </>
                ) : null}
                <a href={`/desk/cases/${row.id}`}>{shortReference(row.application)}</a>
              </span>,
              serviceTitle(view, ctx, row),
              view.stateName(row.home),
              view.shortDate(row.filedOn),
              row.decidedAt === undefined ? (
                <Due key="due" view={view} due={row.due} now={now} />
              ) : (
                view.shortDate(row.decidedAt)
              ),
              <Status key="status" view={view} row={row} />,
              ...(queue === 'waiting'
                ? [row.assignee === undefined ? '–' : (names.get(row.assignee) ?? row.assignee)]
                : []),
            ])}
          />
          {queue === 'waiting' ? (
            <fieldset class="cw-fieldset">
              <legend>{say('desk.batch.chosen')}</legend>
              <Actions>
                {(['take', 'back', 'give'] as const).map((act) => (
                  <Button key={act} kind="secondary" name="act" value={act}>
                    {say(`desk.batch.${act}`)}
                  </Button>
                ))}
              </Actions>
            </fieldset>
          ) : null}
        </Form>
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
      {row.waitsSince === undefined ? null : (
        <Tag tone="neutral" icon="clock">
          {view.say('desk.waits.since', { date: view.shortDate(row.waitsSince.slice(0, 10)) })}
        </Tag>
      )}
      {row.escalatedAt === undefined ? null : (
        <Tag tone="warning" icon="alert">
          {view.say('desk.escalated')}
        </Tag>
      )}
    </span>
  );
}
