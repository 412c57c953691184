import { type Act, listActs } from '../../audit/index.ts';
import { examine, type Health } from '../../health/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Findings } from '../shown/findings.tsx';
import { Empty, Notification, Table, type View } from '../ui/index.ts';
import { mayAtConsole, mustAtConsole } from './access.ts';
import { Frame, type Place, placesOf } from './frame.tsx';

/** Where an operator begins: what is wrong, what to do next, and what was done last. Who may see something else begins there. */
export function addHome(pages: Pages): void {
  pages.officer.get('/console', async ({ ctx, view, session }) => {
    const places = placesOf(ctx, session);
    const [first] = places;
    if (!mayAtConsole(ctx, session, 'node.read') && first !== undefined) return redirect(first.href);
    mustAtConsole(ctx, session, 'node.read');
    const [health, acts] = await Promise.all([examine(ctx), listActs(ctx.db)]);
    return page(<HomePage {...{ view, places, health, acts }} />);
  });
}

export function HomePage({
  view,
  places,
  health,
  acts,
}: {
  view: View;
  places: readonly Place[];
  health: Health;
  acts: readonly Act[];
}) {
  const { say } = view;
  return (
    <Frame view={view} places={places} title={say('console.home.title')}>
      <Notification tone={TONES[health.status]} title={say(`health.status.${health.status}`)}>
        <p>{say('health.at', { when: view.date(health.at) })}</p>
      </Notification>
      <Findings view={view} findings={health.findings} />
      <h2>{say('console.acts.title')}</h2>
      {acts.length === 0 ? (
        <Empty icon="check" title={say('console.acts.none')} />
      ) : (
        <Table
          caption={say('console.acts.caption')}
          columns={[
            { title: say('console.when') },
            { title: say('console.acts.who') },
            { title: say('console.acts.act') },
            { title: say('console.acts.about') },
            { title: say('console.reason') },
          ]}
          rows={acts.map(({ at, by, act, about, reason }) => [
            view.date(at),
            by,
            say(`console.act.${act}`),
            <code key="about">{about}</code>,
            reason,
          ])}
        />
      )}
    </Frame>
  );
}

const TONES = { pass: 'success', warn: 'warning', fail: 'danger' } as const;
