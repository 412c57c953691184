import { digestHex, randomBytes } from '../../crypto/index.ts';

/** Crockford's Base32: no letter that is read as another, or as a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** One half of an enrolment code: sixty random bits, in groups of four to be read aloud: `7K2M-9QXA-0T4B`. */
export function makeHalf(): string {
  const signs = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return signs.match(/.{4}/g)?.join('-') ?? signs;
}

/** A half as somebody may type it: in small letters, with spaces, O for 0, I or L for 1. */
export function readHalf(typed: string): string {
  const signs = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return signs.replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** What is kept of a half. */
export const digestOfHalf = (half: string): string => digestHex(`commonway-enrolment/1\n${readHalf(half)}`);
