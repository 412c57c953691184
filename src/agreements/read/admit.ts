import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import { type AgreementFiles, type Folder, hasPlace } from './folder.ts';

/**
 * Holds files that came from elsewhere than a folder, such as a published version that another state sent, to what a folder is held
 * to: each has a place in an agreement, none is too large, and they are not too many.
 * Findings: AGREEMENT_FILE_UNKNOWN, AGREEMENT_FILE_TOO_LARGE, AGREEMENT_TOO_MANY_FILES
 */
export function admitFiles(files: AgreementFiles, findings: Findings): Folder {
  let total = 0;
  for (const bytes of files.values()) total += bytes.length;
  if (files.size > LIMITS.files || total > LIMITS.folder) {
    const at = { file: 'agreement.yaml', line: 1, column: 1 };
    findings.add('AGREEMENT_TOO_MANY_FILES', { limit: LIMITS.files, bytes: LIMITS.folder }, at);
    return { files: new Map(), refused: [], whole: false };
  }
  const admitted = new Map<string, Uint8Array>();
  const refused: string[] = [];
  for (const [path, bytes] of files) {
    const at = { file: path, line: 1, column: 1 };
    if (!hasPlace(path)) findings.add('AGREEMENT_FILE_UNKNOWN', { path }, at);
    else if (bytes.length <= LIMITS.file) admitted.set(path, bytes);
    else {
      findings.add('AGREEMENT_FILE_TOO_LARGE', { path, limit: LIMITS.file }, at);
      refused.push(path);
    }
  }
  return { files: admitted, refused, whole: true };
}
