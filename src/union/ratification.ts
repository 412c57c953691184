import Type from 'typebox';
import { digestOf, type PublicKey, type Sealed, type SigningKey, seal, signersOf } from '../crypto/index.ts';
import { Failure, isFailure, type Json } from '../storage/index.ts';
import { demandShape, digest, exactly, instant, plainDate, stateCode } from './shapes.ts';

const ratificationShape = exactly({
  state: stateCode,
  agreement: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  contract: digest,
  annex: digest,
  texts: Type.Optional(digest),
  from: plainDate,
  until: Type.Optional(plainDate),
  issued: instant,
});

/**
 * A state's word that it accepts one contract, with its national annex (both by digest), from a day to a day (from <= day < until).
 * `texts` says with which texts its own pages show it. A word of no days (`until` is `from`) ends the contract on that day.
 */
export type Ratification = Type.Static<typeof ratificationShape>;

/**
 * Seals a ratification with the state's ratification key, and the approval key of a second person where the manifest lists one.
 * @throws Failure UNION_RATIFICATION_FORM
 */
export function sealRatification(ratification: Ratification, ...keys: SigningKey[]): Sealed<Ratification> {
  return seal('ratification', demandRatification(ratification), keys);
}

/** @throws Failure UNION_RATIFICATION_FORM */
export function demandRatification(value: unknown): Ratification {
  const ratification = demandShape(ratificationShape, value, 'UNION_RATIFICATION_FORM');
  if (ratification.until !== undefined && ratification.until < ratification.from) {
    throw new Failure('UNION_RATIFICATION_FORM', { reason: 'it ends before it begins' });
  }
  return ratification;
}

/** Whose signatures a ratification may bear: those who ratify, and the second persons. */
export interface Ratifiers {
  ratification: PublicKey[];
  /** Keys of second persons that were valid then. */
  approval: PublicKey[];
  /** Whether the state's manifest lists any second person, of whatever time: then nothing is ratified by one alone. */
  two: boolean;
}

/** @throws Failure UNION_RATIFICATION_FORGED where the wrong keys signed it, UNION_RATIFICATION_ALONE where the second person is missing */
export function demandRatifier(sealed: Sealed<Ratification>, { ratification, approval, two }: Ratifiers): void {
  const { state, agreement } = sealed.payload;
  const forged = () => new Failure('UNION_RATIFICATION_FORGED', { state, agreement });
  let signers: PublicKey[];
  try {
    signers = signersOf(sealed, 'ratification', [...ratification, ...approval]);
  } catch (error) {
    if (!isFailure(error, 'CRYPTO_SEALED_SIGNER', 'CRYPTO_SEALED_SIGNATURE')) throw error;
    throw forged();
  }
  const by = (keys: PublicKey[]) => signers.filter((key) => keys.includes(key)).length;
  if (by(ratification) !== 1 || by(approval) > 1) throw forged();
  if (two && by(approval) === 0) throw new Failure('UNION_RATIFICATION_ALONE', { state, agreement });
}

/** The digest that names a ratification. */
export function ratificationDigest(ratification: Ratification): string {
  return digestOf(ratification as unknown as Json);
}

/**
 * What one state accepts of an agreement on a day. Of each contract counts the word that was issued last among those that have begun by
 * that day: a later word changes what comes after its `from`, and nothing before. The contract that began last stands first.
 */
export function ratificationsInForce(
  all: Ratification[],
  state: string,
  agreement: string,
  day: string,
): Ratification[] {
  const latest = new Map<string, Ratification>();
  for (const one of all) {
    if (one.state !== state || one.agreement !== agreement || day < one.from) continue;
    const known = latest.get(one.contract);
    if (!known || known.issued < one.issued) latest.set(one.contract, one);
  }
  return [...latest.values()]
    .filter(({ until }) => until === undefined || day < until)
    .sort((a, b) => (a.from === b.from ? compare(b.issued, a.issued) : compare(b.from, a.from)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
