import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFiles } from '../check/check.ts';
import { edit, filesOf } from '../testing.ts';
import type { Agreement, Service } from '../types.ts';
import { decideBy, termsFor } from './terms.ts';

const MONDAY = '2026-03-02T05:00:00.000Z';

/** The permit of the fixture, whose annex of Kazakhstan ends with these lines. */
function permit(annex: string): { agreement?: Agreement; service?: Service; codes: string[] } {
  const files = filesOf('src/agreements/fixtures/good');
  edit(files, 'annexes/kz/annex.yaml', 'annex: kz\n', `annex: kz\n${annex}`);
  const { agreement, findings } = checkFiles(files);
  return { agreement, service: agreement?.services.permit, codes: findings.map(({ code }) => code) };
}

const due = (annex: string, state = 'kz'): string => {
  const { agreement, service } = permit(annex);
  return decideBy(agreement ?? assert.fail(), service ?? assert.fail(), state, MONDAY);
};

describe('the time to decide', () => {
  it('is the contract’s where the annex of the state is silent', () => {
    const { agreement, service } = permit('');
    const terms = service?.deadline;
    assert.deepEqual(termsFor(agreement ?? assert.fail(), service ?? assert.fail(), 'kz'), terms);
    assert.equal(due(''), due('', 'kz'));
  });

  it('is that of the annex, in calendar days or in working days of the state, for that state alone', () => {
    assert.equal(due('deadlines: { permit: { decide: P5D } }\n'), '2026-03-07T18:59:59.999Z');
    assert.equal(due('deadlines: { permit: { decide: P5D, days: working } }\n'), '2026-03-09T18:59:59.999Z');
    const rest = "holidays: ['03-09', '2026-03-10']\n";
    assert.equal(due(`deadlines: { permit: { decide: P5D, days: working } }\n${rest}`), '2026-03-11T18:59:59.999Z');
    assert.equal(due('deadlines: { permit: { decide: P1D } }\n', 'kg'), due('', 'kg'));
  });

  it('keeps what silence means, which the contract alone says', () => {
    const { agreement, service } = permit('deadlines: { permit: { decide: P5D, days: working } }\n');
    const { silence } = termsFor(agreement ?? assert.fail(), service ?? assert.fail(), 'kz');
    assert.equal(silence, service?.deadline.silence);
  });

  it('is refused for a service that is not there, for working months, for a day that is none, and where the other side waits less', () => {
    assert.deepEqual(permit('deadlines: { permission: { decide: P5D } }\n').codes, ['AGREEMENT_SERVICE_UNKNOWN']);
    assert.deepEqual(permit('deadlines: { permit: { decide: P1M, days: working } }\n').codes, [
      'AGREEMENT_WRONG_VALUE',
    ]);
    assert.deepEqual(permit("holidays: ['13-01']\n").codes, ['AGREEMENT_WRONG_VALUE']);
    assert.ok(permit('deadlines: { permit: { decide: P900D } }\n').codes.includes('AGREEMENT_TIMER_ORDER'));
  });
});
