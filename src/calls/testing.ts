import type { TestContext } from 'node:test';
import { type TestNode, testNet } from '../exchange/testing.ts';
import { migrate } from '../storage/index.ts';
import type { Serve } from './context.ts';
import { migrations } from './index.ts';
import { type Calls, startCalls } from './start.ts';

export interface CallingNode extends TestNode {
  calls: Calls;
  errors: unknown[];
}

/** Nodes with real databases and real TLS that call one another; each serves as it is told. */
export async function callingNet<State extends string>(
  t: TestContext,
  serving: Record<State, Serve>,
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
    const calls = startCalls(node.ctx, {
      serve: serving[state],
      namesOf: (head) => [Buffer.from(head).toString().split('\n')[1] ?? ''],
      onError: (error) => errors.push(error),
    });
    const exchange = await node.start({ protocols: calls.protocols });
    calls.connectBy(exchange.connect);
    started.push(calls);
    nodes[state] = Object.assign(node, { calls, errors });
  }
  return nodes;
}
