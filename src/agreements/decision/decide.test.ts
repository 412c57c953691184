import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../crypto/index.ts';
import { isFailure, type Json } from '../../storage/index.ts';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';
import { claimsOf } from './claims.ts';
import { type DecideInput, decide } from './decide.ts';
import { documentPage } from './page.ts';
import { confirmationsFor, stagesFor } from './stages.ts';
import type { EvidenceFacts } from './types.ts';

const { agreement } = loadFiles(filesOf('src/agreements/fixtures/good'));
assert.ok(agreement !== undefined);

const home = (state: string, since = '2020-01-01'): EvidenceFacts => ({
  type: 'residence',
  state,
  result: 'found',
  facts: { town: 'Almaty', since },
});
const asked = (changes: Partial<DecideInput> = {}): DecideInput => ({
  service: 'permit',
  state: 'kz',
  home: 'kz',
  answers: { towns: ['kz'], zone: 'outer', nights: 8, consent: true },
  evidence: [home('kz')],
  dates: { claim: '2025-06-29' },
  ...changes,
});
const ruleValue = (input: DecideInput, rule: string) =>
  decide(agreement, input).explanation.find((one) => one.rule === rule)?.value;

describe('a decision', () => {
  it('explains every rule with article, source, date, facts and the row of its table', () => {
    const made = decide(agreement, asked());
    assert.equal(made.outcome, 'granted');
    assert.equal(made.months, 2);
    assert.deepEqual(made.values, { fee: 60 });
    assert.deepEqual(made.dates, { claim: '2025-06-29', entitlement: '2025-06-30', decision: '2025-06-29' });
    assert.deepEqual(
      made.explanation.map(({ rule }) => rule),
      agreement.services.permit?.decision.rules,
    );
    const { lives, affordable, fee } = Object.fromEntries(made.explanation.map((one) => [one.rule, one]));
    assert.deepEqual(lives, {
      rule: 'lives',
      title: 'rule.lives',
      article: 'parking-design',
      source: 'design',
      reference: '2025-06-29',
      value: true,
      facts: [
        { name: 'claimDate', kind: 'date', value: '2025-06-29' },
        { name: 'decider', kind: 'state', value: 'kz' },
        { name: 'residence.since', kind: 'evidence', value: '2020-01-01', evidence: 'residence/kz' },
      ],
    });
    assert.equal(affordable?.row, 'cheap');
    assert.equal(affordable?.words, 'words.cheap');
    assert.deepEqual(fee?.facts, [
      { name: 'rate', kind: 'rule', value: 30 },
      { name: 'units', kind: 'rule', value: 2 },
    ]);
  });

  it('takes the version in force on the date that the rule declares', () => {
    // The rate goes by the entitlement date, which is the day after the claim.
    assert.equal(ruleValue(asked({ dates: { claim: '2025-06-29' } }), 'rate'), 30);
    assert.equal(ruleValue(asked({ dates: { claim: '2025-06-30' } }), 'rate'), 40);
    // The condition goes by the claim date; the day of the decision changes nothing.
    const late = asked({ evidence: [home('kz', '2030-01-01')] });
    assert.equal(ruleValue({ ...late, dates: { claim: '2024-12-31', decision: '2025-01-01' } }, 'lives'), true);
    assert.equal(ruleValue({ ...late, dates: { claim: '2025-01-01', decision: '2024-12-31' } }, 'lives'), false);
    const reference = decide(agreement, asked({ dates: { claim: '2025-06-29', decision: '2025-08-01' } }));
    assert.equal(reference.explanation.find(({ rule }) => rule === 'fee')?.reference, '2025-08-01');
  });

  it('uses the article of the row where the row has one', () => {
    const dear = decide(agreement, asked({ answers: { towns: ['kz'], zone: 'outer', nights: 30, consent: true } }));
    const { article, row, source } = dear.explanation.find(({ rule }) => rule === 'affordable') ?? {};
    // The row cites another article; whether the rule is law or design is said of the rule.
    assert.deepEqual([article, row, source], ['parking-law', 'dear', 'design']);
  });

  it('takes the rules of the deciding state from its annex', () => {
    const both = { evidence: [home('kz'), home('kg')], answers: { ...asked().answers, towns: ['kz', 'kg'] } };
    assert.equal(ruleValue(asked({ ...both, state: 'kg' }), 'rate'), 25);
    assert.equal(ruleValue(asked({ ...both, state: 'kz' }), 'rate'), 30);
  });

  it('refuses by a condition that is not met and names it', () => {
    const made = decide(
      agreement,
      asked({ evidence: [{ type: 'residence', state: 'kz', result: 'none', facts: null }] }),
    );
    assert.equal(made.outcome, 'refused');
    assert.deepEqual(made.missing, [{ rule: 'lives', text: 'missing.lives', article: 'parking-design' }]);
    assert.deepEqual(made.pending, []);
  });

  it('refuses nobody for an answer that is still out', () => {
    for (const evidence of [[], [{ type: 'residence', state: 'kz', result: 'ambiguous', facts: null } as const]]) {
      const made = decide(agreement, asked({ evidence }));
      assert.equal(made.outcome, 'undecided');
      assert.equal(made.pending[0]?.reason, evidence.length === 0 ? 'notAsked' : 'ambiguous');
    }
    const waived = decide(
      agreement,
      asked({ evidence: [{ type: 'residence', state: 'kz', result: 'waived', facts: null }] }),
    );
    assert.equal(waived.outcome, 'refused');
  });

  it('lets nothing follow from an answer that did not come in time', () => {
    const late = decide(
      agreement,
      asked({ evidence: [{ type: 'residence', state: 'kz', result: 'unanswered', facts: null }] }),
    );
    assert.equal(late.outcome, 'undecided');
    assert.deepEqual(late.pending, [{ type: 'residence', state: 'kz', reason: 'unanswered' }]);
  });

  it('refuses a state and a service that the agreement does not have', () => {
    assert.throws(
      () => decide(agreement, asked({ state: 'ru' })),
      (error) => isFailure(error, 'AGREEMENT_NO_STATE'),
    );
    assert.throws(
      () => decide(agreement, asked({ state: 'toString' })),
      (error) => isFailure(error, 'AGREEMENT_NO_STATE'),
    );
    assert.throws(
      () => decide(agreement, asked({ service: 'x' })),
      (error) => isFailure(error, 'AGREEMENT_NO_SERVICE'),
    );
  });

  it('takes the state of evidence from its signer, not from its facts', () => {
    const forged = { ...home('kg'), facts: { town: 'Almaty', since: '2020-01-01', state: 'kz' } };
    assert.equal(ruleValue(asked({ evidence: [forged] }), 'lives'), false);
  });

  it('ignores answers that are not reached, in whatever draft they stand', () => {
    const answers = { ...asked().answers, guest: true };
    assert.equal(
      canonicalJson(decide(agreement, asked({ answers })) as never),
      canonicalJson(decide(agreement, asked()) as never),
    );
  });

  it('gives the same bytes at home and at the deciding node, in whatever order evidence arrived', () => {
    const answers = { ...asked().answers, towns: ['kz', 'kg'] };
    const one = decide(agreement, asked({ answers, evidence: [home('kz'), home('kg')] }));
    const other = decide(agreement, asked({ answers, evidence: [home('kg'), home('kz')] }));
    assert.equal(canonicalJson(one as unknown as Json), canonicalJson(other as unknown as Json));
  });

  it('never throws, whatever answers and facts it is given', () => {
    const facts = fc.record({
      town: fc.jsonValue({ maxDepth: 2 }),
      since: fc.oneof(fc.constant('2024-02-30'), fc.jsonValue()),
    });
    const evidence = fc.array(
      fc.record({
        type: fc.constantFrom('residence', 'identity', '__proto__'),
        state: fc.constantFrom('kz', 'kg', 'ru', ''),
        result: fc.constantFrom('found', 'none', 'ambiguous', 'unproven', 'waived', 'unanswered'),
        facts: fc.oneof(facts, fc.jsonValue({ maxDepth: 2 })),
      }),
      { maxLength: 4 },
    );
    const answers = fc.dictionary(fc.constantFrom('towns', 'zone', 'nights', 'consent', 'plates'), fc.jsonValue());
    fc.assert(
      fc.property(answers, evidence, (given, pieces) => {
        const made = decide(agreement, asked({ answers: given as never, evidence: pieces as never }));
        assert.doesNotThrow(() => canonicalJson(made as unknown as Json));
      }),
      { numRuns: 300 },
    );
  });

  it('carries the digests of the three layers', () => {
    const { digests } = decide(agreement, asked());
    assert.equal(digests.contract, agreement.contractDigest);
    assert.equal(digests.annex, agreement.annexes.kz?.digest);
    assert.equal(digests.texts, agreement.textsDigest);
  });
});

describe('the layers', () => {
  const digests = (change: (files: Map<string, Uint8Array>) => void) => {
    const files = filesOf('src/agreements/fixtures/good');
    change(files);
    const { agreement: loaded, findings } = loadFiles(files);
    assert.deepEqual(findings, []);
    return [loaded?.contractDigest, loaded?.annexes.kz?.digest, loaded?.annexes.kg?.digest, loaded?.textsDigest];
  };
  const before = digests(() => {});
  const changed = (after: unknown[]) => after.map((digest, index) => digest !== before[index]);

  it('have a digest each, and a change touches its own only', () => {
    const contract = digests((files) => edit(files, 'services/permit.yaml', 'P10D', 'P11D'));
    const annex = digests((files) => edit(files, 'annexes/kz/annex.yaml', "'40'", "'41'"));
    const texts = digests((files) => edit(files, 'texts/kk.yaml', 'Parking law', 'Заң'));
    const scenarios = digests((files) => edit(files, 'scenarios/permit.yaml', 'fee: 60', 'fee: 61'));
    assert.deepEqual(changed(contract), [true, false, false, false]);
    assert.deepEqual(changed(annex), [false, true, false, false]);
    assert.deepEqual(changed(texts), [false, false, false, true]);
    assert.deepEqual(changed(scenarios), [false, false, false, false]);
  });

  it('do not change with comments, quotes and the order of keys', () => {
    const same = digests((files) => {
      edit(
        files,
        'services/permit.yaml',
        'service: permit\ntitle: service.title\n',
        "# A note\ntitle: 'service.title'\nservice: permit\n",
      );
    });
    assert.deepEqual(changed(same), [false, false, false, false]);
  });
});

describe('stages and documents', () => {
  it('want as many officers as contract or annex says', () => {
    assert.equal(confirmationsFor(agreement, 'permit', 'kg'), 1);
    assert.equal(confirmationsFor(agreement, 'permit', 'kz'), 2);
    assert.deepEqual(stagesFor(agreement, 'permit', 'kz')[1]?.confirmations, { count: 2, distinctFrom: ['confirm'] });
  });

  it('make claims and a printed page from the decision', () => {
    const input = asked({ dates: { claim: '2025-06-30' } });
    const claims = claimsOf(agreement, 'permit', { state: 'kz', decision: decide(agreement, input) });
    assert.deepEqual(claims, { town: 'kz', fee: 80 });
    const page = documentPage(agreement, 'permit', claims, 'en');
    assert.deepEqual(page, {
      language: 'en',
      title: 'Permit',
      lines: [
        { label: 'Town', value: 'Kazakhstan' },
        { label: 'Fee', value: '80' },
      ],
      notes: ['You pay 80.'],
    });
    assert.throws(
      () => claimsOf(agreement, 'x', { state: 'kz', decision: decide(agreement, input) }),
      (error) => isFailure(error, 'AGREEMENT_NO_DOCUMENT'),
    );
  });
});
