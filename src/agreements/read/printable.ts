import type { Findings } from '../findings.ts';

/**
 * Control characters, invisible ones and those that turn the direction of a line: what a reader does not see must not stand in a
 * text that he signs. Tab and line ends are the exceptions.
 */
const HIDDEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
];

const isHidden = (unit: number): boolean =>
  (unit < 0x20 || unit > 0x7e) && HIDDEN.some(([first, last]) => unit >= first && unit <= last);

/** Says whether a text is free of hidden characters, and where it is not. */
export function printable(file: string, text: string, findings: Findings): boolean {
  let line = 1;
  let column = 0;
  let clean = true;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    column += 1;
    if (unit === 0x0a) {
      line += 1;
      column = 0;
    } else if (isHidden(unit) && !(index === 0 && unit === 0xfeff)) {
      const character = `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`;
      findings.add('AGREEMENT_CONTROL_CHARACTER', { character }, { file, line, column });
      clean = false;
    }
  }
  return clean;
}
