import Type from 'typebox';
import { Value } from 'typebox/value';
import { digestOf, type Sealed } from '../../crypto/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { loadFiles } from '../load.ts';
import type { AgreementFiles } from '../read/folder.ts';
import type { Agreement } from '../types.ts';

const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const state = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' });
const closed = { additionalProperties: false } as const;

const editionShape = Type.Object(
  {
    agreement: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
    version: Type.String({ pattern: '^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$' }),
    parties: Type.Array(state, { minItems: 1, maxItems: 30 }),
    contract: digest,
    annexes: Type.Record(state, digest),
    texts: digest,
    state,
    agency: Type.String({ pattern: '^[a-z][a-z0-9.-]{0,63}$' }),
    issued: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
    follows: Type.Union([digest, Type.Null()]),
    files: Type.Record(Type.String({ maxLength: 100 }), Type.String()),
  },
  closed,
);

/**
 * A published version of an agreement: every file of it, the digests of the three layers, and who published it when. `follows` is the
 * contract that its publisher compared it with. Its own name is the digest of its canonical JSON.
 */
export type Edition = Type.Static<typeof editionShape>;

/** Who publishes, and when. */
export type Publisher = Pick<Edition, 'state' | 'agency' | 'issued' | 'follows'>;

/** The digest that names an edition. */
export function editionDigest(edition: Edition): string {
  return digestOf(edition as unknown as Json);
}

/**
 * Makes an edition of the files of an agreement.
 * @throws Failure AGREEMENT_NOT_LOADED where anything in them is wrong
 * @example editionOf(files, { state: 'kz', agency: 'kz.pension-fund', issued: clock.now(), follows: null })
 */
export function editionOf(files: AgreementFiles, publisher: Publisher): Edition {
  const agreement = loaded(files, publisher.agency);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return {
    agreement: agreement.name,
    version: agreement.version,
    parties: agreement.parties,
    contract: agreement.contractDigest,
    annexes: annexDigests(agreement),
    texts: agreement.textsDigest,
    ...publisher,
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, decoder.decode(bytes)])),
  };
}

/**
 * Holds a sealed edition against its form. Its files are held to what a folder's are when they are read.
 * @throws Failure AGREEMENT_EDITION_FORM
 */
export function demandForm({ payload }: Sealed<Edition>): void {
  if (!Value.Check(editionShape, payload) || Number.isNaN(Date.parse(payload.issued))) {
    const [first] = Value.Errors(editionShape, payload);
    throw new Failure('AGREEMENT_EDITION_FORM', {
      reason: `it is wrong at ${(first?.instancePath || '/').slice(0, 60)}`,
    });
  }
}

/**
 * Holds what an edition says of its layers against its files: the digests are made anew.
 * @returns the agreement that it holds
 * @throws Failure AGREEMENT_NOT_LOADED, AGREEMENT_EDITION_DIGEST
 */
export function demandDigests(payload: Edition): Agreement {
  const agreement = openEdition(payload);
  const said = { ...payload, files: null, state: null, agency: null, issued: null, follows: null };
  const found = {
    ...said,
    agreement: agreement.name,
    version: agreement.version,
    parties: agreement.parties,
    contract: agreement.contractDigest,
    annexes: annexDigests(agreement),
    texts: agreement.textsDigest,
  };
  if (digestOf(said) !== digestOf(found))
    throw new Failure('AGREEMENT_EDITION_DIGEST', { agreement: payload.agreement });
  return agreement;
}

/** The agreement in an edition. @throws Failure AGREEMENT_NOT_LOADED */
export function openEdition(edition: Edition): Agreement {
  return loaded(filesIn(edition), edition.agreement);
}

/** The files of an edition as they were in the designer's folder. */
export function filesIn({ files }: Pick<Edition, 'files'>): AgreementFiles {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

function loaded(files: AgreementFiles, folder: string): Agreement {
  const { agreement, findings } = loadFiles(files);
  if (agreement !== undefined) return agreement;
  const { code = '', file = '', line = 0 } = findings[0] ?? {};
  throw new Failure('AGREEMENT_NOT_LOADED', { folder, count: findings.length, code, file, line });
}

function annexDigests({ annexes }: Agreement): Record<string, string> {
  return Object.fromEntries(Object.values(annexes).map(({ state: of, digest: own }) => [of, own]));
}
