// Three states decide together on one pension, each on the opinion of a fourth authority: a union of its own with such an agreement.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { edit } from '../src/agreements/testing.ts';
import { opinionFiles } from '../src/cases/opinions.testing.ts';
import { apply } from '../src/cli/demo/apply.ts';
import { isSettled, linksTo, signIn, waitFor } from '../src/cli/demo/citizen.ts';
import { collectDocuments, fileKeeper } from '../src/cli/demo/collect.ts';
import { FormClient, type Page } from '../src/cli/demo/form-client.ts';
import { confirmQueue } from '../src/cli/demo/officer.ts';
import { answersOf } from '../src/cli/demo/story.ts';
import { persona, root, startUnion, type TestUnion } from './harness/union.ts';

const AIGERIM = persona('aigerim');
const PATIENCE_MS = 60_000;

let running: TestUnion;
let scratch: string;
before(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'commonway-joined-'));
  for (const name of readdirSync(root)) {
    if (name !== 'agreements') symlinkSync(join(root, name), join(scratch, name));
  }
  const files = opinionFiles('mutualObligation');
  edit(files, 'services/pension.yaml', 'join: independent', 'join: anyRefusalBlocks');
  for (const [path, content] of files) {
    const file = join(scratch, 'agreements', 'pension', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  running = await startUnion({ root: scratch });
});
after(async () => {
  await running?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function at(state: string, id: string): Promise<FormClient> {
  const client = new FormClient(running.place.portals[state] ?? '');
  await signIn(client, id);
  return client;
}

async function until(what: string, truth: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await truth()); await pause(200)) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
  }
}

/** Two officers of each of these states confirm whatever their queues let them. */
async function confirm(states: readonly string[]): Promise<number> {
  let confirmed = 0;
  for (const state of states) {
    for (const officer of running.place.officers[state] ?? [])
      confirmed += await confirmQueue(await at(state, officer));
  }
  return confirmed;
}

const formTo = (page: Page, action: string) =>
  page.root.querySelectorAll('main form').find((form) => form.getAttribute('action') === action) ?? assert.fail(action);

/** An officer accepts what his agency is asked for, and gives his opinion. */
async function giveOpinion(desk: FormClient, href: string): Promise<void> {
  const open = await desk.open(href);
  const accepted = await desk.submitForm(open, formTo(open, `${href}/accept`), {});
  const given = await desk.submitForm(accepted, formTo(accepted, href), { confirmed: 'yes', remark: 'Known here' });
  assert.equal(given.url.pathname, '/desk/opinions');
}

test('nobody confirms before the opinion is there, and no document comes before all have granted', {
  timeout: 240_000,
}, async () => {
  const her = await at(AIGERIM.state, AIGERIM.id);
  const id = await apply(her, { service: 'pension/pension', answers: answersOf(AIGERIM) });
  const [officer = ''] = running.place.officers.kg ?? [];
  const desk = await at('kg', officer);
  const asked = async () => linksTo(await desk.open('/desk/opinions'), '/desk/opinions/');
  await until('all three have asked', async () => (await asked()).length === 3);
  assert.equal(await confirm(['kg', 'kz', 'ru']), 0, 'an opinion is waited for');

  const rows = (await desk.open('/desk/opinions')).root.querySelectorAll('tbody tr');
  const from = (state: string) =>
    rows
      .find((row) => row.structuredText.includes(NAMES[state] ?? state))
      ?.querySelector('a')
      ?.getAttribute('href') ?? assert.fail(rows.map((row) => row.structuredText).join(' | '));
  await giveOpinion(desk, from('kz'));
  await giveOpinion(desk, from('ru'));
  await until('two states have decided', async () => {
    await confirm(['kz', 'ru']);
    return (await her.download(`/applications/${id}/state`)).toString().match(/decided/g)?.length === 2;
  });
  const documents = async () => linksTo(await her.open('/documents'), '/documents/').length;
  assert.equal(await documents(), 0, 'what two have granted waits for the third');

  await giveOpinion(desk, from('kg'));
  await until('the third has decided', async () => {
    await confirm(['kg']);
    return (await her.download(`/applications/${id}/state`)).toString().match(/decided/g)?.length === 3;
  });
  await waitFor(her, `/applications/${id}`, isSettled);
  const keep = fileKeeper(her, join(scratch, 'files'), running.place.anchors);
  const held = await collectDocuments(her, keep, id);
  assert.deepEqual(held.map(({ issuer, verified }) => [issuer, verified]).toSorted(), [
    ['kg.pension-fund', true],
    ['kz.pension-fund', true],
    ['ru.pension-fund', true],
  ]);
});

/** The funds as the desk names them. */
const NAMES: Record<string, string> = { kg: 'Kyrgyzstan', kz: 'Kazakhstan', ru: 'Russia' };
