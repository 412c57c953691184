import { createServer, type Server } from 'node:net';
import { Failure } from '../../storage/index.ts';
import { claimPorts } from './port-claims.ts';

const FIRST = 4700;
const LAST = 5690;

/** Ports kept for a union: by listening on them until its nodes do, and by a claim for as long as it runs. */
export interface HeldPorts {
  ports: number[];
  /** Stops listening; the claim stays. */
  handOver(): Promise<void>;
  /** Gives all up. */
  release(): Promise<void>;
}

/**
 * Finds the first block of free loopback ports in steps of ten from 4700 and holds it, so that two unions made at once take two.
 * @throws Failure CLI_PORT_NONE
 */
export async function holdFreeBlock(size: number): Promise<HeldPorts> {
  for (let base = FIRST; base <= LAST; base += 10) {
    const held = await tryHold(blockFrom(base, size));
    if ('release' in held) return held;
  }
  throw new Failure('CLI_PORT_NONE', { from: FIRST, to: LAST });
}

/**
 * Holds exactly these loopback ports.
 * @param folder of the union that needs them, for the sentence
 * @throws Failure CLI_PORT_BUSY naming the first that is in use
 */
export async function holdPorts(ports: readonly number[], folder: string): Promise<HeldPorts> {
  const held = await tryHold(ports);
  if ('release' in held) return held;
  throw new Failure('CLI_PORT_BUSY', { port: held.busy, folder });
}

/** @example blockFrom(4700, 3) // [4700, 4701, 4702] */
export function blockFrom(base: number, size: number): number[] {
  return Array.from({ length: size }, (_, place) => base + place);
}

async function tryHold(ports: readonly number[]): Promise<HeldPorts | { busy: number }> {
  const unclaim = claimPorts(ports);
  if (typeof unclaim === 'number') return { busy: unclaim };
  const servers: Server[] = [];
  const handOver = async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  };
  const release = async () => {
    await handOver();
    unclaim();
  };
  for (const port of ports) {
    const server = createServer((socket) => socket.destroy());
    const free = await new Promise<boolean>((done) => {
      server.once('error', () => done(false));
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => done(true));
    });
    if (!free) {
      await release();
      return { busy: port };
    }
    servers.push(server);
  }
  return { ports: [...ports], handOver, release };
}
