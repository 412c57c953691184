import type { PeerProtocols } from '../exchange/index.ts';
import { Failure } from '../storage/index.ts';
import type { CallAnswer, CallsContext, Connect, OutgoingCall, Serve } from './context.ts';
import { openJournal } from './journal.ts';
import { LIMITS } from './limits.ts';
import { type Link, type LinkOptions, runLink } from './link.ts';
import { PROTOCOL } from './protocol/frames.ts';

export interface CallsOptions {
  /** What a call from another node, or from this one, does here. */
  serve: Serve;
  /** Told of a call before it is durable: what `serve` will need can be looked for meanwhile. */
  arriving?(): void;
  /** What the calls with a head may be looked for by, beside their ids here. */
  namesOf(head: Uint8Array): string[];
  /** Asks a state soon for its newest manifest: it signed with a key that is not known here. */
  greet(peer: string): void;
  onError(error: unknown): void;
}

/** Calls of a node: those that it makes, and those that it serves. */
export interface Calls {
  /** What speaks the protocol on the exchange's port. */
  protocols: PeerProtocols;
  /** Gives a way to open connections; before that nothing can be called. */
  connectBy(connect: Connect): void;
  /**
   * Carries a call to the node of a state and brings its answer: signed by both, and durable at both before it goes on.
   * @throws Failure CALLS_RECEIVER_UNKNOWN, CALLS_REFUSED, CALLS_OUTCOME_UNKNOWN, CALLS_TOO_LARGE, CALLS_STOPPED, EXCHANGE_UNREACHABLE,
   *   EXCHANGE_FOREIGN_CERTIFICATE, STORAGE_*
   * @example const { head, body } = await calls.carry({ to: 'ru', mode: 'batch', head, body: null });
   */
  carry(call: OutgoingCall): Promise<CallAnswer>;
  stop(): Promise<void>;
}

/** How long calls that are under way may still take when a node stops. */
const LAST_MS = 1_500;

/**
 * Starts the calls of a node. One connection to each node that is called, made when it is first needed and kept; many calls travel on it
 * side by side.
 */
export function startCalls(ctx: CallsContext, options: CallsOptions): Calls {
  const journal = openJournal(ctx, options.onError);
  const links = new Set<Link>();
  const dialled = new Map<string, Promise<Link>>();
  /** How many connections each state has open to here. */
  const open = new Map<string, number>();
  let connect: Connect | undefined;
  let stopping = false;
  const run = (
    peer: string,
    socket: Parameters<typeof runLink>[1],
    more: Pick<LinkOptions, 'serve'>,
    gone: () => void,
  ): Link => {
    const { namesOf, onError, greet, arriving = () => undefined } = options;
    const onUnknownKey = (): void => greet(peer);
    const onClose = (): void => {
      links.delete(link);
      gone();
    };
    const link = runLink(ctx, socket, { peer, journal, namesOf, arriving, onUnknownKey, onError, onClose, ...more });
    links.add(link);
    return link;
  };
  const linkTo = (peer: string): Promise<Link> => {
    const known = dialled.get(peer);
    if (known !== undefined) return known;
    const dial = async (): Promise<Link> => {
      if (connect === undefined) throw new Failure('CALLS_STOPPED');
      return run(peer, await connect(peer, PROTOCOL), {}, forget);
    };
    const forget = (): void => {
      if (dialled.get(peer) === made) dialled.delete(peer);
    };
    const made = dial();
    dialled.set(peer, made);
    made.catch(forget);
    return made;
  };
  return {
    protocols: {
      [PROTOCOL]: (socket, peerNow) => {
        const peer = peerNow();
        const before = open.get(peer ?? '') ?? 0;
        if (peer === undefined || stopping || before >= LIMITS.connections) return void socket.destroy();
        open.set(peer, before + 1);
        const gone = (): void => void open.set(peer, (open.get(peer) as number) - 1);
        run(peer, { socket, peer: peerNow }, { serve: options.serve }, gone);
      },
    },
    connectBy(by) {
      connect = by;
    },
    async carry(call) {
      if (stopping) throw new Failure('CALLS_STOPPED');
      if (!ctx.trust.states().includes(call.to)) throw new Failure('CALLS_RECEIVER_UNKNOWN', { to: call.to });
      const link = await linkTo(call.to);
      if (link.isOpen()) return link.call(call);
      dialled.delete(call.to);
      return (await linkTo(call.to)).call(call);
    },
    async stop() {
      stopping = true;
      await Promise.all([...links].map((link) => link.stop(LAST_MS)));
      await journal.stop();
    },
  };
}
