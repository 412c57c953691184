import { type Agreement, loadFiles, type Pattern } from '../agreements/index.ts';
import { edit, filesOf } from '../agreements/testing.ts';

const EVIDENCE = `
evidence: work-opinion
as: workOpinions
title: evidence.workOpinion
summary: evidence.workOpinion.summary
servedBy: pensionAuthority
purpose: pension
ground: { kind: law, article: eaeu-2019-aggregation }
maxAge: P1Y
from: '["kg"]'
cardinality: each
transaction: P.PN.01.TRN.090
schema:
  type: object
  additionalProperties: false
  required: [confirmed]
  properties:
    confirmed: { type: boolean }
    remark: { type: string, maxLength: 200 }
    seenOn: { type: string, format: date }
labels:
  confirmed: evidence.workOpinion
  remark: evidence.workOpinion.summary
  seenOn: evidence.workOpinion
`;

const STAGE = `
  - name: consult
    title: evidence.workOpinion
    verb: request
    by: system
    requests:
      evidence: work-opinion
      carries:
        family: { value: 'identity.names[to = null][1].family', label: document.family }
        months: { value: monthsHere, label: document.months }
`;

const RULE = `
  workConfirmed:
    title: evidence.workOpinion
    article: design-outcome
    source: design
    condition: true
    missing: evidence.workOpinion.summary
    versions:
      - value: every opinion in workOpinions satisfies opinion.confirmed
`;

/** The files of a pension that asks the pension authority of Kyrgyzstan for its opinion on her work, where `when` holds. */
export function opinionFiles(pattern: Pattern, when?: string): Map<string, Uint8Array> {
  const files = filesOf('agreements/pension');
  const accept = pattern === 'requestConfirm' ? '' : 'accept: P2D, ';
  const transaction = `
  P.PN.01.TRN.090:
    title: transaction.claim
    pattern: ${pattern}
    from: pensionAuthority
    to: pensionAuthority
    operation: giveOpinion
    evidence: work-opinion
    timers: { acknowledge: P1D, ${accept}respond: P10D }
    retries: 3
    signatureRequired: true`;
  edit(files, 'agreement.yaml', '\ntransactions:', `\ntransactions:${transaction}`);
  files.set('evidence/work-opinion.yaml', Buffer.from(EVIDENCE.trimStart()));
  edit(files, 'services/pension.yaml', '[identity, insured-periods]', '[identity, insured-periods, work-opinion]');
  const examine = '  - { name: examine, title: stage.examine, verb: decide, by: system }\n';
  const stage = when === undefined ? STAGE : STAGE.replace('carries:', `when: '${when}'\n      carries:`);
  edit(files, 'services/pension.yaml', examine, `${examine}${stage.slice(1)}`);
  edit(files, 'services/pension.yaml', '    - coveredPerson\n', '    - coveredPerson\n    - workConfirmed\n');
  edit(files, 'rules/outcome.yaml', 'rules:', `rules:${RULE.trimEnd()}`);
  edit(files, 'rules/outcome.yaml', 'inputs: [pensionPart]', 'inputs: [pensionPart, workConfirmed]');
  edit(files, 'rules/outcome.yaml', `none: { when: ['"none"'], gives`, `none: { when: ['"none"', '-'], gives`);
  edit(
    files,
    'rules/outcome.yaml',
    `full: { when: ['"full"'], gives`,
    `doubted: { when: ['-', 'false'], gives: '"refused"' }\n            full: { when: ['"full"', '-'], gives`,
  );
  edit(files, 'rules/outcome.yaml', `part: { when: ['"part"'], gives`, `part: { when: ['"part"', '-'], gives`);
  files.set('scenarios/opinions.yaml', Buffer.from(doubtedScenario(files)));
  for (const language of ['en', 'ru', 'kk', 'ky', 'hy', 'be']) {
    const text = Buffer.from(files.get(`texts/${language}.yaml`) ?? '').toString('utf8');
    const words =
      'evidence.workOpinion: Work, as the authority of her home sees it\nevidence.workOpinion.summary: Shows whether the work is known there\n';
    files.set(`texts/${language}.yaml`, Buffer.from(`${text.trimEnd()}\n${words}`));
  }
  return files;
}

/** Aigerim's story once more, with an opinion that speaks against her. */
function doubtedScenario(files: ReadonlyMap<string, Uint8Array>): string {
  const story = Buffer.from(files.get('scenarios/main-story.yaml') ?? '').toString('utf8');
  const [defaults = ''] = story.split('\nscenarios:');
  return `${defaults.trimEnd()}
      work-opinion/kg: { confirmed: false }

scenarios:
  doubted-by-an-authority:
    given: {}
    expect:
      decisions:
        kz: { outcome: refused, missing: [workConfirmed], rows: { outcome: doubted } }
`;
}

/** The same, loaded. */
export function pensionWithOpinion(pattern: Pattern, when?: string): Agreement {
  const { agreement, findings } = loadFiles(opinionFiles(pattern, when));
  if (agreement === undefined) throw new Error(JSON.stringify(findings.slice(0, 5)));
  return agreement;
}
