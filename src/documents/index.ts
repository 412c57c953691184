/** Documents: issue, print, revoke, and verify whatever left a node. Floor 2. */
export type { DocumentsContext } from './context.ts';
export { documentsFailures } from './failures.ts';
export { documentFile } from './files/document-file.ts';
export { accessProofFile, evidenceFile } from './files/relayed-files.ts';
export { issueDocument } from './issue.ts';
export { issuerOf } from './issuer.ts';
export { type PageView, pageView } from './page/page-view.ts';
export { pagePdf } from './page/pdf.ts';
export { type CheckedPaper, checkPaper } from './paper/check-paper.ts';
export { verifyPaperCode } from './paper/paper-code.ts';
export { changeStatus, revokeDocument } from './revoke.ts';
export { documentsOfCase, migrations } from './rows.ts';
export { type VerifiedSdJwt, verifySdJwt } from './sd-jwt/verify.ts';
export { openStatusLists } from './status/lists.ts';
export type { DocumentPage } from './types.ts';
export type { Verdict, VerifiedFact } from './verify/verdict.ts';
export { verifyFile } from './verify/verify-file.ts';
