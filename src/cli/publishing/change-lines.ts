import type { Change } from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import { isLanguage, type Language, type TextId, texts } from '../../texts/index.ts';
import { type Option, type Typed, textOf } from '../command.ts';

/** `--language`, of what is told in words of the agreement's readers. */
export const LANGUAGE: Readonly<Record<string, Option>> = {
  language: { type: 'string', value: 'LANGUAGE', summary: 'en, ru, kk, ky, hy or be; default: en' },
};

/** @throws Failure CLI_LANGUAGE_UNKNOWN */
export function readLanguage(typed: Typed): Language {
  const given = textOf(typed, 'language') ?? 'en';
  if (!isLanguage(given)) throw new Failure('CLI_LANGUAGE_UNKNOWN', { language: given });
  return given;
}

/** Changes as lines: by layer, each with what becomes of drafts and of cases under examination. */
export function changeLines(changes: readonly Change[], language: Language): string[] {
  const { say } = texts(language);
  if (changes.length === 0) return [say('agreement.none')];
  const lines: string[] = [];
  for (const layer of ['contract', 'annex', 'texts'] as const) {
    const some = changes.filter((change) => change.layer === layer);
    if (some.length === 0) continue;
    lines.push(say(`agreement.layer.${layer}` as TextId), '');
    for (const change of some) {
      const { kind, what, state, from, to, drafts, examined, migrationMissing } = change;
      const values = [from, to].filter((value) => value !== undefined && value !== '').join(' → ');
      lines.push(
        `  ${state === undefined ? '' : `${state}: `}${say(`agreement.change.${kind}` as TextId, { what })}${values === '' ? '' : ` (${values})`}`,
        `    ${say(`agreement.drafts.${drafts}` as TextId)}.`,
        `    ${say(`agreement.examined.${examined}` as TextId)}.`,
      );
      if (migrationMissing) lines.push(`    ${say('agreement.migrationMissing')}.`);
    }
    lines.push('');
  }
  return [...lines, `${say('agreement.decided.asItWas')}.`];
}
