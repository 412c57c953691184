import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../../crypto/index.ts';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing-files.ts';

const good = () => filesOf('src/agreements/fixtures/good');
const load = (files: Map<string, Uint8Array>) => loadFiles(files);
const textsOf = (files: Map<string, Uint8Array>, language: string) =>
  digestOf(Object.fromEntries(load(files).agreement?.messages.get(language) ?? []));

/** Somebody stands by the Kazakh texts as they are. */
function approved(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const entry = `kk: { by: Sample Person, role: translator, on: 2026-02-01, digest: '${textsOf(files, 'kk')}' }\n`;
  return files.set('texts/approvals.yaml', Buffer.from(entry));
}

describe('the approval of a translation', () => {
  it('is missing by default: every language is a draft', () => {
    assert.deepEqual(load(good()).agreement?.approvals, {});
  });

  it('holds for the texts that were approved, by whom it says, and is part of the texts', () => {
    const { agreement } = load(approved(good()));
    assert.deepEqual(agreement?.approvals, { kk: { by: 'Sample Person', role: 'translator', on: '2026-02-01' } });
    assert.notEqual(agreement?.textsDigest, load(good()).agreement?.textsDigest);
    assert.equal(agreement?.contractDigest, load(good()).agreement?.contractDigest);
  });

  it('falls when a sentence of that language changes, and not when one of another does', () => {
    const files = approved(good());
    edit(files, 'texts/en.yaml', 'Parking in', 'Standing in');
    assert.deepEqual(Object.keys(load(files).agreement?.approvals ?? {}), ['kk']);
    const [line = ''] = Buffer.from(files.get('texts/kk.yaml') ?? '')
      .toString()
      .split('\n');
    edit(files, 'texts/kk.yaml', line, `${line}.`);
    assert.deepEqual(load(files).agreement?.approvals, {});
  });

  it('names a person, a role, a day and the texts, or it is a fault', () => {
    const files = good();
    files.set('texts/approvals.yaml', Buffer.from('kk: { by: Sample Person }\n'));
    assert.deepEqual([...new Set(load(files).findings.map(({ code }) => code))], ['AGREEMENT_MISSING_KEY']);
  });
});

describe('a migration', () => {
  const with_ = (fields: string) => {
    const files = good();
    const { contractDigest } = load(files).agreement ?? {};
    const text = `migration: one\nfrom: '${'0'.repeat(64)}'\nto: '${contractDigest}'\nservices: { permit: { fields: { ${fields} } } }\n`;
    files.set('migrations/one.yaml', Buffer.from(text));
    return load(files).findings.map(({ code }) => code);
  };

  it('says of a field where its answer comes from, or that it is asked again', () => {
    assert.deepEqual(
      with_('nights: { from: days }, zone: { from: area, values: { a: inner } }, guest: { ask: again }'),
      [],
    );
  });

  it('says one of the two, of a field that there is', () => {
    assert.deepEqual(with_('nights: { from: days, ask: again }'), ['AGREEMENT_MIGRATION_SHAPE']);
    assert.deepEqual(with_('nights: { ask: again, values: { a: b } }'), ['AGREEMENT_MIGRATION_SHAPE']);
    assert.deepEqual(with_('nights: {}'), ['AGREEMENT_MIGRATION_SHAPE']);
    assert.deepEqual(with_('dog: { ask: again }'), ['AGREEMENT_FIELD_UNKNOWN']);
    assert.deepEqual(with_('nights: { ask: never }'), ['AGREEMENT_WRONG_VALUE']);
  });
});
