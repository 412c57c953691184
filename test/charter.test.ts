// What stops a node and what does not, as real processes: charters that do not hold, keys that a state renews, a charter that expired.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FormClient } from '../src/cli/demo/form-client.ts';
import { tellStory } from '../src/cli/demo/story.ts';
import { generateKey, publicKeyJson, type Sealed, type SigningKey, seal } from '../src/crypto/index.ts';
import { isFailure } from '../src/storage/index.ts';
import { anchorOf, foundUnion, readKeyFile, readUnionFolder, writeUnionFolder } from '../src/union/index.ts';
import { askAsNode, decide, draftWithEvidence, type Ended, runProgram, sendDraft, until } from './harness/operator.ts';
import { persona, startUnion, type TestUnion } from './harness/union.ts';

type Charter = Parameters<typeof anchorOf>[0];

const STATES = ['am', 'by', 'kg', 'kz', 'ru'];
const DAY_MS = 86_400_000;

let running: TestUnion;
let first: Sealed<Charter>;
let roots: SigningKey[];
const scratch = mkdtempSync(join(tmpdir(), 'commonway-charter-'));
before(async () => {
  running = await startUnion();
  const { folder } = running.union;
  first = readUnionFolder(join(folder, 'states', 'kz', 'trust')).charters[0] as Sealed<Charter>;
  roots = STATES.map((state) => readKeyFile(join(folder, 'roots'), state));
});
after(async () => {
  await running?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const stateFolder = (state: string) => running.union.state(state).folder;

const run = (words: readonly string[]) => runProgram(words, scratch);

/** The version after a charter, signed by these roots. */
function nextCharter({ payload }: Sealed<Charter>, changes: Partial<Charter>, signers = roots): Sealed<Charter> {
  const { version, digest } = anchorOf(payload);
  return seal('charter', { ...payload, version: version + 1, previous: digest, ...changes }, signers);
}

/** Starts a second process of a state's node on a trust folder in which something was changed, and waits until it has ended. */
async function startChanged(state: string, change: (trustFolder: string) => void): Promise<Ended> {
  const folder = mkdtempSync(join(scratch, `${state}-`));
  const trustFolder = join(folder, 'trust');
  cpSync(join(stateFolder(state), 'trust'), trustFolder, { recursive: true });
  change(trustFolder);
  const config = JSON.parse(readFileSync(join(stateFolder(state), 'node.json'), 'utf8')) as object;
  const file = join(folder, 'node.json');
  // Its ports are those of the node that runs: were it to go on wrongly, it would end by that, and not by what is expected here.
  writeFileSync(file, JSON.stringify({ ...config, trustFolder }));
  return run(['node', '--config', file]);
}

function demandRefusal({ code, out, err }: Ended, failure: string, sentence: RegExp): void {
  assert.equal(code, 78, `${out}${err}`);
  const said = JSON.parse(err.trim().split('\n').at(-1) ?? '') as { failed: string; sentence: string };
  assert.equal(said.failed, failure);
  assert.match(said.sentence, sentence);
  assert.doesNotMatch(out, /ready/);
}

const give =
  (...charters: Sealed<Charter>[]) =>
  (trustFolder: string) =>
    writeUnionFolder(trustFolder, { charters });

const askAs = (visitor: string, asked: string) => askAsNode(running, join(stateFolder(visitor), 'keys'), asked);

/** Waits until every other state knows a version of a state's manifest. */
async function spread(state: string, version: number): Promise<void> {
  const others = STATES.filter((one) => one !== state);
  for (const [place, other] of others.entries()) {
    const visitor = others[(place + 1) % others.length] ?? '';
    await until(`${other} knows version ${version} of ${state}`, async () => {
      const { text } = await askAs(visitor, other);
      const { versions } = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as { versions: Record<string, number> };
      return versions[state] === version;
    });
  }
}

const outcomesOf = (cases: readonly { state: string; outcome: string }[]) =>
  cases.map(({ state, outcome }) => `${state} ${outcome}`).sort();

describe('a charter that does not hold stops the node with a clear word', () => {
  const name = 'Kazakhstan, but not that one';

  test('one that was changed after it was signed', async () => {
    const states = first.payload.states.map((one) => (one.state === 'kz' ? { ...one, name } : one));
    const forged = { ...first, payload: { ...first.payload, states } };
    demandRefusal(await startChanged('kz', give(forged)), 'UNION_CHARTER_FORGED', /signature that is not of a root/);
  });

  test('one that roots signed which it does not name', async () => {
    const strangers = STATES.map(() => generateKey());
    const forged = nextCharter(first, {}, strangers);
    demandRefusal(await startChanged('kz', give(forged)), 'UNION_CHARTER_FORGED', /signature that is not of a root/);
  });

  test('one that too few roots signed', async () => {
    const few = nextCharter(first, {}, roots.slice(0, 3));
    demandRefusal(await startChanged('kz', give(few)), 'UNION_CHARTER_UNDER_SIGNED', /signed by 3 roots .* asks for 4/);
  });

  test('one of another union, in which everything is as it should be', async () => {
    const { union, created: at, expires } = first.payload;
    const states = first.payload.states.map((one) => ({
      ...one,
      portal: 'http://x.localhost',
      exchangePort: 1,
      agencies: [],
    }));
    const other = foundUnion({ name: union, demo: true, at, expires, states });
    const ended = await startChanged('kz', (folder) => {
      rmSync(folder, { recursive: true });
      writeUnionFolder(folder, { charters: [other.charter], manifests: other.manifests });
    });
    demandRefusal(ended, 'UNION_ANCHOR_MISMATCH', /not the one that is pinned here/);
  });
});

/** An application that is under way through all that follows: its evidence was signed by keys that end, its claim is decided later. */
let underWay: string;

describe('a state renews its keys alone', () => {
  let draft: string;
  let oldCertificate: string | undefined;

  test('while the others work', async () => {
    draft = await draftWithEvidence(running, 'gulnara');
    oldCertificate = (await askAs('kz', 'kg')).certificate;

    const renew = ['manifest', 'renew', '--state', 'kg', '--folder', running.union.folder, '--json'];
    const [story, begun] = await Promise.all([tellStory(running.place, persona('marat'), () => undefined), run(renew)]);
    assert.deepEqual(outcomesOf(story.cases), ['by refused', 'kz granted']);
    assert.equal(begun.code, 0, begun.err);
    assert.deepEqual(JSON.parse(begun.out), { state: 'kg', version: 2, finished: false, restarted: true });
    await spread('kg', 2);
    const finished = await run([...renew, '--finish']);
    assert.equal(finished.code, 0, finished.err);
    await spread('kg', 3);
  });

  test('and is known by its new certificate from then on', async () => {
    const { manifests } = readUnionFolder(join(stateFolder('kg'), 'trust'));
    const newest = manifests.find(({ payload }) => payload.state === 'kg' && payload.version === 3)?.payload;
    assert.equal(newest?.certificates.length, 1);
    const { certificate, text } = await askAs('kz', 'kg');
    assert.equal(certificate, newest?.certificates[0]?.fingerprint);
    assert.notEqual(certificate, oldCertificate);
    assert.match(text, /^HTTP\/1\.1 200/);
  });

  test('and what its old keys signed goes on to count: an application with such evidence is taken', async () => {
    await sendDraft(running, 'gulnara', draft);
    underWay = draft;
  });

  test('and cannot be set back to its old ones', async () => {
    const ended = await startChanged('kg', (folder) => {
      for (const version of [2, 3]) rmSync(join(folder, 'manifests', `kg.${version}.json`));
    });
    demandRefusal(ended, 'UNION_MANIFEST_ROLLED_BACK', /knows version 3 of its own manifest; it was given version 1/);
  });
});

describe('a charter that expired', () => {
  let second: Sealed<Charter>;
  const today = () => Date.now() + running.union.clockOffsetMs;
  const banner = async (state: string) => {
    const visitor = new FormClient(running.place.portals[state] ?? '');
    const { root: page } = await visitor.open('/').finally(() => visitor.close());
    return page.querySelectorAll('[role=status]').some((one) => one.textContent.includes('charter has expired'));
  };

  before(async () => {
    const { folder, states, clockOffsetMs } = running.union;
    const created = new Date(today()).toISOString();
    second = nextCharter(first, { created, expires: new Date(today() + DAY_MS).toISOString() });
    for (const { folder: own } of states) give(second)(join(own, 'trust'));
    await Promise.all(states.map(({ process }) => process.stop()));
    // Three days later, for every state and for whoever looks at the folder.
    for (const file of [join(folder, 'union.json'), ...states.map((one) => join(one.folder, 'node.json'))]) {
      const content = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...content, clockOffsetMs: clockOffsetMs + 3 * DAY_MS }));
    }
    for (const { process } of states) process.start();
    await Promise.all(states.map(({ process }) => process.ready(60_000)));
  });

  test('is said by every page, every log, and the status', async () => {
    const { out } = await run(['status', '--folder', running.union.folder, '--json']);
    const { states } = JSON.parse(out) as {
      states: { state: string; charter: { version: number; expired: boolean } }[];
    };
    for (const { state, charter } of states) {
      assert.equal(await banner(state), true, state);
      assert.deepEqual([charter.version, charter.expired], [2, true]);
      assert.match(readFileSync(join(stateFolder(state), 'node.log'), 'utf8'), /the charter has expired/);
    }
    assert.equal(states.length, STATES.length);
  });

  test('lets what is under way be decided', async () => {
    assert.deepEqual(await decide(running, 'kg', 'gulnara', underWay, ['kg', 'ru']), ['kg granted', 'ru granted']);
  });

  test('lets people apply, states ask each other, and files verify', async () => {
    const { cases, documents } = await tellStory(running.place, persona('anahit'), () => undefined);
    assert.deepEqual(outcomesOf(cases).slice(1), ['by granted']);
    assert.ok(documents.length > 0 && documents.every(({ verified }) => verified));
  });

  test('admits no new state', async () => {
    const newcomer = generateKey();
    const uz = { state: 'uz', name: 'Uzbekistan', root: publicKeyJson(newcomer.public) } as Charter['states'][number];
    const created = new Date(today() + 2 * DAY_MS).toISOString();
    const states = [...second.payload.states, uz];
    const third = nextCharter(second, { created, states, expires: '2036-01-01T00:00:00.000Z' }, [...roots, newcomer]);
    demandRefusal(
      await startChanged('kz', give(third)),
      'UNION_CHARTER_EXPIRED',
      /admits no new state until it is renewed/,
    );
  });

  test('is the one that counts: an earlier one, or another content of it, stops the node', async () => {
    const earlier = await startChanged('kz', (folder) => rmSync(join(folder, 'charters', '2.json')));
    demandRefusal(earlier, 'UNION_CHARTER_ROLLED_BACK', /knows charter version 2; it was given version 1/);
    const { created } = second.payload;
    const other = nextCharter(first, { created, expires: '2036-01-01T00:00:00.000Z' });
    demandRefusal(
      await startChanged('kz', give(other)),
      'UNION_CHARTER_TWO_CONTENTS',
      /two contents of charter version 2/,
    );
  });

  test('stops one node at most, with its reason where its operator looks, while the others go on', async () => {
    const { process, folder } = running.union.state('kz');
    const kept = join(scratch, 'kept');
    await process.stop();
    mkdirSync(kept);
    cpSync(join(folder, 'trust'), kept, { recursive: true });
    give(nextCharter(second, {}, roots.slice(0, 3)))(join(folder, 'trust'));
    process.start();
    await assert.rejects(process.ready(60_000), (error) => {
      assert.ok(isFailure(error, 'CLI_NODE_STOPPED'));
      assert.match(String(error.params.reason), /signed by 3 roots .* asks for 4/);
      return true;
    });
    assert.match(readFileSync(join(folder, 'node.log'), 'utf8'), /UNION_CHARTER_UNDER_SIGNED/);
    assert.equal(await banner('ru'), true);
    await process.stop();
    rmSync(join(folder, 'trust'), { recursive: true });
    cpSync(kept, join(folder, 'trust'), { recursive: true });
    process.start();
    await process.ready(60_000);
  });

  test('is renewed for the same states by four of them, for each as soon as it has the new one', async () => {
    const created = new Date(today() + 3 * DAY_MS).toISOString();
    const third = nextCharter(second, { created, expires: '2036-01-01T00:00:00.000Z' }, roots.slice(1));
    const { process, folder } = running.union.state('kz');
    await process.stop();
    give(third)(join(folder, 'trust'));
    process.start();
    await process.ready(60_000);
    assert.deepEqual([await banner('kz'), await banner('ru')], [false, true]);
  });
});
