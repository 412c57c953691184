import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';
import { decide } from './decide.ts';
import { lotOf } from './lot.ts';

const SEALED = { payload: { id: 'a1', home: 'kz' }, signatures: [{ key: 'k', signature: 's' }] };

describe('the lot of an application', () => {
  it('is a whole number that FEEL counts exactly, and the same for whoever holds the sealed application', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('am', 'by', 'kg', 'kz', 'ru'), (id, state) => {
        const lot = lotOf({ ...SEALED, payload: { id } }, state);
        assert.ok(Number.isSafeInteger(lot) && lot >= 0 && lot < 2 ** 52);
        assert.equal(lot, lotOf(structuredClone({ ...SEALED, payload: { id } }), state));
      }),
    );
  });

  it('hangs on every part of the sealed application, its signature too, and on who decides', () => {
    const lots = [
      lotOf(SEALED, 'ru'),
      lotOf(SEALED, 'by'),
      lotOf({ ...SEALED, payload: { id: 'a2', home: 'kz' } }, 'ru'),
      lotOf({ ...SEALED, signatures: [{ key: 'k', signature: 't' }] }, 'ru'),
    ];
    assert.equal(new Set(lots).size, lots.length);
  });

  it('is a fact of the rules that name it, stands in the explanation, and is unknown in a forecast', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'rules/permit.yaml', 'rules:', DRAWN);
    edit(files, 'services/permit.yaml', 'rules: [', 'rules: [drawn, ');
    const { agreement, findings } = loadFiles(files);
    assert.deepEqual(findings, []);
    const input = {
      ...{ service: 'permit', state: 'kz', home: 'kz', evidence: [], dates: { claim: '2025-06-30' } },
      answers: { towns: ['kz'], zone: 'outer', nights: 15, consent: true },
    };
    const step = (lot?: number) =>
      decide(agreement ?? assert.fail(), { ...input, lot }).explanation.find(({ rule }) => rule === 'drawn');
    assert.equal(step()?.value, null);
    assert.equal(step(1234567)?.value, 7);
    assert.deepEqual(step(1234567)?.facts, [{ name: 'lot', kind: 'lot', value: 1234567 }]);
  });

  it('is no name that an agreement may use for something else', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'rules/permit.yaml', 'rules:', DRAWN.replace('drawn:', 'lot:'));
    assert.ok(loadFiles(files).findings.some(({ code }) => code === 'AGREEMENT_NAME_TAKEN'));
  });
});

const DRAWN = `rules:
  drawn:
    title: rule.start
    article: parking-law
    source: design
    versions:
      - value: modulo(lot, 10)`;
