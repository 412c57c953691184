import Type from 'typebox';
import { LIMITS } from '../../limits.ts';

/**
 * The words that files of an agreement are made of. Names are plain ASCII, so that no two names look alike and differ.
 */

/** A name inside expressions: `monthsHere`. */
export const Name = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,40}$', description: 'a name such as monthsHere' });

/** A name of a thing with a file or a place of its own: `insured-periods`. */
export const Kebab = Type.String({
  pattern: '^[a-z][a-z0-9]{0,40}(-[a-z0-9]{1,40}){0,8}$',
  description: 'a name such as insured-periods',
});

export const TextId = Type.String({
  pattern: '^[a-z][A-Za-z0-9-]{0,60}(\\.[A-Za-z0-9-]{1,60}){1,5}$',
  description: 'a text id such as field.consent',
});

export const State = Type.String({ pattern: '^[a-z]{2}$', description: 'a state code such as kz' });

export const Agency = Type.String({
  pattern: '^[a-z]{2}\\.[a-z][a-z0-9-]{0,60}$',
  description: 'an agency such as kz.pension-fund',
});

export const TRANSACTION_KEY = '^P\\.[A-Z]{2}\\.[0-9]{2}\\.TRN\\.[0-9]{3}$';
export const TransactionCode = Type.String({
  pattern: TRANSACTION_KEY,
  description: 'a transaction code such as P.PN.01.TRN.001',
});

export const Duration = Type.String({
  pattern:
    '^P(?=[0-9T])([0-9]{1,3}Y)?([0-9]{1,3}M)?([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,4}S)?)?$',
  description: 'an ISO 8601 duration such as P30D',
});

export const Day = Type.String({ format: 'date', description: 'a date such as 2021-01-01, in quotes or not' });

export const Feel = Type.String({ minLength: 1, maxLength: LIMITS.expression, description: 'a FEEL expression' });

export const Words = Type.String({ minLength: 1, maxLength: 2000, description: 'words' });

export const Url = Type.String({ pattern: '^https?://[!-~]{3,500}$', description: 'a web address' });

/** An object that refuses every key it does not name. */
export const closed = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** An object keyed by names of one form. */
export const keyed = <T extends Type.TSchema>(pattern: string, value: T) =>
  Type.Unsafe<Record<string, Type.Static<T>>>({
    type: 'object',
    patternProperties: { [pattern]: value },
    additionalProperties: false,
    maxProperties: 500,
  });

export const NAME_KEY = '^[a-z][A-Za-z0-9]{0,40}$';
export const KEBAB_KEY = '^[a-z][a-z0-9]{0,40}(-[a-z0-9]{1,40}){0,8}$';
export const STATE_KEY = '^[a-z]{2}$';
export const LANGUAGE_KEY = '^[a-z]{2}$';

/** One of a few words. */
export const oneWordOf = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description: `one of ${values.join(', ')}` });

export const listOf = <T extends Type.TSchema>(item: T, least = 0) =>
  Type.Array(item, { minItems: least, maxItems: 500 });

export const optional = Type.Optional;
