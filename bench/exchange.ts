import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { addGrant, publishService } from '../src/access/index.ts';
import { readKept } from '../src/calls/protocol/entries.ts';
import { type LocalUnion, openUnion } from '../src/cli/local-union/open-union.ts';
import { openStateStore } from '../src/cli/local-union/state-store.ts';
import { freePort } from '../src/exchange/testing.ts';
import { openDb, provision, startEmbedded } from '../src/storage/index.ts';
import type { GatewayOrder } from './_incumbent.ts';
import type { LoadOrder, LoadResult } from './_load.ts';
import { processorSeconds, processTree, proportionalMegabytes } from './_processes.ts';
import { type BenchSurroundings, type Figure, figure, median, type Report } from './_report.ts';
import { findNginx, openTwoHops, type TwoHops } from './_two-hops.ts';

const CONNECTIONS = [16, 64, 256];
const ROUNDS = 3;
const SECONDS = 3;
const PEER = 'nginx, two hops with mutual TLS between them, no signature, no log';
const BODY = JSON.stringify({ filler: 'x'.repeat(1011) });
const MEGABYTE = 1024 * 1024;

/** The same request to the same system: by way of two nodes, or of two hops of nginx. */
interface Way {
  port: number;
  request(path: string, body?: string): string;
  /** Those of the two gateways, and of what they share. */
  processes(): { gateways: number[]; store: number[] };
}

/**
 * What a call through two nodes costs, beside nginx doing the same hops without signature and log. Load generator, both gateways, their
 * databases and the system asked are on this machine.
 */
export async function run({ root, program }: BenchSurroundings): Promise<Report> {
  if (findNginx() === undefined || process.platform !== 'linux')
    throw new Error(
      'bench exchange needs nginx as its peer (apt-get install nginx, or NGINX=/path/to/nginx), and Linux',
    );
  const folder = mkdtempSync(join(tmpdir(), 'commonway-bench-'));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const hops = await openTwoHops(folder);
    closing.push(() => hops.stop());
    const union = await openUnion({ folder: join(folder, 'union'), root, program, env: {} });
    closing.push(() => union.stop());
    await openService(union, hops.service, 'bench', 'batch');
    await openService(union, hops.service, 'bench-alone', 'message');
    const theirs = nginxWay(hops);
    const batched = nodeWay(union, 'bench');
    const alone = nodeWay(union, 'bench-alone');
    for (const way of [batched, alone]) await load(root, { ...oneK(way), connections: 64, seconds: 2 });
    const figures = [
      ...(await throughput(root, 'one signature for many', batched, theirs)),
      ...(await throughput(root, 'a signature for each', alone, theirs)),
      ...(await latency(root, batched, theirs)),
      await evidence(root, union, batched),
      ...(await large(root, union, batched, theirs)),
      ...(await huge(union, batched, theirs)),
      await incumbent(root, folder, batched, hops),
    ];
    const cores = availableParallelism();
    const scaling = cores >= 8 ? '' : `; two processes of a node: not measurable: ${cores} cores`;
    return {
      name: 'exchange',
      goal:
        'peak at least 0.25 of nginx, CPU at most 120 us a message and node, p50 at one connection at most 12 x, 10 MB bodies at least 0.25, ' +
        `1 GB with less than 64 MB more memory and the first byte within 100 ms, at most 600 bytes of evidence, 10 x the incumbents' shape${scaling}`,
      figures,
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const oneK = (way: Way): Pick<LoadOrder, 'port' | 'request'> => ({ port: way.port, request: way.request('/1k', BODY) });

const processesOf = (way: Way): number[] => {
  const { gateways, store } = way.processes();
  return [...gateways, ...store];
};

/** Interleaved rounds; of each the best of the numbers of connections, with the processor time of that run. */
async function throughput(root: string, what: string, ours: Way, theirs: Way): Promise<Figure[]> {
  const peaks = { ours: [] as number[], theirs: [] as number[] };
  const micros = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [whose, way] of [
      ['theirs', theirs],
      ['ours', ours],
    ] as const) {
      let best = { rate: 0, micros: 0 };
      for (const connections of CONNECTIONS) {
        const before = processorSeconds(processesOf(way));
        const result = await load(root, { ...oneK(way), connections, seconds: SECONDS });
        const spent = processorSeconds(processesOf(way)) - before;
        if (result.errors > 0) throw new Error(`${what}: ${result.errors} errors`);
        const rate = result.answers / result.seconds;
        if (rate > best.rate) best = { rate, micros: (spent * 1e6) / result.answers / 2 };
      }
      peaks[whose].push(best.rate);
      micros[whose].push(best.micros);
    }
  }
  const over = `over ${CONNECTIONS.join(', ')} connections, ${what}`;
  return [
    figure(`peak ${over}`, 'requests/s', peaks.ours, PEER, peaks.theirs),
    figure(`processor time of a message and node with its database, ${what}`, 'us', micros.ours, PEER, micros.theirs),
  ];
}

async function latency(root: string, ours: Way, theirs: Way): Promise<Figure[]> {
  const single = { ours: [] as number[], theirs: [] as number[] };
  const late = { ours: [] as number[], theirs: [] as number[] };
  const { answers, seconds } = await load(root, { ...oneK(ours), connections: 64, seconds: SECONDS });
  const rate = Math.floor(answers / seconds / 2);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [whose, way] of [
      ['theirs', theirs],
      ['ours', ours],
    ] as const) {
      single[whose].push((await load(root, { ...oneK(way), connections: 1, seconds: SECONDS })).p50);
      late[whose].push((await load(root, { ...oneK(way), connections: 64, seconds: SECONDS, rate })).p99);
    }
  }
  const fsync = fsyncP99();
  const allowed = 4 * median(late.theirs) + 4 * fsync;
  return [
    figure('p50 at one connection', 'ms', single.ours, PEER, single.theirs),
    figure(
      `p99 at ${rate} requests/s (at most ${allowed.toFixed(1)} ms: 4 x the peer's and 4 x the disk's fsync p99 of ${fsync.toFixed(1)} ms)`,
      'ms',
      late.ours,
      PEER,
      late.theirs,
    ),
  ];
}

/** Milliseconds: 99 of 100 writes of 16 KB are on the disk sooner. */
function fsyncP99(): number {
  const file = join(mkdtempSync(join(tmpdir(), 'commonway-fsync-')), 'file');
  const handle = openSync(file, 'w');
  const took = Array.from({ length: 200 }, () => {
    writeSync(handle, Buffer.alloc(16_384));
    const began = performance.now();
    fdatasyncSync(handle);
    return performance.now() - began;
  });
  closeSync(handle);
  rmSync(file);
  return took.sort((one, other) => one - other)[197] ?? 0;
}

/** What a node keeps of a call beside the heads, with all rows and indexes that it leads to. */
async function evidence(root: string, union: LocalUnion, way: Way): Promise<Figure> {
  const sizes: Record<string, number[]> = { whole: [], heads: [] };
  for (const state of ['kz', 'ru']) {
    const db = openDb(union.state(state).databaseUrl, { connections: 1 });
    try {
      const size = async () => {
        const [row] = await db.query<{ bytes: string }>(
          `select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'public' and c.relkind = 'r' and (relname like 'call_%' or relname like 'ledger_%')`,
        );
        return Number(row?.bytes);
      };
      const before = { bytes: await size(), at: new Date().toISOString() };
      const { answers } = await load(root, { ...oneK(way), connections: 64, seconds: SECONDS });
      await pause(2_000);
      const rows = await db.query<{ entries: Buffer }>('select entries from call_batch where at >= $1', [before.at]);
      const heads = rows
        .flatMap(({ entries }) => readKept(entries))
        .reduce((sum, entry) => sum + (entry.erased ? 0 : (entry.headBytes?.length ?? 0)), 0);
      sizes.whole?.push(((await size()) - before.bytes) / answers);
      sizes.heads?.push(heads / answers);
    } finally {
      await db.close();
    }
  }
  const beside = (sizes.whole ?? []).map((whole, at) => whole - (sizes.heads?.[at] ?? 0));
  return figure(
    'evidence of an exchange and node beside its heads',
    'bytes',
    beside,
    'the heads alone',
    sizes.heads ?? [],
  );
}

/** 10 MB, 64 at once. */
async function large(root: string, union: LocalUnion, ours: Way, theirs: Way): Promise<Figure[]> {
  const rates = { ours: [] as number[], theirs: [] as number[] };
  const memory = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [whose, way] of [
      ['theirs', theirs],
      ['ours', ours],
    ] as const) {
      if (whose === 'ours') {
        const small = watchMemory(union);
        await load(root, { ...oneK(way), connections: 64, seconds: SECONDS });
        memory.small.push(small.most());
      }
      const watched = watchMemory(union);
      const order = { port: way.port, request: way.request('/10m', BODY), connections: 64, seconds: 60, most: 128 };
      const result = await load(root, order);
      if (whose === 'ours') memory.large.push(watched.most());
      else watched.most();
      if (result.errors > 0 || result.answers < 128) throw new Error(`10 MB: ${result.errors} errors`);
      rates[whose].push(result.bytes / MEGABYTE / result.seconds);
    }
  }
  return [
    figure('10 MB bodies, 64 at once', 'MB/s', rates.ours, PEER, rates.theirs),
    figure('most memory of a node with them', 'MB', memory.large, 'the same node with 1 KB bodies', memory.small),
  ];
}

/** One body of 1 GB. */
async function huge(union: LocalUnion, ours: Way, theirs: Way): Promise<Figure[]> {
  const first = { ours: [] as number[], theirs: [] as number[] };
  const more: number[] = [];
  const before = Math.max(...nodesOf(union).map((pid) => proportionalMegabytes([pid])));
  for (const [whose, way] of [
    ['theirs', theirs],
    ['ours', ours],
  ] as const) {
    const watched = watchMemory(union);
    first[whose].push(await readAll(way.port, way.request('/1g', BODY), 1024 * MEGABYTE));
    const most = watched.most();
    if (whose === 'ours') more.push(Math.max(0, most - before));
  }
  return [
    figure('1 GB body: first byte', 'ms', first.ours, PEER, first.theirs),
    figure('1 GB body: more memory of either node', 'MB', more, 'the bound of the goal', [64]),
  ];
}

/** @returns milliseconds to the first byte of the body; throws where it does not come whole */
function readAll(port: number, request: string, size: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let first = 0;
    let got = 0;
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (data: Buffer) => {
      first ||= performance.now() - began;
      got += data.length;
      if (got < size) return;
      socket.destroy();
      resolve(first);
    });
    socket.once('close', () => reject(new Error(`1 GB: it ended after ${got} bytes`)));
    socket.once('error', reject);
  });
}

const nodesOf = (union: LocalUnion): number[] => ['kz', 'ru'].map((state) => union.state(state).process.pid() ?? 0);

/** The most memory that either of the two nodes takes from now on, looked at ten times a second. */
function watchMemory(union: LocalUnion): { most(): number } {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, ...nodesOf(union).map((pid) => proportionalMegabytes([pid])));
  };
  const timer = setInterval(look, 100);
  return {
    most() {
      look();
      clearInterval(timer);
      return most;
    },
  };
}

/** The same requests by way of two gateways of the shape that is in use. */
async function incumbent(root: string, folder: string, ours: Way, hops: TwoHops): Promise<Figure> {
  for (const who of ['a', 'b'])
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${who}`],
        ...['-keyout', join(folder, `${who}.key`), '-out', join(folder, `${who}.crt`)],
      ],
      { stdio: 'ignore' },
    );
  const server = await startEmbedded({ folder: join(folder, 'incumbent'), root });
  const gateways: ChildProcess[] = [];
  try {
    const [near, far] = [await freePort(), await freePort()];
    for (const [side, port, next, own, peer] of [
      ['far', far, hops.service, 'b', 'a'],
      ['near', near, far, 'a', 'b'],
    ] as const) {
      const database = await provision(server.adminUrl, { name: `gateway_${side}`, password: 'incumbent' });
      const at = (name: string): string => join(folder, name);
      const files = { key: at(`${own}.key`), certificate: at(`${own}.crt`), peerCertificate: at(`${peer}.crt`) };
      const order: GatewayOrder = { side, port, next, database, ...files };
      const child = spawn(process.execPath, [join(root, 'bench', '_incumbent.ts'), JSON.stringify(order)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      gateways.push(child);
      if (child.stdout) await once(child.stdout, 'data');
    }
    const rates = { ours: [] as number[], theirs: [] as number[] };
    const shape = { port: near, request: http('POST', '/', [], BODY) };
    for (let round = 0; round < ROUNDS; round++) {
      const theirs = await load(root, { ...shape, connections: 64, seconds: SECONDS });
      if (theirs.errors > 0) throw new Error(`the incumbents' shape: ${theirs.errors} errors`);
      rates.theirs.push(theirs.answers / theirs.seconds);
      const mine = await load(root, { ...oneK(ours), connections: 64, seconds: SECONDS });
      rates.ours.push(mine.answers / mine.seconds);
    }
    const peer = 'two gateways with a TLS connection, two RSA-2048 signatures and four commits for each message';
    return figure("beside the incumbents' shape, 64 connections", 'requests/s', rates.ours, peer, rates.theirs);
  } finally {
    for (const gateway of gateways) gateway.kill('SIGKILL');
    await server.stop();
  }
}

async function load(root: string, order: LoadOrder): Promise<LoadResult> {
  const words = [join(root, 'bench', '_load.ts'), JSON.stringify(order)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words);
  if (stderr !== '') process.stderr.write(stderr);
  return JSON.parse(stdout) as LoadResult;
}

function nginxWay({ front, processes }: TwoHops): Way {
  return {
    port: front,
    request: (path, body) => http('POST', path, [], body),
    processes: () => ({ gateways: processes().flatMap(processTree), store: [] }),
  };
}

function nodeWay(union: LocalUnion, service: string): Way {
  const server = Number(readFileSync(join(union.folder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const path = `/r1/RU/GOV/population/register/${service}`;
  return {
    port: union.state('kz').doorPort ?? 0,
    request: (rest, body) => http('POST', `${path}${rest}`, ['X-Road-Client: KZ/GOV/pension-fund/registry'], body),
    // The server of the databases is that of both nodes.
    processes: () => ({ gateways: nodesOf(union), store: processTree(server) }),
  };
}

function http(method: string, path: string, headers: string[], body?: string): string {
  const content =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, ...content, '', body ?? ''].join('\r\n');
}

/** A service of Russia's population register that Kazakhstan's pension fund may call. */
async function openService(union: LocalUnion, port: number, code: string, mode: 'batch' | 'message'): Promise<void> {
  const store = await openStateStore(union.folder, union, 'ru', union.state('ru').databaseUrl);
  try {
    const service = `ru.population/register/${code}`;
    await publishService(store, { name: service, url: `http://127.0.0.1:${port}`, persons: ['none'], by: 'bench' });
    await addGrant(store, {
      subject: { kind: 'agency', name: 'kz.pension-fund' },
      service,
      purpose: { ground: 'a benchmark' },
      expires: new Date(Date.parse(store.clock.now()) + 86_400_000).toISOString(),
      mode,
      by: 'bench',
    });
  } finally {
    await store.db.close();
  }
}
