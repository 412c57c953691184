import {
  type Complaint,
  type Fork,
  type LedgerStatus,
  ledgerStatus,
  listComplaints,
  listForks,
  listMirrors,
} from '../../ledger/index.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Notification, SummaryList, Table, Tag, type View } from '../ui/index.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

type Mirror = Awaited<ReturnType<typeof listMirrors>>[number];

/** This node's log and who has seen it, the copies of the others' logs, and what this node has against them. */
export function addLedger(pages: Pages): void {
  addPlace(pages, 'get', '/console/ledger', 'node.read', async ({ ctx, view, session }) => {
    const [status, mirrors, complaints, forks] = await Promise.all([
      ledgerStatus(ctx),
      listMirrors(ctx),
      listComplaints(ctx),
      listForks(ctx),
    ]);
    const quorum = ctx.trust.witnessQuorum();
    return page(
      <LedgerPage view={view} places={placesOf(ctx, session)} {...{ status, mirrors, complaints, forks, quorum }} />,
    );
  });
}

/** The state whose log it is: `commonway/eaeu/kz`, `commonway/eaeu/kz/2`. */
const stateOf = (view: View, origin: string): string => {
  const state = origin.split('/')[2] ?? origin;
  return view.states.includes(state) ? view.stateName(state) : origin;
};

export function LedgerPage({
  view,
  places,
  status,
  mirrors,
  complaints,
  forks,
  quorum,
}: {
  view: View;
  places: readonly Place[];
  status: LedgerStatus;
  mirrors: readonly Mirror[];
  complaints: readonly Complaint[];
  forks: readonly Fork[];
  /** So many witnesses make a checkpoint count. */
  quorum: number;
}) {
  const { say } = view;
  const against = [...complaints, ...forks].map(({ origin }) => stateOf(view, origin));
  return (
    <Frame view={view} places={places} title={say('console.ledger.title')} lead={say('console.ledger.lead')}>
      {against.length === 0 ? null : (
        <Notification tone="danger" title={say('console.ledger.against', { count: against.length })}>
          <p>{view.list([...new Set(against)])}</p>
          <code class="cw-code">{`./commonway complaint list --state ${view.state}`}</code>
        </Notification>
      )}
      <SummaryList
        rows={[
          { key: say('console.ledger.origin'), value: <code>{status.origin}</code> },
          { key: say('console.ledger.size'), value: view.number(status.size) },
          { key: say('console.ledger.root'), value: <code class="cw-code">{status.root}</code> },
          { key: say('console.ledger.at'), value: view.date(status.at) },
          { key: say('console.ledger.pending'), value: view.number(status.pending) },
          {
            key: say('console.ledger.witnessed', { quorum }),
            value:
              status.witnessed === null
                ? say('console.never')
                : `${view.number(status.witnessed.size)}, ${view.date(status.witnessed.at)}`,
          },
        ]}
      />
      <Table
        caption={say('console.ledger.witnesses')}
        columns={[
          { title: say('console.ledger.witness') },
          { title: say('console.ledger.state') },
          { title: say('console.ledger.seen'), number: true },
          { title: say('console.when') },
        ]}
        rows={status.witnesses.map(({ name, size, state, at }) => [
          stateOf(view, name),
          <Tag key="state" tone={state === 'ok' ? 'success' : 'warning'} icon={state === 'ok' ? 'check' : 'alert'}>
            {say(`console.ledger.peer.${state}`)}
          </Tag>,
          view.number(size),
          view.date(at),
        ])}
      />
      <Table
        caption={say('console.ledger.mirrors')}
        columns={[
          { title: say('console.ledger.log') },
          { title: say('console.ledger.copied'), number: true },
          { title: say('console.ledger.known'), number: true },
          { title: say('console.when') },
        ]}
        rows={mirrors.map(({ origin, size, known, at }) => [
          stateOf(view, origin),
          view.number(size),
          known === null ? '–' : view.number(known),
          view.date(at),
        ])}
      />
    </Frame>
  );
}
