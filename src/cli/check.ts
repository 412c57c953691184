import { checkAgreement } from '../agreements/index.ts';

const USAGE = 'usage: commonway check DIR [--json]\n';

/**
 * `commonway check DIR [--json]`: checks the agreement in a folder and tells all findings, in the order of files and lines.
 * @returns 0 when there are none, 1 when there are, 64 for a wrong call
 */
export async function check(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const [folder, ...more] = words.filter((word) => word !== '--json');
  if (folder === undefined || folder.startsWith('--') || more.length > 0) {
    process.stderr.write(USAGE);
    return 64;
  }
  const { agreement, findings, scenarios } = await checkAgreement(folder);
  const ok = findings.length === 0;
  if (json) {
    const digests = agreement && { contract: agreement.contractDigest, texts: agreement.textsDigest };
    process.stdout.write(`${JSON.stringify({ ok, agreement: agreement?.name, digests, scenarios, findings })}\n`);
    return ok ? 0 : 1;
  }
  for (const { file, line, column, code, message, hint } of findings) {
    process.stdout.write(`${file}:${line}:${column} ${code}\n  ${message}\n${hint === '' ? '' : `  ${hint}\n`}`);
  }
  process.stdout.write(
    ok
      ? `${agreement?.name}: no findings, ${scenarios.run} scenarios hold\n`
      : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}\n`,
  );
  return ok ? 0 : 1;
}
