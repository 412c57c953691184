import Type from 'typebox';
import { Value } from 'typebox/value';
import { importPublicKey, type PublicKey } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';

/** An object with these members and no other: what is signed has no room for what nobody reads. */
export const exactly = <T extends Type.TProperties>(members: T) =>
  Type.Object(members, { additionalProperties: false });

export const stateCode = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' });
export const unionName = Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,63}$' });
export const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const instant = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' });
export const plainDate = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });
export const version = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
export const title = Type.String({ minLength: 1, maxLength: 200 });
export const dottedName = Type.String({ pattern: '^[a-z][a-z0-9.-]{0,63}$' });
/** One of some words. */
export const oneOf = <W extends string>(words: readonly W[]) =>
  Type.Unsafe<W>(Type.Union(words.map((word) => Type.Literal(word))));
export const publicKey = Type.Unsafe<PublicKey>(
  exactly({ suite: Type.String(), id: Type.String({ maxLength: 64 }), jwk: Type.Record(Type.String(), Type.String()) }),
);

/**
 * Reads a value that came from outside as the type of a schema, or says in which place it is wrong (never with which value).
 * @throws Failure `code` with `reason` and the given params
 */
export function demandShape<T extends Type.TSchema>(
  schema: T,
  value: unknown,
  code: string,
  params: Record<string, string | number> = {},
): Type.Static<T> {
  if (Value.Check(schema, value)) return value as Type.Static<T>;
  const [first] = Value.Errors(schema, value);
  throw new Failure(code, { ...params, reason: `${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}` });
}

/** Whether a text of the right pattern is a moment that exists. */
export function isMoment(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

/** @throws Failure CRYPTO_KEY, CRYPTO_SUITE for a key that is none */
export function demandKey(key: PublicKey): PublicKey {
  return importPublicKey(key);
}
