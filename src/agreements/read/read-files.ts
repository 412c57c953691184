import { collectFindings } from '../findings.ts';
import { type AgreementFiles, readFolder } from './folder.ts';

/**
 * The files of an agreement's folder, to be published as they are. Whether they hold is another question: see `checkAgreement`.
 * @example editionOf(readAgreementFiles('agreements/pension'), publisher)
 */
export function readAgreementFiles(folder: string): AgreementFiles {
  return readFolder(folder, collectFindings()).files;
}
