import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import {
  type AccessContext,
  migrations as accessMigrations,
  addGrant,
  addSystem,
  type NewGrant,
  publishService,
} from '../access/index.ts';
import { migrations as ledgerMigrations } from '../ledger/index.ts';
import { migrations as personsMigrations } from '../persons/index.ts';
import { migrations as registersMigrations } from '../registers/index.ts';
import { systemClock } from '../storage/index.ts';
import { freshDb } from '../storage/testing.ts';
import { type NodeKeys, migrations as unionMigrations } from '../union/index.ts';
import { testUnion, testView } from '../union/testing.ts';
import type { Carry, DoorsContext } from './context.ts';
import { openDoors, serveXRoad } from './index.ts';

/** What a service was asked, as its own socket saw it. */
export interface Seen {
  method: string;
  url: string;
  rawHeaders: string[];
  body: Buffer;
}

export interface DoorTest {
  /** The consumer's node: Belarus. */
  by: DoorsContext;
  /** The provider's node: Kazakhstan. */
  kz: DoorsContext;
  keys: Record<string, NodeKeys>;
  port: number;
  serviceUrl: string;
  seen: Seen[];
  reported: string[];
  /** How the service answers; by default it says what it was asked. */
  answer(answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void): void;
  grant(more?: Partial<NewGrant>): Promise<unknown>;
}

/** The system that calls, in plain HTTP from this machine, and the service it may call. */
export const CLIENT = 'BY/GOV/pension-fund/registry';
export const SERVICE = 'KZ/GOV/population/register/life-events';

/**
 * Two nodes with a store each, a door at one and a service behind the other. What lies between the doors is handed over in this
 * process: how calls are carried is not this room's business.
 */
export async function doorTest(
  t: TestContext,
  options: { carry?: (carry: Carry) => Carry; persons?: readonly string[] } = {},
): Promise<DoorTest> {
  const union = testUnion();
  const reported: string[] = [];
  const node = async (state: string): Promise<DoorsContext> => {
    const db = await freshDb(t, [
      ledgerMigrations,
      unionMigrations,
      personsMigrations,
      accessMigrations,
      registersMigrations,
    ]);
    const key = (union.keys[state] as NodeKeys).ledger;
    const trust = testView(union, state, systemClock) as unknown as DoorsContext['trust'];
    return {
      db,
      clock: systemClock,
      ledger: { origin: `commonway/test/${state}`, key },
      trust,
      report: (reference, error) => void reported.push(`${reference} ${error}`),
    };
  };
  const [by, kz] = [await node('by'), await node('kz')];
  const seen: Seen[] = [];
  let answer: Parameters<DoorTest['answer']>[0] = (request, response, body) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ method: request.method, url: request.url, body: body.toString() }));
  };
  const service = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      seen.push({ method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders, body });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    service.closeAllConnections();
    service.close();
  });
  const serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/base`;
  const serve: Record<string, ReturnType<typeof serveXRoad>> = { by: serveXRoad(by), kz: serveXRoad(kz) };
  let calls = 0;
  const direct: Carry = async ({ to, mode, head, body }) => {
    const id = `call-${++calls}`;
    const served = await (serve[to] as ReturnType<typeof serveXRoad>)({ id, from: 'by', mode, head, body });
    return { id, ...served };
  };
  const keys = union.keys as Record<string, NodeKeys>;
  const carry = options.carry?.(direct) ?? direct;
  const door = await openDoors(by, {
    carry,
    tls: (keys.by as NodeKeys).tls,
    listen: { host: '127.0.0.1', port: 0 },
  });
  t.after(() => door.stop());
  await addSystem(by, {
    name: 'by.pension-fund/registry',
    connection: 'plain',
    addresses: ['127.0.0.1'],
    by: 'operator',
  });
  await addSystem(kz, { name: 'kz.population/register', by: 'operator' });
  await publishService(kz, {
    name: 'kz.population/register/life-events',
    url: serviceUrl,
    persons: options.persons ?? ['none'],
    by: 'kz.population',
  });
  return {
    by,
    kz,
    keys,
    port: door.port,
    serviceUrl,
    seen,
    reported,
    answer: (next) => {
      answer = next;
    },
    grant: (more = {}) =>
      addGrant(kz as AccessContext, {
        subject: { kind: 'agency', name: 'by.pension-fund' },
        service: 'kz.population/register/life-events',
        purpose: { ground: 'Law on the register, article 7' },
        expires: new Date(Date.now() + 86_400_000).toISOString(),
        by: 'kz.population',
        ...more,
      }),
  };
}

/** An answer as it came over a socket. */
export interface RawAnswer {
  status: number;
  headers: [string, string][];
  body: Buffer;
}

/** Sends octets over a socket of its own and reads what comes until the other end closes; nothing is added, so say `Connection: close`. */
export async function sendRaw(port: number, octets: Buffer): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  socket.write(octets);
  return parseRaw(await collect(socket));
}

/** What a stream gives until its end. */
export async function collect(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function parseRaw(bytes: Buffer): RawAnswer {
  let text = bytes.toString('latin1');
  while (/^HTTP\/1\.1 1\d\d /.test(text)) text = text.slice(text.indexOf('\r\n\r\n') + 4);
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at), line.slice(at + 1).trim()];
  });
  const chunked = headers.some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && value === 'chunked');
  const body = rest.join('\r\n\r\n');
  return { status: Number(first.split(' ')[1]), headers, body: Buffer.from(chunked ? unchunk(body) : body, 'latin1') };
}

function unchunk(text: string): string {
  const end = text.indexOf('\r\n');
  const size = Number.parseInt(text.slice(0, end), 16);
  return size > 0 ? text.slice(end + 2, end + 2 + size) + unchunk(text.slice(end + 4 + size)) : '';
}
