import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LANGUAGES } from '../../texts/index.ts';
import { checkFiles } from '../check/check.ts';
import { edit, filesOf } from '../testing.ts';

type Files = Map<string, Uint8Array>;

/** The story that the check tells of the good agreement with one change. */
function storyOf(change: (files: Files) => void): { code: string | undefined; story: readonly string[] } {
  const files = filesOf('src/agreements/fixtures/good');
  change(files);
  const [first, ...rest] = checkFiles(files).findings;
  assert.deepEqual(rest, []);
  return { code: first?.code, story: first?.details ?? [] };
}

const PORTAL = '"Portal" (portal)';
const OFFICE = '"Town hall" (office)';

/** The good agreement asks the office for one more thing, by an officer: from which role and to which is for the test to say. */
function addOpinion(files: Files, from: string, to: string): void {
  const transaction = `  P.PK.01.TRN.004:
    title: transaction.ask
    pattern: mutualObligation
    from: ${from}
    to: ${to}
    operation: giveOpinion
    evidence: fitness
    timers: { acknowledge: PT1H, accept: P1D, respond: P3D }
    retries: 3
    signatureRequired: true
  P.PK.01.TRN.003:
`;
  edit(files, 'agreement.yaml', '  P.PK.01.TRN.003:\n', transaction);
  const evidence = `evidence: fitness
as: fitness
title: evidence.title
summary: evidence.summary
servedBy: office
purpose: parking
ground: { kind: law, article: parking-law }
maxAge: P7D
from: towns
cardinality: each
transaction: P.PK.01.TRN.004
schema: { type: object, additionalProperties: false, required: [fit], properties: { fit: { type: boolean } } }
labels: { fit: evidence.since }
`;
  files.set('evidence/fitness.yaml', Buffer.from(evidence));
  edit(files, 'services/permit.yaml', 'evidence: [residence]', 'evidence: [residence, fitness]');
  const stage =
    '  - { name: ask, title: stage.examine, verb: request, by: system, requests: { evidence: fitness, carries: {} } }\n';
  edit(files, 'services/permit.yaml', '  - { name: confirm', `${stage}  - { name: confirm`);
}

describe('the model check of a process', () => {
  it('finds nothing to tell of the shipped agreements', () => {
    for (const path of ['agreements/pension', 'src/agreements/fixtures/good']) {
      assert.deepEqual(checkFiles(filesOf(path)).findings, []);
    }
  });

  it('tells how a case comes into a stage that nobody can end', () => {
    const { code, story } = storyOf((files) =>
      edit(files, 'services/permit.yaml', 'verb: confirm, by: officer', 'verb: confirm, by: system'),
    );
    assert.equal(code, 'AGREEMENT_STAGE_NO_EXIT');
    assert.deepEqual(story, [
      `1. ${PORTAL} asks ${OFFICE} for "Residence", by P.PK.01.TRN.001.`,
      `2. ${OFFICE} answers with "Residence", or that there is none.`,
      `3. The citizen applies for "Parking permit": ${PORTAL} sends the claim to ${OFFICE}, by P.PK.01.TRN.002.`,
      `4. ${OFFICE} opens a case in the stage examine ("Examine").`,
      '5. In the stage examine ("Examine") the rules say "granted".',
      '6. The stage confirm ("Confirm") never ends: only an officer can confirm, and the stage is left to the system.',
    ]);
  });

  it('finds nothing to tell of an opinion that is asked by who decides, of who gives it', () => {
    const files = filesOf('src/agreements/fixtures/good');
    addOpinion(files, 'office', 'office');
    assert.deepEqual(checkFiles(files).findings, []);
  });

  it('tells of an opinion that only another role may ask for', () => {
    const { code, story } = storyOf((files) => addOpinion(files, 'portal', 'office'));
    assert.equal(code, 'AGREEMENT_TRANSACTION_UNANSWERED');
    assert.equal(story.at(-1), '6. The role office has the case, but only portal may ask by P.PK.01.TRN.004.');
  });

  it('tells of an opinion that is asked of a role which does not give it', () => {
    const { code, story } = storyOf((files) => addOpinion(files, 'office', 'portal'));
    assert.equal(code, 'AGREEMENT_TRANSACTION_UNANSWERED');
    assert.equal(story.at(-1), '6. fitness is given by the role office, which nobody asked: portal can never answer.');
  });

  it('tells of a stage that issues nothing', () => {
    const { code, story } = storyOf((files) => {
      edit(files, 'services/permit.yaml', 'document: permit\n', '');
      edit(
        files,
        'services/permit.yaml',
        'deadline:',
        '  - { name: award, title: stage.confirm, verb: issue, by: system }\ndeadline:',
      );
      edit(files, 'scenarios/permit.yaml', '          documents:\n            permit: { town: kz, fee: 80 }\n', '');
      files.delete('documents/permit.yaml');
      for (const language of LANGUAGES) {
        const path = `texts/${language}.yaml`;
        const lines = Buffer.from(files.get(path) ?? '')
          .toString('utf8')
          .split('\n');
        files.set(path, Buffer.from(lines.filter((line) => !line.startsWith('document.')).join('\n')));
      }
    });
    assert.equal(code, 'AGREEMENT_STAGE_NO_EXIT');
    assert.match(story.at(-1) ?? '', /never ends: the service names no document that could be issued\.$/);
  });

  it('tells of a service in which nothing is ever decided', () => {
    const { code, story } = storyOf((files) => {
      edit(files, 'services/permit.yaml', 'silence: approve, article: parking-law', 'silence: escalate');
      edit(files, 'scenarios/permit.yaml', 'silence: approve', 'silence: escalate');
      edit(files, 'services/permit.yaml', 'verb: decide', 'verb: assign');
      edit(files, 'services/permit.yaml', ', confirmations: { count: 1, distinctFrom: [confirm] }', '');
      edit(files, 'services/permit.yaml', 'verb: confirm', 'verb: assign');
      edit(files, 'services/permit.yaml', 'silence: approve, article: parking-law', 'silence: escalate');
      edit(files, 'scenarios/permit.yaml', 'silence: approve', 'silence: escalate');
      edit(
        files,
        'annexes/kz/annex.yaml',
        'confirmations:\n  permit:\n    confirm: { count: 2, distinctFrom: [confirm] }\n',
        '',
      );
    });
    assert.equal(code, 'AGREEMENT_STAGE_NO_EXIT');
    assert.equal(
      story.at(-1),
      '7. The stage tell ("Confirm") never ends: nothing was decided before it that "notify" could work on.',
    );
  });

  it('tells how two roles come to wait for each other', () => {
    const { code, story } = storyOf((files) =>
      edit(files, 'agreement.yaml', 'to: office\n    operation: openCase', 'to: portal\n    operation: openCase'),
    );
    assert.equal(code, 'AGREEMENT_DEADLOCK');
    assert.deepEqual(story.slice(2), [
      `3. The citizen applies for "Parking permit": ${PORTAL} sends the claim to ${PORTAL}, by P.PK.01.TRN.002.`,
      '4. P10D pass without an answer to P.PK.01.TRN.002.',
      `5. ${OFFICE} decides, and waits for a claim; ${PORTAL} waits for ${PORTAL}: nobody goes on.`,
    ]);
  });

  it('tells of a question that only its timer ends', () => {
    const { code, story } = storyOf((files) =>
      edit(files, 'agreement.yaml', 'to: office\n    operation: fetch', 'to: portal\n    operation: fetch'),
    );
    assert.equal(code, 'AGREEMENT_TRANSACTION_UNANSWERED');
    assert.deepEqual(story, [
      `1. ${PORTAL} asks ${PORTAL} for "Residence", by P.PK.01.TRN.001.`,
      '2. P1D pass without an answer to P.PK.01.TRN.001.',
      '3. residence is served by the role office, which nobody asked: portal can never answer.',
    ]);
  });

  it('tells which answers lead past the consent', () => {
    const { code, story } = storyOf((files) => {
      edit(files, 'forms/permit.yaml', 'fields: [guest]', 'fields: [guest, consent]');
      edit(files, 'forms/permit.yaml', 'nights, consent', 'nights');
    });
    assert.equal(code, 'AGREEMENT_CONSENT_NOT_ASKED');
    assert.deepEqual(story, [
      '1. A citizen of kg answers {"towns":["kg"],"zone":"outer"}.',
      '2. She is led over the pages where, rest.',
      '3. residence is to be asked of kg, but no page has asked for consent: it never can be.',
    ]);
  });

  it('tells why an outcome cannot be', () => {
    const { code, story } = storyOf((files) =>
      edit(files, 'rules/permit.yaml', 'else if lives = false then', 'else if lives = true then'),
    );
    assert.equal(code, 'AGREEMENT_OUTCOME_UNREACHABLE');
    assert.deepEqual(story.slice(-2), [
      '5. The rule outcome ("Decision") gives "granted", "partly" or nothing (not known).',
      '6. So no facts at all make it "refused".',
    ]);
  });

  it('tells of one state whose own rules grant nothing', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(
      files,
      'rules/permit.yaml',
      '    national: true\n    type: number',
      '    national: true\n    condition: true\n    missing: missing.lives',
    );
    for (const [state, value] of [
      ['kg', 'false'],
      ['kz', 'true'],
    ] as const) {
      const text = Buffer.from(files.get(`annexes/${state}/annex.yaml`) ?? '').toString('utf8');
      files.set(`annexes/${state}/annex.yaml`, Buffer.from(text.replace(/value: .*/g, `value: '${value}'`)));
    }
    edit(files, 'rules/permit.yaml', 'rate\n          * units', 'units * 40');
    edit(files, 'rules/permit.yaml', 'if lives then (', 'if lives and rate then (');
    edit(files, 'rules/permit.yaml', 'lives = false then', 'lives = false or rate = false then');
    const found = checkFiles(files).findings.filter(({ code }) => code !== 'AGREEMENT_SCENARIO_FAILED');
    assert.deepEqual(
      found.map(({ code, message }) => [code, message]),
      [['AGREEMENT_OUTCOME_UNREACHABLE', 'A case of permit can never be granted or partly: not in kg.']],
    );
    assert.ok(
      found[0]?.details?.some((line) => line.includes('The rule rate ("Rate") gives false, and no other value.')),
    );
  });
});
