/**
 * Files that people upload: told by content, kept by digest, in quarantine until a scanner has found them clean.
 *
 * @example
 * const { digest } = await storeFile(tx, ctx, { owner: draft.id, bytes, kinds: ['pdf'], largest: 2_000_000 });
 * const { bytes } = await openFile(db, draft.id, digest); // FILE_QUARANTINED until it was scanned
 */
import files from './sql/001-files.sql';

export { FILES_FAILURES } from './failures.ts';
export { type FileKind, MEDIA_TYPES, recognise } from './recognise.ts';
export { type FilesContext, scanJob } from './scan-job.ts';
export type { Scanner } from './scanner.ts';
export {
  demandClean,
  dropFiles,
  fileBytes,
  filesOf,
  MOST_BYTES,
  openFile,
  type StoredFile,
  storeFile,
} from './stored.ts';

/** The tables of this room. */
export const migrations = { room: 'files', files: [{ name: '001-files', sql: files }] };
