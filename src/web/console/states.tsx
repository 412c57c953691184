import { exchangeHealth } from '../../exchange/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Table, Tag, type View } from '../ui/index.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

const REFRESH_SECONDS = 10;
/** Each peer is asked every half minute. */
const SILENT_MS = 120_000;
/** Over a minute everything that is signed is refused. */
const SKEW_MS = 10_000;

type Peer = Awaited<ReturnType<typeof exchangeHealth>>[number];

/** Another state, as this node sees it now. */
export interface ShownPeer extends Partial<Omit<Peer, 'peer'>> {
  state: string;
  reachable: boolean;
}

/** How it goes with every other state; the page is loaded anew when that changes. */
export function addStates(pages: Pages): void {
  addPlace(pages, 'get', '/console/states', 'node.read', async ({ ctx, view, session }) =>
    page(<StatesPage view={view} places={placesOf(ctx, session)} peers={await peersOf(ctx)} />),
  );
  // For the enhancement script.
  addPlace(pages, 'get', '/console/states/state', 'node.read', async ({ ctx }) => ({
    kind: 'text',
    body: standing(await peersOf(ctx)),
    type: 'text/plain; charset=utf-8',
  }));
}

async function peersOf({ db, clock, trust }: WebContext): Promise<ShownPeer[]> {
  const known = await exchangeHealth(db);
  const since = Date.parse(clock.now()) - SILENT_MS;
  return trust
    .members()
    .filter((state) => state !== trust.self)
    .map((state) => {
      const found = known.find(({ peer }) => peer === state);
      return { ...found, state, reachable: found?.heardAt !== undefined && Date.parse(found.heardAt) > since };
    });
}

/** What is worth loading the page anew for, as one text. */
const standing = (peers: readonly ShownPeer[]): string =>
  peers
    .map(({ state, reachable, failure = '', waiting = 0, charter = '' }) =>
      [state, reachable, failure, waiting, charter].join(' '),
    )
    .join('\n');

export function StatesPage({
  view,
  places,
  peers,
}: {
  view: View;
  places: readonly Place[];
  peers: readonly ShownPeer[];
}) {
  const { say } = view;
  return (
    <Frame
      view={view}
      places={places}
      title={say('console.states.title')}
      lead={say('console.states.lead')}
      refresh={REFRESH_SECONDS}
    >
      <div data-watch="/console/states/state" data-known={standing(peers)} />
      <Table
        caption={say('console.states.caption')}
        columns={[
          { title: say('console.states.state') },
          { title: say('console.states.connection') },
          { title: say('console.states.heard') },
          { title: say('console.states.waiting'), number: true },
          { title: say('console.states.oldest') },
          { title: say('console.states.skew'), number: true },
          { title: say('console.states.charter') },
        ]}
        rows={peers.map((peer) => [
          view.stateName(peer.state),
          <Connection key="connection" view={view} peer={peer} />,
          peer.heardAt === undefined ? say('console.never') : view.date(peer.heardAt),
          view.number(peer.waiting ?? 0),
          peer.oldest === undefined ? '–' : view.date(peer.oldest),
          skewWords(view, peer.skewMs),
          <CharterTag key="charter" view={view} charter={peer.charter} />,
        ])}
      />
    </Frame>
  );
}

function Connection({ view, peer: { reachable, failure } }: { view: View; peer: ShownPeer }) {
  if (!reachable)
    return (
      <Tag tone="danger" icon="alert">
        {view.say('console.states.away')}
      </Tag>
    );
  return failure === undefined ? (
    <Tag tone="success" icon="check">
      {view.say('console.states.there')}
    </Tag>
  ) : (
    <>
      <Tag tone="warning" icon="alert">
        {view.say('console.states.failing')}
      </Tag>{' '}
      <span class="cw-small">{failure}</span>
    </>
  );
}

function skewWords(view: View, skewMs: number | undefined) {
  if (skewMs === undefined) return '–';
  const words = view.say('console.states.seconds', { seconds: Math.round(skewMs / 100) / 10 });
  return Math.abs(skewMs) < SKEW_MS ? (
    words
  ) : (
    <Tag tone="warning" icon="clock">
      {words}
    </Tag>
  );
}

function CharterTag({ view, charter }: { view: View; charter: string | undefined }) {
  if (charter === undefined) return <>–</>;
  const known = (['same', 'older', 'newer', 'fork'] as const).find((one) => one === charter);
  if (known === undefined) return <>{charter}</>;
  return (
    <Tag tone={known === 'same' ? 'success' : known === 'fork' ? 'danger' : 'warning'}>
      {view.say(`console.states.charter.${known}`)}
    </Tag>
  );
}
