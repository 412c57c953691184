import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { signIn } from '../src/cli/demo/citizen.ts';
import { collectAccess, collectDocuments, fileKeeper } from '../src/cli/demo/collect.ts';
import { collectTransactions } from '../src/cli/demo/collect-exchange.ts';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { dice } from './harness/dice.ts';
import { applyStubbornly, workStubbornly } from './harness/stubborn.ts';
import { persona, startUnion, type TestUnion } from './harness/union.ts';
import { assertLedgers, assertWhole, onTheWay, withDatabases } from './harness/whole.ts';

/** People of all five states, whose stories need nothing but patience. */
const PEOPLE = ['aigerim', 'marat', 'gulnara', 'anahit', 'shushanik', 'svetlana', 'ruslan', 'viktar'];
const APPLICATIONS = 20;
const KILLS = process.env.COMMONWAY_ALL === '1' ? 100 : 8;
/** Of so many applications every file is verified; of all the others the databases and ledgers are. */
const PROVEN = 3;
const PATIENCE_MS = KILLS * 20_000 + 240_000;

const personOf = (number: number) => persona(PEOPLE[number % PEOPLE.length] ?? '');

let running: TestUnion;
before(async () => {
  running = await startUnion();
});
after(() => running?.stop());

test(`any of the five processes killed at ${KILLS} random moments, while ${APPLICATIONS} applications run at once: nothing is lost, nothing doubled`, async (t) => {
  const chance = dice();
  t.diagnostic(`seed ${chance.seed}: COMMONWAY_SEED=${chance.seed} stages the same kills`);
  const { union, place } = running;
  const until = Date.now() + PATIENCE_MS;
  const late = () => Date.now() > until;
  let decided = false;
  const officers = Object.entries(place.officers).flatMap(([state, ids]) =>
    ids.map((officer) => workStubbornly(place, state, officer, () => decided || late())),
  );
  const applied = Promise.all(
    Array.from({ length: APPLICATIONS }, (_, number) => applyStubbornly(place, personOf(number), late)),
  );
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(300 + chance.roll(1500));
    union.states[chance.roll(union.states.length)]?.process.kill('SIGKILL');
  }
  const applications = await applied;
  await withDatabases(running, async (databases) => {
    while ((await onTheWay(databases)) > 0 && !late()) await pause(500);
    decided = true;
    await Promise.all(officers);
    const cases = await assertWhole(databases);
    for (const id of applications)
      assert.ok(
        cases.some(({ application }) => application === id),
        `${id} was lost`,
      );
    const sizes = await assertLedgers(running, databases);
    for (const [number, id] of applications.slice(0, PROVEN).entries()) await assertProofs(number, id);
    t.diagnostic(
      `${applications.length} applications, ${cases.length} cases decided, ledgers ${JSON.stringify(sizes)}`,
    );
  });
});

/** Everything that an application left behind, downloaded by its person and verified offline. */
async function assertProofs(number: number, id: string): Promise<void> {
  const who = personOf(number);
  const client = new FormClient(running.place.portals[who.state] ?? '');
  await signIn(client, who.id);
  const keep = fileKeeper(client, running.place.folder, running.place.anchors);
  const transactions = await collectTransactions(client, keep, id);
  assert.ok(transactions.length > who.works.length && transactions.every(({ status }) => status === 'responded'), id);
  const documents = await collectDocuments(client, keep, id);
  assert.ok(
    documents.every(({ verified }) => verified),
    id,
  );
  const accesses = await collectAccess(client, keep, id, who.works.length * 2 + 1);
  assert.ok(
    accesses.every(({ proof }) => proof === 'verified'),
    id,
  );
  await client.close();
}

test('a node is killed and never the database: the server goes on, and every node attaches to it again', () => {
  const { union } = running;
  assert.ok(union.states.every(({ process }) => process.isReady()));
  assert.ok(union.states.some(({ process }) => process.restarts > 0));
});
