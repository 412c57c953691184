import { recordAct } from '../../audit/index.ts';
import {
  type DeadJob,
  Failure,
  isFailure,
  listDeadJobs,
  type QueueHealth,
  queueHealth,
  reviveJob,
} from '../../storage/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { Button, Empty, ErrorSummary, Form, Notification, Table, TextField, type View } from '../ui/index.ts';
import { mayAtConsole } from './access.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

/** What waits to be done, what fails, and what was given up: that can be begun anew, with a reason. */
export function addJobs(pages: Pages): void {
  addPlace(pages, 'get', '/console/jobs', 'node.read', (visit) => showJobs(visit));
  addPlace(pages, 'post', '/console/jobs/revive', 'node.act', async (visit) => {
    const { ctx, officer, fields } = visit;
    // Each queue on the page has a field of its own; the form says which.
    const reason = fields.one(fields.one('field'));
    // The queue of the form, never one key: what a job is about may be a person's, and stands in no address and no history.
    const queue = fields.one('queue');
    try {
      await ctx.db.transaction(async (tx) => {
        const jobs = (await listDeadJobs(tx)).filter((job) => job.queue === queue);
        if (jobs.length === 0) throw new Failure('WEB_PAGE_NOT_FOUND');
        for (const { key } of jobs) await reviveJob(tx, queue, key);
        await recordAct(tx, ctx, { by: officer.id, act: 'jobRevived', about: queue, reason });
      });
    } catch (error) {
      if (!isFailure(error, 'AUDIT_REASON')) throw error;
      return showJobs(visit, { queue, reason });
    }
    return redirect('/console/jobs?done=revived');
  });
}

async function showJobs(
  { ctx, view, session, query }: OfficerVisit,
  wrong?: { queue: string; reason: string },
): Promise<Answer> {
  const [queues, dead] = [await queueHealth(ctx.db, ctx.clock.now()), await listDeadJobs(ctx.db)];
  const shown = { queues, dead, wrong, done: query.done === 'revived', acts: mayAtConsole(ctx, session, 'node.act') };
  return page(<JobsPage view={view} places={placesOf(ctx, session)} {...shown} />, wrong === undefined ? 200 : 400);
}

export function JobsPage({
  view,
  places,
  queues,
  dead,
  acts,
  done = false,
  wrong,
}: {
  view: View;
  places: readonly Place[];
  queues: readonly QueueHealth[];
  dead: readonly DeadJob[];
  acts: boolean;
  done?: boolean;
  wrong?: { queue: string; reason: string } | undefined;
}) {
  const { say } = view;
  const message = say('console.reason.wrong');
  const given = [...Map.groupBy(dead, ({ queue }) => queue)];
  const fieldOf = (queue: string): string => `reason-${given.findIndex(([name]) => name === queue)}`;
  return (
    <Frame
      view={view}
      places={places}
      title={say('console.jobs.title')}
      lead={say('console.jobs.lead')}
      wrong={wrong !== undefined}
    >
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: fieldOf(wrong.queue), message }]} />
      {done ? (
        <Notification tone="success" alive>
          <p>{say('console.jobs.done')}</p>
        </Notification>
      ) : null}
      {queues.length === 0 ? <Empty icon="check" title={say('console.jobs.none')} /> : null}
      {given.map(([queue, jobs]) => (
        <section class="cw-piece" key={queue}>
          <h2>{say('console.jobs.dead', { queue, count: jobs.length })}</h2>
          <p>{jobs[0]?.error}</p>
          {acts ? (
            <Form view={view} action="/console/jobs/revive">
              <input type="hidden" name="queue" value={queue} />
              <input type="hidden" name="field" value={fieldOf(queue)} />
              <TextField
                view={view}
                chars={60}
                name={fieldOf(queue)}
                label={say('console.reason.why')}
                value={wrong?.queue === queue ? wrong.reason : ''}
                {...(wrong?.queue === queue ? { error: message } : {})}
              />
              <Button kind="secondary" about={queue}>
                {say('console.jobs.revive')}
              </Button>
            </Form>
          ) : null}
        </section>
      ))}
      {queues.length === 0 ? null : (
        <Table
          caption={say('console.jobs.caption')}
          columns={[
            { title: say('console.jobs.queue') },
            { title: say('console.jobs.waiting'), number: true },
            { title: say('console.jobs.running'), number: true },
            { title: say('console.jobs.failing'), number: true },
            { title: say('console.jobs.given'), number: true },
            { title: say('console.jobs.late') },
          ]}
          rows={queues.map(({ queue, waiting, running, failing, dead: over, lateSince }) => [
            <code key="queue">{queue}</code>,
            view.number(waiting),
            view.number(running),
            view.number(failing),
            view.number(over),
            lateSince === null ? '–' : view.date(lateSince),
          ])}
        />
      )}
    </Frame>
  );
}
