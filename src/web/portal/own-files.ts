import { openOwnFile } from '../../applications/index.ts';
import { MEDIA_TYPES } from '../../files/index.ts';
import { Failure } from '../../storage/index.ts';
import type { Pages } from '../http/routes.ts';

/** Her own files, before and after she sends: always as a download, never shown by the portal itself. */
export function addOwnFiles(pages: Pages): void {
  pages.person.get('/files/:id/:digest', async ({ ctx, actor, params }) => {
    const digest = fileDigest(params.digest);
    const { file, bytes } = await openOwnFile(ctx, actor, params.id ?? '', digest);
    const name = `${digest.slice(0, 12)}.${file.kind}`;
    return { kind: 'file', body: bytes, type: MEDIA_TYPES[file.kind], name };
  });
}

/** @throws Failure FILE_NOT_FOUND for what is no digest: no database is asked then */
export function fileDigest(digest = ''): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Failure('FILE_NOT_FOUND', {});
  return digest;
}
