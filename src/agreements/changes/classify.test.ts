import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { texts } from '../../texts/index.ts';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';
import type { Agreement } from '../types.ts';
import { classifyChanges } from './classify.ts';
import { CONSEQUENCES } from './kinds.ts';

type Files = Map<string, Uint8Array>;

function load(files: Files): Agreement {
  const { agreement, findings } = loadFiles(files);
  assert.deepEqual(findings, []);
  return agreement as Agreement;
}

const BEFORE = load(filesOf('src/agreements/fixtures/good'));

/** What a change of the files is classified as: `kind what`. */
function kinds(change: (files: Files) => void): string[] {
  const files = filesOf('src/agreements/fixtures/good');
  change(files);
  return classifyChanges(BEFORE, load(files)).map(({ kind, what, state }) =>
    [kind, what, state].filter(Boolean).join(' '),
  );
}

const SERVICE = 'services/permit.yaml';
const everyText = (files: Files, from: string, to: string) => {
  for (const language of ['be', 'en', 'hy', 'kk', 'ky', 'ru']) edit(files, `texts/${language}.yaml`, from, to);
};
/** A new question `dog` on the last page. */
function addQuestion(files: Files, more = ''): void {
  edit(files, SERVICE, '  consent: {', `  dog: { type: yesNo, text: field.dog${more} }\n  consent: {`);
  edit(files, 'forms/permit.yaml', '[plates, nights, consent]', '[plates, nights, dog, consent]');
  everyText(files, 'field.consent:', "field.dog: 'Dog?'\nfield.consent:");
}

describe('the classification of a change', () => {
  it('finds nothing between two equal versions', () => {
    assert.deepEqual(
      kinds(() => undefined),
      [],
    );
  });

  it('tells a required question from one that may be left open', () => {
    assert.deepEqual(kinds(addQuestion).slice(0, 2), ['field-added-required permit/dog', 'pages-changed permit']);
    assert.ok(kinds((files) => addQuestion(files, ', required: false')).includes('field-added-optional permit/dog'));
  });

  it('says that texts follow everywhere and are nobody’s contract', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'texts/en.yaml', 'Parking in', 'Standing in');
    const after = load(files);
    assert.equal(after.contractDigest, BEFORE.contractDigest);
    assert.notEqual(after.textsDigest, BEFORE.textsDigest);
    const [change, ...others] = classifyChanges(BEFORE, after);
    assert.deepEqual(others, []);
    const { kind, what, layer, drafts, examined, decided } = change ?? {};
    assert.deepEqual(
      { kind, what, layer, drafts, examined, decided },
      { kind: 'texts-changed', what: 'en', layer: 'texts', drafts: 'follows', examined: 'follows', decided: 'asItWas' },
    );
  });

  it('wants a migration for another type of answer, and is content with one', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(
      files,
      SERVICE,
      '    type: choice\n    text: field.zone\n    options: { inner: zone.inner, outer: zone.outer }',
      '    type: text\n    text: field.zone',
    );
    everyText(files, 'zone.inner:', '#');
    everyText(files, 'zone.outer:', '#');
    const typed = load(files);
    const found = classifyChanges(BEFORE, typed).find(({ kind }) => kind === 'field-type');
    assert.deepEqual(
      [found?.what, found?.from, found?.to, found?.migrationMissing],
      ['permit/zone', 'choice', 'text', true],
    );
    const migration = [
      'migration: zones',
      `from: '${BEFORE.contractDigest}'`,
      `to: '${typed.contractDigest}'`,
      'services: { permit: { fields: { zone: { ask: again } } } }',
    ];
    files.set('migrations/zones.yaml', Buffer.from(migration.join('\n')));
    const after = load(files);
    assert.equal(after.contractDigest, typed.contractDigest, 'a migration is no part of the contract');
    assert.equal(
      classifyChanges(BEFORE, after).some(({ migrationMissing }) => migrationMissing),
      false,
    );
  });

  it('calls a question renamed when the migration says so, else gone and new', () => {
    const rename = (files: Files) => {
      edit(files, SERVICE, '  guest: {', '  visitor: {');
      edit(files, 'forms/permit.yaml', 'fields: [guest]', 'fields: [visitor]');
    };
    assert.deepEqual(
      kinds(rename).filter((one) => one.startsWith('field')),
      ['field-removed permit/guest', 'field-added-required permit/visitor'],
    );
    const files = filesOf('src/agreements/fixtures/good');
    rename(files);
    const { contractDigest } = load(files);
    const migration = `migration: guest\nfrom: '${BEFORE.contractDigest}'\nto: '${contractDigest}'\nservices: { permit: { fields: { visitor: { from: guest } } } }\n`;
    files.set('migrations/guest.yaml', Buffer.from(migration));
    const [first] = classifyChanges(BEFORE, load(files));
    assert.deepEqual(
      [first?.kind, first?.what, first?.from, first?.drafts],
      ['field-renamed', 'permit/visitor', 'guest', 'mapped'],
    );
  });

  it('tells options, conditions, times, deadlines and timers apart', () => {
    assert.deepEqual(
      kinds((files) => edit(files, SERVICE, 'test: nights > 0 and nights <= 30', 'test: nights > 0 and nights <= 40')),
      ['field-condition permit/nights'],
    );
    assert.deepEqual(
      kinds((files) => edit(files, SERVICE, 'decide: P10D', 'decide: P20D')),
      ['deadline-changed permit'],
    );
    assert.deepEqual(
      kinds((files) => edit(files, 'agreement.yaml', 'respond: P10D', 'respond: P11D')),
      ['timer-changed P.PK.01.TRN.002'],
    );
    assert.deepEqual(
      kinds((files) => edit(files, SERVICE, '{ keep: P1Y }', '{ keep: P2Y }')),
      ['disclosure-changed permit'],
    );
    assert.deepEqual(
      kinds((files) => edit(files, SERVICE, 'service: permit\n', 'service: permit\nevents: [moving]\n')),
      ['events-changed permit'],
    );
  });

  it('lets a rule grow by a version with its own date, and calls everything else a change of the rule', () => {
    const grown = `value: some one in residence satisfies one.state = decider and one.since <= claimDate
        until: 2030-12-31
      - from: 2031-01-01
        value: some one in residence satisfies one.state = decider`;
    const found = kinds((files) =>
      edit(
        files,
        'rules/permit.yaml',
        'value: some one in residence satisfies one.state = decider and one.since <= claimDate',
        grown,
      ),
    );
    assert.deepEqual(found, ['rule-version-added lives']);
    assert.equal(CONSEQUENCES['rule-version-added'].drafts, 'byDate');
    assert.deepEqual(
      kinds((files) => edit(files, 'rules/permit.yaml', 'one.since <= claimDate', 'one.since < claimDate')),
      ['rule-changed lives'],
    );
    assert.deepEqual(
      kinds((files) => edit(files, 'rules/permit.yaml', 'ceiling(nights / 7)', 'floor(nights / 7) + 1')),
      ['rule-changed weeks'],
    );
  });

  it('keeps what one state changes in its annex apart from the contract', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'annexes/kg/annex.yaml', 'value: 20 + 5', 'value: 20 + 6');
    edit(files, 'annexes/kg/annex.yaml', 'office: kg.town-hall', 'office: kg.city-hall');
    const after = load(files);
    assert.equal(after.contractDigest, BEFORE.contractDigest);
    assert.deepEqual(
      classifyChanges(BEFORE, after).map(({ kind, what, state, layer }) => `${layer} ${state} ${kind} ${what}`),
      ['annex kg annex-rule rate', 'annex kg annex-role office'],
    );
  });

  it('sees what changes inside a list of things, whatever its questions are called', () => {
    const WIDE = 'src/agreements/fixtures/wide';
    const inside = (from: string, to: string) => {
      const files = filesOf(WIDE);
      edit(files, 'services/import.yaml', from, to);
      return classifyChanges(load(filesOf(WIDE)), load(files)).map(({ kind, what }) => `${kind} ${what}`);
    };
    assert.deepEqual(inside('test: value > 0', 'test: value > 1'), ['field-condition import/goods']);
    assert.deepEqual(inside('maxLength: 60', 'maxLength: 59'), ['field-condition import/goods']);
    assert.deepEqual(inside('text: field.origin,', 'text: field.origin, required: false,'), [
      'field-condition import/goods',
    ]);
    assert.deepEqual(inside('largest: 500kB', 'largest: 400kB'), ['field-condition import/goods']);
  });

  it('says so when a contract differs in something that it does not compare', () => {
    assert.deepEqual(
      kinds((files) => edit(files, 'agreement.yaml', 'version: 1.0.0', 'version: 1.0.1')),
      ['contract-other parking'],
    );
  });

  it('has words for every kind and every consequence in every language', () => {
    for (const language of ['be', 'en', 'hy', 'kk', 'ky', 'ru'] as const) {
      for (const [kind, { layer, drafts, examined, moving }] of Object.entries(CONSEQUENCES)) {
        const ids = [
          `change.${kind}`,
          `layer.${layer}`,
          `drafts.${drafts}`,
          `examined.${examined}`,
          `moving.${moving}`,
        ];
        for (const id of ids) {
          assert.ok(texts(language).find(`agreement.${id}`, { what: 'x' }), `${id} in ${language}`);
        }
      }
    }
  });
});
