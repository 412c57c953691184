/** Documents: issue, print, revoke, and verify whatever left a node. Floor 2. */
export type { DocumentsContext } from './context.ts';
export { documentsFailures } from './failures.ts';
export { documentFile } from './files/document-file.ts';
export {
  accessProofFile,
  type EvidenceContent,
  evidenceFile,
  type ProofContent,
  type SealingContext,
} from './files/relayed-files.ts';
export { issueDocument } from './issue.ts';
export { type Issuer, issuerOf } from './issuer.ts';
export { type PageView, pageView } from './page/page-view.ts';
export { pagePdf } from './page/pdf.ts';
export { type PaperContent, verifyPaperCode } from './paper/paper-code.ts';
export { revokeDocument } from './revoke.ts';
export { documentsOfCase, getDocument, migrations } from './rows.ts';
export { type SdJwtDemand, type VerifiedSdJwt, verifySdJwt } from './sd-jwt/verify.ts';
export { openStatusLists, type StatusLists, statusListPath } from './status/lists.ts';
export type { DocumentContent, DocumentPage, DocumentRequest, IssuedDocument } from './types.ts';
export type { Verdict, VerdictWord, VerifiedFact } from './verify/verdict.ts';
export { type VerifyOptions, verifyFile } from './verify/verify-file.ts';
