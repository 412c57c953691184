import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { apply } from '../src/cli/demo/apply.ts';
import { isSettled, linksTo, signIn, waitFor } from '../src/cli/demo/citizen.ts';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { confirmQueue } from '../src/cli/demo/officer.ts';
import { answersOf, type Teller } from '../src/cli/demo/story.ts';
import { type LocalUnion, openUnion } from '../src/cli/local-union/open-union.ts';
import { personaFiles } from '../src/identity/index.ts';
import { type Db, openDb } from '../src/storage/index.ts';
import { fillDecided, fillWaiting } from './_filled-tables.ts';
import { type FormsPeer, openFormsPeer } from './_forms-peer.ts';
import type { LoadOrder, LoadResult } from './_load.ts';
import { processorSeconds } from './_processes.ts';
import { type BenchSurroundings, type Figure, figure, type Report } from './_report.ts';

const CASES = 100_000;
/** Of them those that wait for an officer. */
const WAITING = 5_000;
const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS = 16;
const HOME = 'kz';
const SERVICE = 'pension/pension';
const PEER = '@defra/forms-engine-plugin, the same question as a page of a form, sessions in memory';
const GOAL_MS = 25;

type SeededPersona = Teller & { roles?: string[]; agency?: string };

/**
 * The pages of one node whose database holds 100,000 cases: how long each takes when they are asked one after another, and how many
 * of the catalogue a core serves. Beside it the same question as a page of another government's form engine.
 */
export async function run({ root, program }: BenchSurroundings): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-bench-'));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const peer = await openFormsPeer(root, join(folder, 'peer'));
    closing.push(() => peer.stop());
    const union = await openUnion({
      folder: join(folder, 'union'),
      anchors: join(folder, 'anchors'),
      root,
      program,
      clockOffsetMs: Date.parse('2026-03-02T06:00:00.000Z') - Date.now(),
      env: {},
    });
    closing.push(() => union.stop());
    const db = openDb(union.state(HOME).databaseUrl, { connections: 1 });
    closing.push(() => db.close());
    const pages = await preparePages(union, db, parse(personaFiles(root)) as SeededPersona[]);
    return {
      name: 'portal',
      goal: `every page's p95 under ${GOAL_MS} ms with ${CASES} cases in the database; catalogue pages at least 3,500 a second and core`,
      figures: [
        ...(await latencies(root, union, peer, pages)),
        await perCore(root, union, peer, '/services', 'the catalogue'),
        await perCore(root, union, peer, '/', 'the start page'),
        await perCore(root, union, peer, `/services/${SERVICE}`, 'the page of a service'),
      ],
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface MeasuredPage {
  what: string;
  path: string;
  cookie: string;
}

/** A person with an application that is decided, one that waits and a draft, and an officer: what their browsers ask. */
async function preparePages(union: LocalUnion, db: Db, personas: SeededPersona[]): Promise<MeasuredPage[]> {
  const who = personas.find(({ id }) => id === 'aigerim') as SeededPersona;
  const officers = personas
    .filter(({ state, agency }) => agency === `${state}.pension-fund` && who.works.includes(state))
    .filter(({ roles }) => roles?.includes('examiner'));
  const person = new FormClient(union.state(HOME).portal);
  await signIn(person, who.id);
  const application = await apply(person, { service: SERVICE, answers: answersOf(who) });
  const decided = waitFor(person, `/applications/${application}`, isSettled);
  for (let done = false; !done; ) {
    for (const { id, state } of officers) {
      const officer = new FormClient(union.state(state).portal);
      await signIn(officer, id);
      await confirmQueue(officer);
      await officer.close();
    }
    done = await Promise.race([decided.then(() => true), new Promise<false>((go) => setTimeout(go, 500, false))]);
  }
  await fillDecided(db, CASES - WAITING);
  await apply(person, { service: SERVICE, answers: answersOf(who) });
  await fillWaiting(db, WAITING);
  const draft = await person.submit(await person.open(`/services/${SERVICE}`), {}, '/start');
  const own = officers.find(({ state }) => state === HOME) as SeededPersona;
  const officer = new FormClient(union.state(HOME).portal);
  await signIn(officer, own.id);
  const [waiting = '/desk'] = linksTo(await officer.open('/desk'), '/desk/cases/');
  const hers = [
    ['the question of a form', draft.url.pathname],
    ['my applications', '/applications'],
    ['an application', `/applications/${application}`],
    ['my letters', '/mailbox'],
    ['my documents', '/documents'],
    ['who used my data', '/access'],
  ];
  const his = [
    ['the queue of an officer', '/desk'],
    ['a case', waiting],
  ];
  const pages = [
    ...hers.map(([what = '', path = '']) => ({ what, path, cookie: person.cookieHeader() })),
    ...his.map(([what = '', path = '']) => ({ what, path, cookie: officer.cookieHeader() })),
  ];
  await Promise.all([person.close(), officer.close()]);
  return pages;
}

/** Asked one after another over one connection; the peer's page in turn with each. */
async function latencies(
  root: string,
  union: LocalUnion,
  peer: FormsPeer,
  pages: readonly MeasuredPage[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { what, path, cookie } of pages) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push((await load(root, { ...peerPage(peer), connections: 1, seconds: SECONDS })).p95);
      const order = { port: portalPort(union), request: get(union, path, cookie), connections: 1, seconds: SECONDS };
      ours.push((await load(root, order)).p95);
    }
    figures.push(figure(`${what}, p95`, 'ms', ours, PEER, theirs));
  }
  return figures;
}

/** Answers by the processor time of the process that gives them. */
async function perCore(root: string, union: LocalUnion, peer: FormsPeer, path: string, what: string): Promise<Figure> {
  const measure = async (order: Pick<LoadOrder, 'port' | 'request'>, pid: number): Promise<number> => {
    const before = processorSeconds([pid]);
    const result = await load(root, { ...order, connections: CONNECTIONS, seconds: SECONDS });
    return result.answers / (processorSeconds([pid]) - before);
  };
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await measure(peerPage(peer), peer.process));
    const pid = union.state(HOME).process.pid() ?? 0;
    ours.push(await measure({ port: portalPort(union), request: get(union, path) }, pid));
  }
  return figure(`${what}, to somebody who is not signed in`, 'requests a second and core', ours, PEER, theirs);
}

async function load(root: string, order: LoadOrder): Promise<LoadResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'bench', '_load.ts'),
    JSON.stringify(order),
  ]);
  const result = JSON.parse(stdout) as LoadResult;
  if (result.errors > 0) throw new Error(`${result.errors} answers that were none: ${order.request.split('\r\n')[0]}`);
  return result;
}

const portalPort = (union: LocalUnion): number => Number(new URL(union.state(HOME).portal).port);

const peerPage = ({ port }: FormsPeer) => ({ port, request: request(`127.0.0.1:${port}`, '/form/work', '') });

const get = (union: LocalUnion, path: string, cookie = ''): string =>
  request(new URL(union.state(HOME).portal).host, path, cookie);

/** As browsers ask: compressed. */
function request(host: string, path: string, cookie: string): string {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Accept-Language: en', 'Accept-Encoding: gzip'];
  return [...lines, ...(cookie === '' ? [] : [`Cookie: ${cookie}`]), '', ''].join('\r\n');
}
