import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keptCallsRoutes, recoverCalls } from '../calls/index.ts';
import { namesInXRoad } from '../doors/index.ts';
import { makePeerClient, type PeerClient, type PeerRoutes, recoverFrom } from '../exchange/index.ts';
import { carryPendingOver, type ReadPath, readMirrorPath, regainLog } from '../ledger/index.ts';
import { addMilliseconds, type Instant } from '../storage/index.ts';
import type { NodeContext } from './context.ts';

const PREFIX = '/mirror/';
/** `restored.json` in the node's folder: whoever restored the database says so, and the node then does not start without the others' word. */
const MARK = 'restored.json';
const PATIENCE_MS = 3_000;
const AGAIN_MS = 1_000;
/** What was committed last may be older than what was sent last. */
const MARGIN_MS = 10 * 60_000;

type RegainContext = Pick<NodeContext, 'db' | 'clock' | 'trust' | 'keys' | 'ledger'>;

/** What this node holds of another state's log, and of the calls with it, for that state alone. */
export function giveBackRoutes({ db, trust }: Pick<NodeContext, 'db' | 'trust'>): PeerRoutes {
  return {
    [`GET ${PREFIX}*`]: ({ peer, path }) =>
      readMirrorPath(db, trust.manifest(peer).ledger.origin, path.slice(PREFIX.length)),
    ...keptCallsRoutes({ db }),
  };
}

/** What was regained, for the log. */
export interface Told {
  say(words: string, detail: Record<string, string | number>): void;
  report(place: string, error: unknown): void;
}

/**
 * Before anything is appended or a door is opened: asks the other nodes what they have seen of this node's log, and regains what is not here, as
 * after a restore from an old backup. Then what was sent and received since comes back from the counterparties. A node whose database was not
 * restored asks whoever answers at once; one that says it was waits until as many answer as witness a checkpoint.
 * @param folder the node's own
 * @throws Failure LEDGER_TAIL_LOST: an operator has to open a new log
 */
export async function regain(ctx: RegainContext, folder: string, told: Told): Promise<void> {
  const mark = join(folder, MARK);
  const restored = existsSync(mark);
  const client = makePeerClient({ trust: ctx.trust, tls: ctx.keys.tls });
  try {
    const since = addMilliseconds(await lastCommitted(ctx), -MARGIN_MS);
    await carryPendingOver(ctx);
    const reached = await reach(ctx, client, restored, told);
    const { before, size } = await regainLog(
      ctx,
      reached.map(({ read }) => read),
      ctx.trust.keys(ctx.trust.self, 'ledger'),
    );
    if (size > before) told.say('regained leaves that others had mirrored', { before, size });
    if (!restored && size === before) return;
    const peers = ctx.trust.members().filter((state) => state !== ctx.trust.self);
    for (const peer of peers) await recover(ctx, client, peer, since, told);
    if (restored) {
      told.say('the database was restored: what could be regained is here', JSON.parse(readFileSync(mark, 'utf8')));
      rmSync(mark, { force: true });
    }
  } finally {
    await client.stop();
  }
}

async function recover(
  ctx: RegainContext,
  client: PeerClient,
  peer: string,
  since: Instant,
  { say, report }: Told,
): Promise<void> {
  try {
    say('asked a counterparty for what was exchanged', { peer, ...(await recoverFrom(ctx, client, peer, since)) });
    const calls = await recoverCalls(ctx, client, peer, { since, namesOf: namesInXRoad });
    say('asked a counterparty for the calls between us', { peer, calls });
  } catch (error) {
    report(`recovery from ${peer}`, error);
  }
}

/** When the log of this database was written last. */
async function lastCommitted({ db, clock }: RegainContext): Promise<Instant> {
  const [row] = await db.query<{ at: Instant | null }>('select max(at) as at from ledger_log');
  return row?.at ?? clock.now();
}

/** The others that answer, each with a way to read what it holds of our log. */
async function reach(
  { trust }: RegainContext,
  client: PeerClient,
  restored: boolean,
  { say }: Told,
): Promise<{ peer: string; read: ReadPath }[]> {
  const peers = trust.members().filter((state) => state !== trust.self);
  for (let said = false; ; said = true) {
    const all = await Promise.all(
      peers.map(async (peer) => {
        const read: ReadPath = async (path) => {
          const answer = await client.ask(peer, { method: 'GET', path: `${PREFIX}${path}`, timeoutMs: PATIENCE_MS });
          return answer.status === 200 ? answer.body : undefined;
        };
        const answers = await read('checkpoint').then(
          () => true,
          () => false,
        );
        return answers ? [{ peer, read }] : [];
      }),
    );
    const reached = all.flat();
    if (!restored || reached.length >= trust.witnessQuorum()) return reached;
    if (!said)
      say('waits for other nodes: this database was restored', {
        reached: reached.length,
        needed: trust.witnessQuorum(),
      });
    await pause(AGAIN_MS);
  }
}
