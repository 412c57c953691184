import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { apply } from '../src/cli/demo/apply.ts';
import { isSettled, signIn, waitFor } from '../src/cli/demo/citizen.ts';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { confirmQueue } from '../src/cli/demo/officer.ts';
import { answersOf, type Teller } from '../src/cli/demo/story.ts';
import { type LocalUnion, openUnion } from '../src/cli/local-union/open-union.ts';
import { personaFiles } from '../src/identity/index.ts';
import { openPlainService } from './_plain-service.ts';
import { type BenchSurroundings, figure, type Report } from './_report.ts';

const APPLICATIONS = 12;
/** Latency is that of a person who applies; throughput that of a machine that is never idle, where each waits for the others. */
const ONE = 1;
const MANY = 4;
const SERVICE = 'pension/pension';
const OFFICER_PAUSE_MS = 20;
const PEER = 'bare fastify and pg: the same number of forms and decisions, one row each, nothing signed, one state';

type SeededPersona = Teller & { roles?: string[]; agency?: string };

/**
 * The main job through the real pages: applications for a pension in three states, each decided by officers that confirm as soon as a
 * case is in their queue. Beside it the least that anybody could build: forms that store rows.
 */
export async function run({ root, program }: BenchSurroundings): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-bench-'));
  const personas = parse(personaFiles(root)) as SeededPersona[];
  const union = await openUnion({
    folder: join(folder, 'union'),
    anchors: join(folder, 'anchors'),
    root,
    program,
    clockOffsetMs: Date.parse('2026-03-02T06:00:00.000Z') - Date.now(),
    env: {},
  });
  try {
    const who = personas.find(({ id }) => id === 'aigerim') as SeededPersona;
    const alone = await measureUnion(union, who, personas, ONE);
    const busy = await measureUnion(union, who, personas, MANY);
    const plain = await measurePlain(join(folder, 'plain'), who.works.length);
    return {
      name: 'main-job',
      goal: 'from apply to the last of three decisions in under 2 s (p50), with automatic officers',
      figures: [
        figure('apply to last decision, p50', 's', alone.seconds, PEER, plain.alone.seconds),
        figure(`apply to last decision, p50, ${MANY} at once`, 's', busy.seconds, PEER, plain.busy.seconds),
        figure(`cases decided, ${MANY} at once`, 'per minute', [busy.perMinute], PEER, [plain.busy.perMinute]),
      ],
    };
  } finally {
    await union.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureUnion(union: LocalUnion, who: SeededPersona, personas: SeededPersona[], atOnce: number) {
  let done = false;
  const officers = personas
    .filter(({ state, agency }) => agency === `${state}.pension-fund` && who.works.includes(state))
    .filter(({ roles }) => roles?.includes('examiner'))
    .map(({ id, state }) => workAlways(union.state(state).portal, id, () => done));
  const seconds: number[] = [];
  const began = performance.now();
  let next = 0;
  const applicants = Array.from({ length: atOnce }, async () => {
    const client = new FormClient(union.state(who.state).portal);
    await signIn(client, who.id);
    while (next++ < APPLICATIONS) seconds.push(await decideOne(client, who));
    await client.close();
  });
  await Promise.all(applicants);
  const minutes = (performance.now() - began) / 60_000;
  done = true;
  await Promise.all(officers);
  return { seconds, perMinute: (seconds.length * who.works.length) / minutes };
}

async function measurePlain(folder: string, offices: number) {
  const plain = await openPlainService(folder);
  try {
    const alone = await plain.measure(APPLICATIONS, ONE, offices);
    return { alone, busy: await plain.measure(APPLICATIONS, MANY, offices) };
  } finally {
    await plain.stop();
  }
}

/** Seconds from the press of the last button to the page that shows every decision. */
async function decideOne(client: FormClient, who: SeededPersona): Promise<number> {
  let sent = 0;
  const id = await apply(client, { service: SERVICE, answers: answersOf(who) }, (line) => {
    if (line.startsWith('would she get it')) sent = performance.now();
  });
  await waitFor(client, `/applications/${id}`, isSettled);
  return (performance.now() - sent) / 1000;
}

async function workAlways(portal: string, officer: string, done: () => boolean): Promise<void> {
  const client = new FormClient(portal);
  await signIn(client, officer);
  while (!done()) {
    await confirmQueue(client);
    await pause(OFFICER_PAUSE_MS);
  }
  await client.close();
}
