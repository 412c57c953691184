import Type from 'typebox';
import { digestOf, type PublicKey, type Sealed, type SigningKey, seal, signersOf } from '../crypto/index.ts';
import { Failure, isFailure, type Json } from '../storage/index.ts';
import { demandShape, digest, exactly, instant, plainDate, stateCode } from './shapes.ts';

const ratificationShape = exactly({
  state: stateCode,
  agreement: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
  contract: digest,
  annex: digest,
  from: plainDate,
  until: Type.Optional(plainDate),
  issued: instant,
});

/** A state's word that it accepts one contract, with its national annex (both by digest), from a day to a day (from <= day < until). */
export type Ratification = Type.Static<typeof ratificationShape>;

/** Seals a ratification with the state's ratification key. @throws Failure UNION_RATIFICATION_FORM */
export function sealRatification(ratification: Ratification, key: SigningKey): Sealed<Ratification> {
  return seal('ratification', demandRatification(ratification), [key]);
}

/** @throws Failure UNION_RATIFICATION_FORM */
export function demandRatification(value: unknown): Ratification {
  const ratification = demandShape(ratificationShape, value, 'UNION_RATIFICATION_FORM');
  if (ratification.until !== undefined && ratification.until < ratification.from) {
    throw new Failure('UNION_RATIFICATION_FORM', { reason: 'it ends before it begins' });
  }
  return ratification;
}

/** @throws Failure UNION_RATIFICATION_FORGED where no given key signed it */
export function demandRatifier(sealed: Sealed<Ratification>, keys: PublicKey[]): void {
  try {
    const signers = signersOf(sealed, 'ratification', keys);
    if (signers.length === 1) return;
  } catch (error) {
    if (!isFailure(error, 'CRYPTO_SEALED_SIGNER', 'CRYPTO_SEALED_SIGNATURE')) throw error;
  }
  const { state, agreement } = sealed.payload;
  throw new Failure('UNION_RATIFICATION_FORGED', { state, agreement });
}

/** The digest that names a ratification. */
export function ratificationDigest(ratification: Ratification): string {
  return digestOf(ratification as unknown as Json);
}

/**
 * What one state accepts of an agreement on a day: for each contract its latest word, where that word holds the day; the contract
 * that began last stands first.
 */
export function ratificationsInForce(
  all: Ratification[],
  state: string,
  agreement: string,
  day: string,
): Ratification[] {
  const latest = new Map<string, Ratification>();
  for (const one of all) {
    if (one.state !== state || one.agreement !== agreement) continue;
    const known = latest.get(one.contract);
    if (!known || known.issued < one.issued) latest.set(one.contract, one);
  }
  return [...latest.values()]
    .filter((one) => one.from <= day && (one.until === undefined || day < one.until))
    .sort((a, b) => (a.from === b.from ? compare(b.issued, a.issued) : compare(b.from, a.from)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
