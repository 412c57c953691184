import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addGrant, publishService } from '../src/access/index.ts';
import { type LocalUnion, openUnion } from '../src/cli/local-union/open-union.ts';
import { openStateStore } from '../src/cli/local-union/state-store.ts';
import type { LoadOrder, LoadResult } from './_load.ts';
import { processTree } from './_memory.ts';
import { type BenchSurroundings, type Figure, figure, type Report } from './_report.ts';
import { openTwoHops, type TwoHops } from './_two-hops.ts';

const CONNECTIONS = process.env.BENCH_PROF ? [256] : [16, 64, 256];
const ROUNDS = process.env.BENCH_PROF ? 1 : 3;
const SECONDS = process.env.BENCH_PROF ? 8 : 3;
const PEER = 'nginx, two hops with mutual TLS between them, no signature, no log';
const BODY = JSON.stringify({ filler: 'x'.repeat(1011) });

/** The same request to the same system: by way of two nodes, or of two hops of nginx. */
interface Way {
  port: number;
  request(path: string, body?: string): string;
  /** Processes by what they are. */
  processes(): { gateways: number[]; store: number[] };
}

export async function run({ root, program }: BenchSurroundings): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-bench-'));
  const hops = await openTwoHops(folder);
  const union = await openUnion({
    folder: join(folder, 'union'),
    root,
    program,
    env: process.env.BENCH_PROF ? { NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/prof' } : {},
  });
  try {
    await openService(union, hops.service, 'bench', 'batch');
    await openService(union, hops.service, 'bench-alone', 'message');
    const theirs = nginxWay(hops);
    const figures: Figure[] = [];
    for (const [what, ours] of process.env.BENCH_PROF
      ? ([['batch', nodeWay(union, 'bench')]] as const)
      : ([
          ['one signature for many', nodeWay(union, 'bench')],
          ['a signature for each', nodeWay(union, 'bench-alone')],
        ] as const)) {
      figures.push(...(await throughput(root, what, ours, theirs)));
    }
    return { name: 'exchange', goal: '', figures };
  } finally {
    await union.stop();
    await hops.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function throughput(root: string, what: string, ours: Way, theirs: Way): Promise<Figure[]> {
  const peaks: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
  await load(root, { port: ours.port, connections: 64, seconds: 2, request: ours.request('/1k', BODY) });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [whose, way] of [
      ['theirs', theirs],
      ['ours', ours],
    ] as const) {
      let best = 0;
      for (const connections of CONNECTIONS) {
        const before = cpu(way);
        const result = await load(root, {
          port: way.port,
          connections,
          seconds: SECONDS,
          request: way.request('/1k', BODY),
        });
        const after = cpu(way);
        if (result.errors > 0) throw new Error(`${what}: ${result.errors} errors`);
        const rate = result.answers / result.seconds;
        best = Math.max(best, rate);
        process.stderr.write(
          `${what} ${whose} ${connections}: ${rate.toFixed(0)}/s p50 ${result.p50.toFixed(2)} p99 ${result.p99.toFixed(2)} cpu/msg gateways ${(((after.gateways - before.gateways) * 1e6) / result.answers / 2).toFixed(0)} store ${(((after.store - before.store) * 1e6) / result.answers / 2).toFixed(0)}\n`,
        );
      }
      peaks[whose].push(best);
    }
  }
  const one = [];
  for (const way of [theirs, ours])
    one.push(await load(root, { port: way.port, connections: 1, seconds: SECONDS, request: way.request('/1k', BODY) }));
  process.stderr.write(
    `one connection: ${one.map((r) => `${r.p50.toFixed(2)} p99 ${r.p99.toFixed(2)}`).join(' | ')}\n`,
  );
  return [
    figure(
      `peak over ${CONNECTIONS.join(', ')} connections, ${what}`,
      'requests/s (more is better)',
      peaks.ours,
      PEER,
      peaks.theirs,
    ),
  ];
}

/** Seconds of processor time so far. */
function cpu(way: Way): { gateways: number; store: number } {
  const { gateways, store } = way.processes();
  const sum = (pids: number[]) => pids.reduce((total, pid) => total + ticks(pid), 0) / 100;
  return { gateways: sum(gateways), store: sum(store) };
}

function ticks(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

async function load(root: string, order: LoadOrder): Promise<LoadResult> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    join(root, 'bench', '_load.ts'),
    JSON.stringify(order),
  ]);
  if (stderr !== '') process.stderr.write(stderr);
  return JSON.parse(stdout) as LoadResult;
}

function nginxWay({ front, processes }: TwoHops): Way {
  return {
    port: front,
    request: (path, body) => http('POST', path, [], body),
    processes: () => ({ gateways: processes(), store: [] }),
  };
}

function nodeWay(union: LocalUnion, service: string): Way {
  const [near, far] = [union.state('kz'), union.state('ru')];
  const nodes = [near.process.pid() ?? 0, far.process.pid() ?? 0];
  const server = Number(readFileSync(join(union.folder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    port: near.doorPort ?? 0,
    request: (path, body) =>
      http(
        'POST',
        `/r1/RU/GOV/population/register/${service}${path}`,
        ['X-Road-Client: KZ/GOV/pension-fund/registry'],
        body,
      ),
    processes: () => ({ gateways: nodes, store: processTree(server) }),
  };
}

function http(method: string, path: string, headers: string[], body?: string): string {
  const content =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, ...content, '', body ?? ''].join('\r\n');
}

/** A service of Russia's population register that Kazakhstan's pension fund may call. */
async function openService(union: LocalUnion, port: number, code: string, mode: 'batch' | 'message'): Promise<void> {
  const far = union.state('ru');
  const store = await openStateStore(union.folder, union, 'ru', far.databaseUrl);
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
