import { checkAgreement } from '../../agreements/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `./commonway check DIR [--json]` */
export const check: Command = {
  name: 'check',
  summary: 'checks an agreement: files, references, expressions, texts, scenarios',
  details:
    'Tells all findings at once, in the order of files and lines. Exits with 0 when there are none, else with 1.',
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: { json: { type: 'boolean', summary: 'prints one JSON object' } },
  async run(around, typed) {
    const { agreement, findings, scenarios } = await checkAgreement(typed.arguments[0] ?? '');
    const ok = findings.length === 0;
    if (typed.options.json === true) {
      const digests = agreement && { contract: agreement.contractDigest, texts: agreement.textsDigest };
      around.out(JSON.stringify({ ok, agreement: agreement?.name, digests, scenarios, findings }));
      return ok ? EXIT.ok : 1;
    }
    for (const { file, line, column, code, message, hint } of findings) {
      around.out(`${file}:${line}:${column} ${code}`);
      around.out(`  ${message}`);
      if (hint !== '') around.out(`  ${hint}`);
    }
    const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
    around.out(ok ? `${agreement?.name}: no findings, ${scenarios.run} scenarios hold` : count);
    return ok ? EXIT.ok : 1;
  },
};
