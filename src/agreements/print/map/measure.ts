/** How wide signs are, in parts of the font's size: a high estimate over common sans-serif fonts, since a picture cannot ask. */
const WIDTHS: readonly (readonly [signs: RegExp, width: number])[] = [
  [/[mwMWшщжюфыШЩЖЮФЫмМ@%—−×աՠմՄ]/u, 0.8],
  [/[ .,:;'’|!()[\]\-ijl]/u, 0.31],
  [/\p{Script=Armenian}/u, 0.63],
  [/\p{Lu}/u, 0.66],
  [/./u, 0.55],
];

const widthOf = (sign: string): number => WIDTHS.find(([signs]) => signs.test(sign))?.[1] ?? 0.6;

const lengthOf = (text: string): number => [...text].reduce((sum, sign) => sum + widthOf(sign), 0);

/** Breaks a text into lines that fit a width in pixels at a font size. A word that is too long for any line is cut. */
export function wrap(text: string, width: number, size: number): string[] {
  const most = width / size;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, most))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || lengthOf(longer) <= most) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function pieces(word: string, most: number): string[] {
  // The estimate is high: a word that is a little longer by it still fits.
  if (lengthOf(word) <= most * 1.1) return [word];
  const found: string[] = [];
  let piece = '';
  for (const sign of word) {
    if (lengthOf(piece + sign) > most && piece !== '') {
      found.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...found, piece];
}
