import type { Findings } from '../findings.ts';

/**
 * Control characters, invisible ones, those that turn the direction of a line, and those that mean nothing: what a reader does not see
 * must not stand in a text that he signs. Tab and line ends are the exceptions. The fillers count as letters and are drawn as nothing.
 */
const HIDDEN =
  /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u2800]|\p{Variation_Selector}|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/gu;

/** Letters of the alphabets whose letters look alike. */
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const ALPHABETS: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
];

/**
 * Says whether a text is free of hidden characters and of words from two alphabets (a Cyrillic letter in a Latin name looks the same and
 * is another name), and where it is not. Findings: AGREEMENT_CONTROL_CHARACTER, AGREEMENT_MIXED_SCRIPT.
 */
export function printable(file: string, text: string, findings: Findings): boolean {
  let clean = true;
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const [index, line] of lines.entries()) {
    // Most lines are plain, or plain letters of one alphabet: they cost one look.
    if (/^[\t\r\x20-\x7e]*$/.test(line)) continue;
    for (const { 0: found, index: at } of line.matchAll(HIDDEN)) {
      const character = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      findings.add('AGREEMENT_CONTROL_CHARACTER', { character }, { file, line: index + 1, column: at + 1 });
      clean = false;
    }
    for (const { 0: word, index: at } of line.matchAll(WORD)) {
      if (ALPHABETS.filter((alphabet) => alphabet.test(word)).length < 2) continue;
      const shown = word.length > 60 ? `${word.slice(0, 60)}\u2026` : word;
      findings.add('AGREEMENT_MIXED_SCRIPT', { word: shown }, { file, line: index + 1, column: at + 1 });
      clean = false;
    }
  }
  return clean;
}
