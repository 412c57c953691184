import { checkAgreement, coverageLines, type Finding } from '../../agreements/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `./commonway check DIR [--coverage] [--json]` */
export const check: Command = {
  name: 'check',
  summary: 'checks an agreement: files, references, expressions, texts, processes, scenarios',
  details:
    'Tells all findings at once, in the order of files and lines. Exits with 0 when there are none, else with 1.\n' +
    'An agreement with a finding is not published.',
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: {
    coverage: { type: 'boolean', summary: 'prints what the scenarios meet: rules, conditions, table rows, each annex' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const { agreement, findings, scenarios, coverage } = await checkAgreement(typed.arguments[0] ?? '');
    const ok = findings.length === 0;
    if (typed.options.json === true) {
      const digests = agreement && { contract: agreement.contractDigest, texts: agreement.textsDigest };
      around.out(JSON.stringify({ ok, agreement: agreement?.name, digests, scenarios, coverage, findings }));
      return ok ? EXIT.ok : 1;
    }
    for (const finding of findings) for (const line of findingLines(finding)) around.out(line);
    if (typed.options.coverage === true && coverage !== undefined) {
      for (const line of [...coverageLines(coverage), '']) around.out(line);
    }
    const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
    around.out(ok ? `${agreement?.name}: no findings, ${scenarios.run} scenarios hold` : count);
    return ok ? EXIT.ok : 1;
  },
};

function findingLines({ file, line, column, code, message, hint, details = [] }: Finding): string[] {
  return [
    `${file}:${line}:${column} ${code}`,
    `  ${message}`,
    ...details.map((detail) => `    ${detail}`),
    ...(hint === '' ? [] : [`  ${hint}`]),
  ];
}
