import { Failure } from '../../storage/index.ts';

/** RFC 9285 section 4.2: the letters of a QR code's alphanumeric mode, in which two bytes take 16.5 bits. */
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Bytes as base45 (RFC 9285). @example toBase45(Buffer.from('AB')) // 'BB8' */
export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 2) {
    const high = bytes[index] as number;
    const low = bytes[index + 1];
    text += low === undefined ? letters(high, 2) : letters(high * 256 + low, 3);
  }
  return text;
}

/** The bytes of a base45 text, in its one form. @throws Failure DOCUMENTS_PAPER_FORM */
export function fromBase45(text: string): Buffer {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index += 3) {
    const group = text.slice(index, index + 3);
    const digits = [...group].map((letter) => LETTERS.indexOf(letter));
    const value = digits.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
    const pair = group.length === 3;
    if (group.length === 1 || digits.includes(-1) || value > (pair ? 65_535 : 255)) {
      throw new Failure('DOCUMENTS_PAPER_FORM', { reason: 'it is not base45' });
    }
    if (pair) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Buffer.from(bytes);
}

function letters(value: number, count: number): string {
  let text = '';
  for (let rest = value, done = 0; done < count; done++, rest = Math.floor(rest / 45)) text += LETTERS[rest % 45];
  return text;
}
