// States change over to a new release one after the other: until then nodes of both work side by side, on what the older one stored.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { linksTo, signIn } from '../src/cli/demo/citizen.ts';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { type Story, tellStory } from '../src/cli/demo/story.ts';
import { type LocalUnion, openUnion } from '../src/cli/local-union/open-union.ts';
import { until } from './harness/operator.ts';
import { buildPrevious, previousMissing } from './harness/previous-release.ts';
import { persona, placeOf, root } from './harness/union.ts';
import { assertLedgers, assertWhole, onTheWay, withDatabases } from './harness/whole.ts';

const skip = process.env.COMMONWAY_ALL === '1' ? (previousMissing() ?? false) : 'with --all';
const scratch = mkdtempSync(join(tmpdir(), 'commonway-releases-'));
/** The data folder of the older release's commands. */
const home = join(scratch, 'home');
const folder = join(scratch, 'demo', 'union');
let previous: { root: string; program: string };

before(async () => {
  if (!skip) previous = await buildPrevious(scratch);
});
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Works in the union while the nodes of these states are of the release before. */
async function withOld(states: readonly string[], work: (union: LocalUnion) => Promise<void>): Promise<void> {
  const program = process.env.COMMONWAY_PROGRAM;
  const union = await openUnion({
    folder,
    anchors: join(home, 'anchors'),
    root,
    ...(program === undefined ? {} : { program }),
    others: Object.fromEntries(states.map((state) => [state, previous])),
    env: {},
  });
  await work(union).finally(() => union.stop());
}

async function tell(union: LocalUnion, id: string): Promise<Record<string, string>> {
  const story: Story = await tellStory(placeOf(union, join(scratch, id)), persona(id), () => undefined);
  assert.ok(story.documents.every(({ verified }) => verified));
  assert.ok(story.accessRecord.every(({ proof }) => proof === 'verified'));
  return Object.fromEntries(story.cases.map(({ state, outcome, months }) => [state, `${outcome} ${months}`]));
}

test('the release before founds the union and does the main job alone', { skip }, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [previous.program, 'demo', '--json', '--persona', 'marat', '--folder', join(scratch, 'demo')],
    {
      env: { ...process.env, COMMONWAY_ROOT: previous.root, COMMONWAY_PROGRAM: previous.program, COMMONWAY_HOME: home },
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
  const { cases } = JSON.parse(stdout) as Story;
  assert.deepEqual(cases.map(({ state, outcome }) => `${state} ${outcome}`).sort(), ['by refused', 'kz granted']);
});

test('a home of this release works with states of the release before', { skip }, () =>
  withOld(['by', 'ru'], async (union) => {
    assert.deepEqual(await tell(union, 'aigerim'), { kg: 'granted 21', kz: 'granted 18', ru: 'granted 19' });
  }),
);

test('a home of the release before works with states of this release', { skip }, () =>
  withOld(['by'], async (union) => {
    assert.deepEqual(await tell(union, 'viktar'), { by: 'granted 15', ru: 'granted 36' });
  }),
);

test('once all are of this release nothing of the older ones’ work is missing', { skip }, () =>
  withOld([], async (union) => {
    const client = new FormClient(union.state('kz').portal);
    for (const id of ['marat', 'aigerim']) {
      await signIn(client, id);
      assert.equal(linksTo(await client.open('/applications'), '/applications/').length, 1);
    }
    await client.close();
    const whole = { union, place: placeOf(union, scratch) };
    await withDatabases(whole, async (databases) => {
      await until('nothing is on its way', async () => (await onTheWay(databases)) === 0);
      assert.equal((await assertWhole(databases)).length, 7);
      await assertLedgers(whole, databases);
    });
  }),
);
