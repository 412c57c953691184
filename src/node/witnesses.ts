import type { Exchange, PeerRoutes } from '../exchange/index.ts';
import { addCheckpoint, type WitnessingContext, type WitnessPeer } from '../ledger/index.ts';
import { raiseAlarm } from '../union/index.ts';
import type { NodeContext } from './context.ts';

const WITNESS_PATH = '/witness/add-checkpoint';
/** A witness that is slow is asked again later; nothing waits for it. */
const PATIENCE_MS = 5_000;

/** The name in a state's cosignature lines. */
function witnessName(union: string, state: string): string {
  return `commonway/${union}/${state}/witness`;
}

/** The other states as witnesses of this node's ledger, as the manifests have them now, and the way to ask them. */
export function witnessingContext(ctx: NodeContext, ask: Exchange['ask']): WitnessingContext {
  const { trust } = ctx;
  const stateOf = (peer: WitnessPeer) =>
    trust.states().find((state) => peer.name === witnessName(trust.charter.union, state)) ?? trust.self;
  return {
    ...ctx,
    peers: () =>
      trust
        .states()
        .filter((state) => state !== trust.self)
        .flatMap((state) => {
          const [key] = trust.keys(state, 'witness');
          return key === undefined ? [] : [{ name: witnessName(trust.charter.union, state), key }];
        }),
    async submit(peer, body) {
      const answer = await ask(stateOf(peer), {
        method: 'POST',
        path: WITNESS_PATH,
        body: Buffer.from(body),
        timeoutMs: PATIENCE_MS,
      });
      return { status: answer.status, body: answer.body.toString('utf8') };
    },
  };
}

/** This node as a witness of the others' ledgers; `cosigned` is told of each log that has grown. Two signed histories of one log are an alarm, and are never cosigned. */
export function witnessRoutes(
  ctx: NodeContext,
  report: (place: string, error: unknown) => void,
  cosigned: (state: string) => void = () => undefined,
): PeerRoutes {
  const { trust, keys } = ctx;
  const witness = { name: witnessName(trust.charter.union, trust.self), key: keys.witness };
  return {
    [`POST ${WITNESS_PATH}`]: async ({ peer, body }) => {
      const answer = await addCheckpoint({ db: ctx.db, clock: ctx.clock, witness }, body.toString('utf8'), (origin) => {
        const state = trust.members().find((candidate) => origin === trust.manifest(candidate).ledger.origin);
        return state === undefined ? [] : trust.keys(state, 'ledger');
      });
      if (answer.status === 200) cosigned(peer);
      if (answer.fork) {
        const alarm = { kind: 'ledger-fork', peer, cause: 'two signed histories of one log', detail: {} };
        await raiseAlarm(ctx.db, alarm, ctx.clock.now()).catch((error) => report('alarm', error));
      }
      return { status: answer.status, type: answer.type, body: answer.body };
    },
  };
}
