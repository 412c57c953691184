import type { TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { PeerSocket } from '../exchange/index.ts';
import { type TestNode, testNet } from '../exchange/testing.ts';
import { migrate } from '../storage/index.ts';
import type { Connect, Serve } from './context.ts';
import { keptCallsRoutes, migrations } from './index.ts';
import { frameReader, PROTOCOL } from './protocol/frames.ts';
import { type Calls, startCalls } from './start.ts';

export interface CallingNode extends TestNode {
  calls: Calls;
  errors: unknown[];
  /** States whose newest manifest was wanted. */
  greeted: string[];
  /** A connection of the protocol on which a test says what a node would not. */
  raw(peer: string): Promise<PeerSocket & { frames: { kind: number; content: Buffer }[] }>;
}

/** Nodes with real databases and real TLS that call one another; each serves as it is told. */
export async function callingNet<State extends string>(
  t: TestContext,
  serving: Record<State, Serve | { by(socket: TLSSocket): void }>,
): Promise<Record<State, CallingNode>> {
  const states = Object.keys(serving) as State[];
  // Calls end before the connections that they travel on.
  const started: Calls[] = [];
  t.after(() => Promise.all(started.map((calls) => calls.stop())));
  const net = await testNet(t, states);
  const nodes = {} as Record<State, CallingNode>;
  for (const state of states) {
    const node = net.node(state);
    await migrate(node.db, [migrations]);
    const errors: unknown[] = [];
    const greeted: string[] = [];
    const serve = serving[state];
    const calls = startCalls(node.ctx, {
      serve: typeof serve === 'function' ? serve : async () => ({ head: Buffer.from(''), body: null }),
      namesOf: (head) => [Buffer.from(head).toString().split('\n')[1] ?? ''],
      greet: (peer) => greeted.push(peer),
      onError: (error) => errors.push(error),
    });
    const protocols = typeof serve === 'function' ? calls.protocols : { [PROTOCOL]: serve.by };
    const exchange = await node.start({ protocols, routes: keptCallsRoutes(node.ctx) });
    calls.connectBy(exchange.connect);
    started.push(calls);
    nodes[state] = Object.assign(node, { calls, errors, greeted, raw: rawOf(exchange.connect) });
  }
  return nodes;
}

const rawOf =
  (connect: Connect): CallingNode['raw'] =>
  async (peer) => {
    const opened = await connect(peer, PROTOCOL);
    const frames: { kind: number; content: Buffer }[] = [];
    const read = frameReader((kind, content) => void frames.push({ kind, content }));
    opened.socket.on('data', read);
    return { ...opened, frames };
  };
