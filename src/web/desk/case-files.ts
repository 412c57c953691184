import { openAttachment } from '../../cases/index.ts';
import { MEDIA_TYPES } from '../../files/index.ts';
import type { Pages } from '../http/routes.ts';
import { fileDigest } from '../portal/own-files.ts';

/** A file of a case, as a download for an officer who may read the case. */
export function addCaseFiles(pages: Pages): void {
  pages.officer.get('/desk/cases/:id/files/:digest', async ({ ctx, session, params }) => {
    const digest = fileDigest(params.digest);
    const { bytes, file } = await openAttachment(ctx, session, params.id ?? '', digest);
    const kind = file.kind as keyof typeof MEDIA_TYPES;
    return { kind: 'file', body: bytes, type: MEDIA_TYPES[kind], name: `${digest.slice(0, 12)}.${kind}` };
  });
}
