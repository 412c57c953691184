import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';

const OFFICERS = '      transaction: P.PN.01.TRN.005\n';
const SYSTEM = '      transaction: P.PN.01.TRN.003\n';

/** What is found when the pension's notices say what becomes of the document. */
function findings(after: string, status: string, change: (files: Map<string, Uint8Array>) => void = () => undefined) {
  const files = filesOf('agreements/pension');
  edit(files, 'services/pension.yaml', after, `${after}      status: '${status}'\n`);
  change(files);
  return loadFiles(files).findings.map(({ code, message }) => `${code} ${message}`);
}

describe('what a notice does to the document', () => {
  it('is one of three words, over what the officer answers, or null', () => {
    assert.deepEqual(findings(OFFICERS, 'if changeOfPension = "ended" then "revoked" else null'), []);
    assert.match(findings(OFFICERS, '"withdrawn"')[0] ?? '', /^FEEL_/);
  });

  it('is never done by the platform itself', () => {
    assert.match(findings(SYSTEM, '"suspended"')[0] ?? '', /only an officer changes the status of a document/);
  });

  it('needs a document', () => {
    const [first = ''] = findings(OFFICERS, '"suspended"', (files) =>
      edit(files, 'services/pension.yaml', 'document: pension-award\n', ''),
    );
    assert.match(first, /issues no document/);
  });
});
