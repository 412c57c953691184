import { type Agreement, decidersOf, filesNamed, type NamedFile, type Service } from '../agreements/index.ts';
import type { CarriedFile, SealedApplication } from '../applications/index.ts';
import { digestHex } from '../crypto/index.ts';
import { type FileKind, filesOf, recognise, storeFile } from '../files/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import type { CasesContext } from './context.ts';
import type { CaseAttachment, CaseRow, CaseState } from './types.ts';

/** A file that proved itself: its bytes are those that the sealed answers name. */
export interface CheckedFile {
  digest: string;
  kind: FileKind;
  bytes: Buffer;
}

type Filed = Pick<SealedApplication, 'home' | 'filedOn' | 'answers'>;

/** The files that this state receives by the agreement, as the sealed answers name them. */
function filesHere(agreement: Agreement, service: Service, filed: Filed, self: string): NamedFile[] {
  const input = { home: filed.home, claim: filed.filedOn, answers: filed.answers };
  const named = filesNamed(agreement, service, input, decidersOf(agreement, service, input));
  return named.filter(({ sentTo }) => sentTo.includes(self));
}

/**
 * Exactly the files that the sealed answers name for this state, each with the bytes of its digest, of the size and the kind that the
 * answers say: what a file is, this node tells by its content again.
 * @throws Failure CLAIM_INVALID
 */
export function checkFiles(
  agreement: Agreement,
  service: Service,
  filed: Filed,
  self: string,
  carried: readonly CarriedFile[],
): CheckedFile[] {
  const wrong = (reason: string) => new Failure('CLAIM_INVALID', { reason });
  const named = filesHere(agreement, service, filed, self);
  const wanted = [...new Set(named.map(({ digest }) => digest))];
  const given = carried.map(({ digest }) => digest);
  if (wanted.toSorted().join() !== given.toSorted().join()) throw wrong('the files are not those of the answers');
  return carried.map(({ digest, bytes: base64 }) => {
    const bytes = Buffer.from(base64, 'base64');
    const kind = recognise(bytes);
    if (digestHex(bytes) !== digest) throw wrong('a file is not that of its digest');
    const told = named.every((file) => file.digest !== digest || (file.size === bytes.length && file.kind === kind));
    if (kind === undefined || !told) throw wrong('a file is not what the answers say of it');
    return { digest, kind, bytes };
  });
}

/** Keeps the files of a case. That they were clean at home is no argument: this node's own scanner speaks. */
export async function keepFiles(
  ctx: Pick<CasesContext, 'clock'>,
  tx: Tx,
  owner: string,
  files: readonly CheckedFile[],
): Promise<void> {
  for (const { kind, bytes } of files) {
    await storeFile(tx, ctx, { owner, bytes, kinds: [kind], largest: bytes.length });
  }
}

/** The files of a case as its officers see them. */
export async function attachmentsOf(
  ctx: CasesContext,
  row: CaseRow & { contract: string },
  state: CaseState,
): Promise<CaseAttachment[]> {
  const agreement = ctx.agreements.byContract(row.contract);
  const service = agreement?.services[row.service];
  const filed = state.application?.payload;
  if (agreement === undefined || service === undefined || filed === undefined) return [];
  const named = filesHere(agreement, service, filed, ctx.trust.self);
  if (named.length === 0) return [];
  const stored = new Map((await filesOf(ctx.db, row.id)).map((file) => [file.digest, file]));
  return named.flatMap(({ sentTo: _receivers, ...file }) => {
    const { status, reason } = stored.get(file.digest) ?? {};
    return status === undefined ? [] : [{ ...file, status, ...(reason === undefined ? {} : { reason }) }];
  });
}
