import { type Field, type FileAnswer, filesNamed, type NamedFile } from '../agreements/index.ts';
import { demandClean, fileBytes, filesOf, openFile, type StoredFile, storeFile } from '../files/index.ts';
import { Failure, type Queryable } from '../storage/index.ts';
import { demandActing } from './acting.ts';
import type { ApplicationsContext } from './context.ts';
import { findDraft } from './draft-rows.ts';
import { journeyInput, type OpenDraft, openDraft, openDraftForChange } from './drafts.ts';
import { deciders } from './forecast.ts';
import type { Actor } from './types.ts';

/**
 * Takes a file into a draft: by its content of a kind that the field takes, in quarantine until it is scanned. The draft's answers
 * name it only once the page is saved.
 * @param file the bytes, and the name that her device gave them
 * @returns the answer that names it
 * @throws Failure DRAFT_NOT_FOUND, FILE_EMPTY, FILE_KIND, FILE_TOO_LARGE, FILES_TOO_MUCH
 */
export async function uploadFile(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  field: Field,
  file: { name: string; bytes: Uint8Array },
): Promise<FileAnswer> {
  const { kinds = [], largest = 0 } = field.file ?? {};
  return ctx.db.transaction(async (tx) => {
    await openDraftForChange(ctx, tx, actor, id);
    const stored = await storeFile(tx, ctx, { owner: id, bytes: file.bytes, kinds, largest });
    return { name: plainName(file.name, stored.kind), ...stored };
  });
}

/** A file that she sent with a page which had something else wrong: it need not be sent again. */
export async function keptFile(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  kept: { digest: string; name: string },
): Promise<FileAnswer | undefined> {
  await openDraft(ctx, actor, id);
  const found = (await filesOf(ctx.db, id)).find(({ digest }) => digest === kept.digest);
  if (found === undefined) return undefined;
  return { name: plainName(kept.name, found.kind), kind: found.kind, size: found.size, digest: found.digest };
}

/** The last part of a path, without what no name should hold: it is shown to officers of other states. */
function plainName(name: string, kind: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '').trim();
  return [...plain].slice(-200).join('') || `file.${kind}`;
}

/** A file that the answers name, with its way through quarantine. */
export type DraftFile = NamedFile & Pick<StoredFile, 'status' | 'reason'>;

/** The files that the answers so far name. One whose bytes are not there counts as refused: it must be sent again. */
export async function draftFiles(ctx: ApplicationsContext, db: Queryable, opened: OpenDraft): Promise<DraftFile[]> {
  const { draft, agreement, service } = opened;
  const named = filesNamed(agreement, service, journeyInput(ctx, draft), deciders(ctx, opened));
  if (named.length === 0) return [];
  const stored = new Map((await filesOf(db, draft.id)).map((file) => [file.digest, file]));
  return named.map((file) => {
    const { status = 'refused', reason = status === 'refused' ? 'lost' : undefined } = stored.get(file.digest) ?? {};
    return { ...file, status, ...(reason === undefined ? {} : { reason }) };
  });
}

/** @throws Failure FILE_QUARANTINED, FILE_REFUSED: nothing that was not found clean leaves this node */
export function demandCleanFiles(files: readonly DraftFile[]): void {
  for (const file of files) demandClean({ ...file, kind: 'pdf', storedAt: '' });
}

/**
 * A file of her own draft or application, found clean.
 * @throws Failure FILE_NOT_FOUND (also for another person's), FILE_QUARANTINED, FILE_REFUSED
 */
export async function openOwnFile(ctx: ApplicationsContext, actor: Actor, id: string, digest: string) {
  const own = await findDraft(ctx.db, actor.person, id);
  if (own === undefined) throw new Failure('FILE_NOT_FOUND', {});
  if (own.person !== actor.person) await demandActing(ctx, ctx.db, own);
  return openFile(ctx.db, id, digest);
}

/** A file as it travels with a claim: its bytes in base64, found by the digest that the sealed answers name. */
export interface CarriedFile {
  digest: string;
  bytes: string;
}

/** The files that one deciding state receives, each once. */
export async function filesFor(
  db: Queryable,
  id: string,
  files: readonly NamedFile[],
  state: string,
): Promise<CarriedFile[]> {
  const digests = new Set(files.filter(({ sentTo }) => sentTo.includes(state)).map(({ digest }) => digest));
  const carried: CarriedFile[] = [];
  for (const digest of digests) {
    const bytes = await fileBytes(db, id, digest);
    if (bytes === undefined) throw new Failure('FILE_NOT_FOUND', {});
    carried.push({ digest, bytes: bytes.toString('base64') });
  }
  return carried;
}
