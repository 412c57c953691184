// A changed agreement is published to a running union while cases run, and ratified state by state.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { commands } from '../src/cli/commands/index.ts';
import { apply } from '../src/cli/demo/apply.ts';
import { fillInForm, linksTo, signIn } from '../src/cli/demo/citizen.ts';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { confirmQueue } from '../src/cli/demo/officer.ts';
import { answersOf } from '../src/cli/demo/story.ts';
import { runCommand } from '../src/cli/run.ts';
import { SENTENCES } from '../src/cli/sentences.ts';
import { failureSentence, openDb } from '../src/storage/index.ts';
import { changedPension } from './harness/changed-agreement.ts';
import { persona, root, startUnion, type TestUnion } from './harness/union.ts';

const PROGRAM = process.env.COMMONWAY_PROGRAM ?? '';
const SERVICE = 'pension/pension';
const STATES = ['am', 'by', 'kg', 'kz', 'ru'];
/** The day of the stories, which the union's clocks show. */
const TODAY = '2026-03-02';
const PATIENCE_MS = 90_000;

let running: TestUnion;
let scratch: string;
before(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'commonway-publishing-'));
  running = await startUnion();
});
after(async () => {
  await running?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** A command of the program, upon the running union. */
async function command(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const code = await runCommand(commands, [...words, '--folder', running.union.folder], {
    root,
    home: scratch,
    env: {},
    sentenceOf: (failure) => failureSentence(SENTENCES, failure),
    out: (line) => said.push(line),
    err: (line) => said.push(line),
    ask: async () => undefined,
  });
  return { code, said: said.join('\n') };
}

// biome-ignore lint/suspicious/noExplicitAny: what a command prints, read member by member
async function told(...words: string[]): Promise<any> {
  const { said } = await command(...words, '--json');
  return JSON.parse(said.split('\n').at(-1) ?? '');
}

async function until(what: string, truth: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; await pause(300)) {
    if (await truth()) return;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
  }
}

async function at(state: string, id: string): Promise<FormClient> {
  const client = new FormClient(running.place.portals[state] ?? '');
  await signIn(client, id);
  return client;
}

async function query<T extends object>(state: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const db = openDb(running.union.state(state).databaseUrl, { name: 'test', connections: 1 });
  try {
    return await db.query<T>(sql, values as string[]);
  } finally {
    await db.close();
  }
}

async function contractOfDraft(id: string): Promise<string> {
  const [row] = await query<{ contract: string }>('kz', 'select contract from drafts where id = $1', [id]);
  return row?.contract ?? '';
}

/** Both persons of a state. */
async function ratify(state: string, contract: string): Promise<void> {
  const words = [
    'ratify',
    'pension',
    '--state',
    state,
    '--contract',
    contract,
    '--from',
    TODAY,
    '--by',
    'First Officer',
  ];
  const { id } = await told(...words);
  const approved = await command('approve', id, '--state', state, '--by', 'Second Officer');
  assert.equal(approved.code, 0, approved.said);
}

/** What a state's node says that runs. */
const runsAt = async (state: string): Promise<string> =>
  (await told('agreements', '--state', state)).agreements.find(
    ({ agreement }: { agreement: string }) => agreement === 'pension',
  ).runs?.contract ?? '';

describe('a changed agreement in a running union', () => {
  let before1: string;
  let next: string;
  let sent: string;
  let draft: string;
  let prepared: string;

  test('runs under its first contract, as founded', async () => {
    before1 = await runsAt('kz');
    assert.match(before1, /^[0-9a-f]{64}$/);
    const aigerim = await at('kz', 'aigerim');
    sent = await apply(aigerim, { service: SERVICE, answers: answersOf(persona('aigerim')) });
    const marat = await at('kz', 'marat');
    draft = await fillInForm(marat, SERVICE, answersOf(persona('marat')));
    assert.equal(await contractOfDraft(draft), before1);
    await Promise.all([aigerim.close(), marat.close()]);
  });

  test('is refused at the gate where its number is no greater', async () => {
    const agreement = changedPension(join(scratch, 'same-number'));
    agreement.addQuestion('callMe');
    const said = await told('publish', agreement.folder, '--state', 'kz', '--agency', 'kz.pension-fund', '--by', 'A');
    assert.equal(said.ok, false);
    assert.deepEqual(
      said.problems.map(({ code }: { code: string }) => code),
      ['PUBLISH_VERSION'],
    );
  });

  test('passes the gate with its changes and what they mean for drafts and cases', async () => {
    const agreement = changedPension(join(scratch, 'next'));
    agreement.addQuestion('callMe');
    agreement.edit('agreement.yaml', (file) => file.set('version', '7.0.0'));
    const said = await told(
      ...['publish', agreement.folder, '--state', 'kz', '--agency', 'kz.pension-fund', '--by', 'First Officer'],
    );
    assert.equal(said.ok, true, JSON.stringify(said.findings ?? said.problems));
    next = said.contract;
    prepared = said.id;
    const kinds = said.changes.map(({ kind, what }: { kind: string; what: string }) => `${kind} ${what}`);
    assert.ok(kinds.includes('field-added-required pension/callMe'), kinds.join(', '));
    assert.deepEqual(
      said.replay.drafts.map((one: { draft: string; newlyOpen: string[] }) => [one.draft, one.newlyOpen]),
      [[draft, ['callMe']]],
    );
    assert.ok(said.replay.cases.length > 0);
    assert.ok(said.replay.cases.every(({ changed }: { changed: boolean }) => !changed));
  });

  test('is published by a second person only, and every node fetches it', async () => {
    const own = await command('approve', prepared, '--state', 'kz', '--by', 'first  OFFICER');
    assert.equal(own.code, 77, own.said);
    const held = (state: string) =>
      told('agreements', '--state', state).then(({ agreements }) =>
        agreements
          .find(({ agreement }: { agreement: string }) => agreement === 'pension')
          .editions.map(({ contract }: { contract: string }) => contract),
      );
    assert.deepEqual(await held('kz'), [before1]);
    const other = await command('approve', prepared, '--state', 'kz', '--by', 'Second Officer');
    assert.equal(other.code, 0, other.said);
    for (const state of STATES) await until(`${state} has it`, async () => (await held(state)).includes(next));
  });

  test('does not run before all have ratified it: four of five are not enough', async () => {
    for (const state of ['am', 'by', 'kg', 'kz']) await ratify(state, next);
    for (const state of STATES) {
      await until(`${state} knows the words of four`, async () => {
        const { agreements } = await told('agreements', '--state', state);
        const words = Object.values(
          agreements.find(({ agreement }: { agreement: string }) => agreement === 'pension').words,
        ).flat() as { contract: string }[];
        return words.filter(({ contract }) => contract === next).length === 4;
      });
    }
    assert.equal(await runsAt('kz'), before1);
    const client = await at('kz', 'dinara');
    const id = await fillInForm(client, SERVICE, answersOf(persona('dinara')));
    assert.equal(await contractOfDraft(id), before1);
    await client.close();
  });

  test('runs from the fifth on, without a restart: a draft follows and is asked the new question', async () => {
    await ratify('ru', next);
    for (const state of STATES) await until(`${state} runs it`, async () => (await runsAt(state)) === next);
    const marat = await at('kz', 'marat');
    await until('the portal of kz shows it', async () => {
      const page = await marat.open(`/drafts/${draft}`);
      return page.root.structuredText.includes('The rules of this service changed');
    });
    assert.equal(await contractOfDraft(draft), next);
    const id = await apply(marat, { service: SERVICE, answers: { ...answersOf(persona('marat')), callMe: 'yes' } });
    const rows = await query<{ contract: string }>('kz', 'select contract from applications where id = $1', [id]);
    assert.deepEqual(rows, [{ contract: next }]);
    await marat.close();
  });

  test('old cases end under the old contract, new ones under the new', async () => {
    const desks = await Promise.all(
      STATES.flatMap((state) => (running.place.officers[state] ?? []).map((officer) => at(state, officer))),
    );
    const decided = () =>
      query<{ application: string; contract: string; phase: string }>(
        'kz',
        'select application, contract, phase from cases order by opened_at',
      );
    await until('both are decided', async () => {
      for (const desk of desks) await confirmQueue(desk);
      return (await decided()).every(({ phase }) => phase === 'decided');
    });
    const cases = await decided();
    assert.deepEqual(
      cases.map(({ contract }) => contract),
      [before1, next],
    );
    assert.equal(cases[0]?.application, sent);
    const aigerim = await at('kz', 'aigerim');
    await until('all three decisions came home', async () => {
      const page = await aigerim.open(`/applications/${sent}/proofs`);
      return linksTo(page, `/applications/${sent}/decisions/`).length === 3;
    });
    const digests = await query<{ contract: string; sealed: string }>(
      'kz',
      `select decision->'payload'->'decision'->'digests'->>'contract' as contract from application_cases where application = $1`,
      [sent],
    );
    assert.deepEqual([...new Set(digests.map(({ contract }) => contract))], [before1]);
    await Promise.all([...desks, aigerim].map((client) => client.close()));
  });

  test('an approval that is killed at any moment leaves all or nothing', async () => {
    const agreement = changedPension(join(scratch, 'killed'));
    agreement.addQuestion('callMe');
    agreement.edit('agreement.yaml', (file) => file.set('version', '7.0.1'));
    const words = ['--state', 'kz', '--agency', 'kz.pension-fund', '--by', 'First Officer'];
    const { id } = await told('publish', agreement.folder, ...words);
    const facts = async () => {
      const { agreements, waiting } = await told('agreements', '--state', 'kz');
      const published = agreements
        .find(({ agreement }: { agreement: string }) => agreement === 'pension')
        .editions.some(({ digest }: { digest: string }) => digest === id);
      return { published, waits: waiting.some((one: { id: string }) => one.id === id) };
    };
    for (const after of [150, 400, 600, 800, 1000, 1300, 1700]) {
      const child = spawn(
        process.execPath,
        [PROGRAM, 'approve', id, '--state', 'kz', '--by', 'Second Officer', '--folder', running.union.folder],
        { stdio: 'ignore' },
      );
      const ended = once(child, 'close');
      await pause(after);
      child.kill('SIGKILL');
      await ended;
      const { published, waits } = await facts();
      assert.notEqual(published, waits, `killed after ${after} ms`);
    }
    if ((await facts()).waits) await command('approve', id, '--state', 'kz', '--by', 'Second Officer');
    assert.deepEqual(await facts(), { published: true, waits: false });
  });

  test('a version goes by file to a state that the exchange does not reach, and no byte of it can be changed', async () => {
    const { agreements } = await told('agreements', '--state', 'kz');
    const [{ digest }] = agreements.find(({ agreement }: { agreement: string }) => agreement === 'pension').editions;
    const file = join(scratch, 'edition.json');
    assert.equal((await command('agreements', 'save', digest.slice(0, 20), file, '--state', 'kz')).code, 0);
    assert.match((await command('agreements', 'take', file, '--state', 'am')).said, /was there already/);
    writeFileSync(file, readFileSync(file, 'utf8').replace('Pension', 'Tension'));
    assert.equal((await command('agreements', 'take', file, '--state', 'am')).code, 65);
    assert.equal((await command('agreements', 'save', 'f'.repeat(64), file, '--state', 'kz')).code, 66);
  });

  test('a withdrawal is prepared for a day to come, and shown to who asks', async () => {
    const past = await command(...['withdraw', 'pension', '--state', 'kg', '--on', TODAY, '--by', 'First Officer']);
    assert.equal(past.code, 64, past.said);
    const which = await command(
      ...['withdraw', 'pension', '--state', 'kg', '--on', '2026-09-01', '--by', 'First Officer'],
    );
    assert.equal(which.code, 66, 'kg has ratified two contracts, and must say which');
    const unnamed = await command(
      ...['ratify', 'pension', '--state', 'kg', '--from', '2026-09-01', '--by', 'First Officer'],
    );
    assert.equal(unnamed.code, 64, 'nothing is ratified by default');
    const { id } = await told(
      'withdraw',
      'pension',
      '--state',
      'kg',
      '--contract',
      next,
      '--on',
      '2026-09-01',
      '--by',
      'A',
    );
    assert.equal((await command('approve', id, '--state', 'kg', '--by', 'B')).code, 0);
    const listed = await command('agreements', '--state', 'kg');
    assert.match(listed.said, /kg {2}withdrawn on 2026-09-01: 7\.0\.0 .*later/);
    assert.equal(await runsAt('kg'), next, 'until then it runs');
    const nobody = await command(
      ...['withdraw', 'pension', '--state', 'kg', '--contract', next, '--on', '2026-09-02', '--by', 'A'],
    );
    assert.equal(nobody.code, 64, nobody.said);
  });

  test('the page says which version runs, and that its words are a draft', async () => {
    const visitor = new FormClient(running.place.portals.kz ?? '');
    const page = await visitor.open(`/services/${SERVICE}`);
    const words = page.root.structuredText;
    assert.ok(words.includes('7.0.0') && words.includes(next.slice(0, 12)), words);
    assert.ok(page.root.querySelector('[data-translation=draft]'));
    await visitor.close();
  });
});
