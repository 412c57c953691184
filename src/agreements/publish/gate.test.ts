import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../crypto/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import { loadFiles } from '../load.ts';
import { edit } from '../testing-files.ts';
import type { Agreement } from '../types.ts';
import { publishProblems } from './gate.ts';
import { numbered, parking } from './testing.ts';

const load = (files: Map<string, Uint8Array>) => loadFiles(files).agreement as Agreement;
const OLD = load(parking());
const codes = (after: Agreement, demo = true, before: Agreement | undefined = OLD) =>
  publishProblems(before, after, { demo }).problems.map(({ code }) => code);

test('what differs in nothing is not published', () => {
  assert.deepEqual(codes(load(parking())), ['PUBLISH_UNCHANGED']);
});

test('another contract needs a greater number; other texts or another annex do not', () => {
  const deadline = (files: Map<string, Uint8Array>) =>
    edit(files, 'services/permit.yaml', 'decide: P10D', 'decide: P9D');
  assert.deepEqual(codes(load(parking(deadline))), ['PUBLISH_VERSION']);
  for (const [version, problems] of [
    ['1.0.1', []],
    ['0.9.9', ['PUBLISH_VERSION']],
    ['1.10.0', []],
  ] as const) {
    const changed = parking((files) => {
      deadline(files);
      numbered(version)(files);
    });
    assert.deepEqual(codes(load(changed)), problems);
  }
  assert.deepEqual(codes(load(parking((files) => edit(files, 'texts/en.yaml', 'Parking in', 'Standing in')))), []);
  assert.deepEqual(codes(load(parking((files) => edit(files, 'annexes/kg/annex.yaml', '20 + 5', '20 + 6')))), []);
});

test('an answer of another type needs a migration', () => {
  const after = load(
    parking((files) => {
      numbered('2.0.0')(files);
      edit(
        files,
        'services/permit.yaml',
        'guest: { type: yesNo, text: field.guest, when: \'zone = "inner"\' }',
        'guest: { type: text, text: field.guest, when: \'zone = "inner"\' }',
      );
    }),
  );
  assert.deepEqual(codes(after), ['PUBLISH_MIGRATION']);
});

test('a translation that nobody has approved is published in a demonstration only', () => {
  const files = parking(numbered('1.1.0'));
  assert.deepEqual(codes(load(files)), []);
  assert.equal(codes(load(files), false).filter((code) => code === 'PUBLISH_TRANSLATION').length, 6);
  assert.equal(publishProblems(undefined, OLD, { demo: false }).problems.length, 6, 'the first version as well');
  const lines = LANGUAGES.map((language) => {
    const digest = digestOf(Object.fromEntries(load(files).messages.get(language) ?? []));
    return `${language}: { by: Sample Person, role: translator, on: 2026-02-01, digest: '${digest}' }`;
  });
  files.set('texts/approvals.yaml', Buffer.from(lines.join('\n')));
  assert.deepEqual(codes(load(files), false), []);
});
