import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { digestOf, seal } from '../../crypto/index.ts';
import { evidenceFile } from '../../documents/index.ts';
import { failureSentence, type Json, systemClock } from '../../storage/index.ts';
import { freshDb } from '../../storage/testing.ts';
import { type FoundedUnion, foundUnion, openTrust, pinAnchor, migrations as union } from '../../union/index.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';
import { verify } from './verify.ts';

const HOUR = 3_600_000;
const now = Date.now();
const instant = (offset: number): string => new Date(now + offset).toISOString();

function found(): FoundedUnion {
  const state = (name: string) => ({
    state: name,
    name: name.toUpperCase(),
    portal: `http://${name}.localhost:8000`,
    exchangePort: 7000,
    agencies: [{ id: `${name}.pension-fund`, name: { en: 'Pension Fund' }, roles: [] }],
  });
  return foundUnion({
    name: 'test',
    demo: false,
    states: ['kg', 'kz'].map(state),
    at: instant(-24 * HOUR),
    expires: instant(10_000 * HOUR),
  });
}

const schema: Json = { type: 'object' };

/** Evidence of Kyrgyzstan that the node of Kazakhstan relays, valid for `hours`. */
async function relayed(t: TestContext, founded: FoundedUnion, hours = 24): Promise<Buffer> {
  const db = await freshDb(t, [union]);
  const files = { charters: [founded.charter], manifests: founded.manifests, ratifications: [] };
  const trust = await openTrust({ db, clock: systemClock }, { self: 'kz', files });
  const { kg, kz } = founded.keys;
  const agencyKey = kg?.agencies['kg.pension-fund'];
  assert.ok(agencyKey && kz);
  const payload = {
    ...{ id: '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d', type: 'insured-periods', agreement: 'a', request: 'b' },
    ...{ issuer: { state: 'kg', agency: 'kg.pension-fund' }, subject: { home: 'kz', reference: 'r' } },
    ...{ application: 'app', purpose: 'pension', ground: { kind: 'law' as const, article: 'art-7' } },
    ...{ result: 'found' as const, facts: { months: 12 }, schema: digestOf(schema) },
    ...{ asOf: instant(0).slice(0, 10), issuedAt: instant(-HOUR), validUntil: instant(hours * HOUR) },
  };
  return evidenceFile({ trust, seal: kz.seal, clock: systemClock }, seal('evidence', payload, [agencyKey]), schema);
}

/** A machine with a folder of its own; what `up` does to it is to pin an anchor. */
function machine(t: TestContext, pinned?: FoundedUnion) {
  const home = mkdtempSync(join(tmpdir(), 'commonway-verify-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  if (pinned) pinAnchor(join(home, 'anchors'), pinned.charter.payload);
  return {
    home,
    file(name: string, bytes: Uint8Array | string): string {
      writeFileSync(join(home, name), bytes);
      return join(home, name);
    },
    async verify(...words: string[]) {
      const said: string[] = [];
      const wrong: string[] = [];
      const code = await runCommand([verify], ['verify', ...words], {
        root: home,
        home,
        env: {},
        sentenceOf: (failure) => failureSentence(SENTENCES, failure),
        out: (line) => void said.push(line),
        err: (line) => void wrong.push(line),
        ask: async () => undefined,
      });
      return { code, said: said.join('\n'), wrong: wrong.join('\n') };
    },
  };
}

test('verify says 0 and what the file says, by the anchor of this machine', async (t) => {
  const founded = found();
  const here = machine(t, founded);
  const path = here.file('e.commonway.json', await relayed(t, founded));
  const { code, said } = await here.verify(path);
  assert.equal(code, 0, said);
  assert.match(said, /^VALID as of .* \(evidence\)$/m);
  assert.match(said, /kg\.pension-fund/);
  const { code: again, said: json } = await here.verify(path, '--json');
  const report = JSON.parse(json);
  assert.deepEqual(
    [again, report.ok, report.verdict, report.kind, report.code],
    [0, true, 'valid', 'evidence', 'VALID'],
  );
});

test('verify says 0 by an anchor that is named, whatever this machine has pinned', async (t) => {
  const founded = found();
  const here = machine(t);
  const path = here.file('e.json', await relayed(t, founded));
  const anchor = pinAnchor(join(here.home, 'elsewhere'), founded.charter.payload);
  assert.equal((await here.verify(path, '--anchor', anchor)).code, 0);
  assert.equal((await here.verify(path, '--anchor', join(here.home, 'elsewhere'))).code, 0);
});

test('verify says 1 and why for a changed byte and for an invented union', async (t) => {
  const founded = found();
  const here = machine(t, founded);
  const bytes = await relayed(t, founded);
  const changed = here.file('changed.json', bytes.toString().replace('"months":12', '"months":92'));
  const { code, said } = await here.verify(changed);
  assert.equal(code, 1);
  assert.match(said, /^NOT VALID\nThe seal of the file does not match its content\. \[UNION_FILE_SEAL\]/);
  const invented = here.file('invented.json', await relayed(t, found()));
  assert.match((await here.verify(invented)).said, /^NOT VALID\n.*UNION_ANCHOR_MISMATCH/);
  assert.equal((await here.verify(invented, '--json')).code, 1);
});

test('verify says 2 and why where nothing can be said', async (t) => {
  const founded = found();
  const here = machine(t, founded);
  const bytes = await relayed(t, founded);
  const path = here.file('e.json', bytes);
  const bare = machine(t);
  for (const [told, reason] of [
    [await here.verify(join(here.home, 'nowhere.json')), /no such file/],
    [await here.verify(here.home), /EISDIR/],
    [await here.verify(here.file('letter.txt', 'Dear Sir or Madam')), /UNION_FILE_FORM/],
    [await here.verify(here.file('empty.json', '')), /UNION_FILE_FORM/],
    [await bare.verify(path), /UNION_ANCHOR_MISSING/],
    [await here.verify(path, '--anchor', join(here.home, 'none.json')), /UNION_ANCHOR_FORM/],
    [await here.verify(path, '--anchor', path), /UNION_ANCHOR_FORM/],
    [
      await here.verify(here.file('old.json', await relayed(t, founded, 0)), '--at', instant(2 * HOUR)),
      /REGISTERS_EVIDENCE_EXPIRED/,
    ],
  ] as const) {
    assert.equal(told.code, 2, told.said);
    assert.match(told.said, /^NOT USABLE/);
    assert.match(told.said, reason);
  }
});

test('verify takes a broken anchor folder for no anchor, and says which file it is', async (t) => {
  const founded = found();
  const here = machine(t);
  mkdirSync(join(here.home, 'anchors'));
  here.file('anchors/x.anchor.json', '{"union":"test"}');
  const { code, said } = await here.verify(here.file('e.json', await relayed(t, founded)));
  assert.equal(code, 2);
  assert.match(said, /x\.anchor\.json/);
});

test('verify refuses options that it cannot read', async (t) => {
  const here = machine(t);
  for (const words of [['f', '--at', 'soon'], ['f', '--status-age', 'old'], [], ['f', '--quiet']]) {
    const { code, wrong } = await here.verify(...words);
    assert.equal(code, 64);
    assert.equal(wrong.split('\n').length, 1);
  }
});
