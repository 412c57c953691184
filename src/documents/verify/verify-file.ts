import { addMilliseconds, Failure, type Instant, isFailure } from '../../storage/index.ts';
import { type Anchor, type FileKind, NOT_USABLE, type OpenedFile, openFile } from '../../union/index.ts';
import { checkCall } from './check-call.ts';
import { checkComplaint } from './check-complaint.ts';
import { checkDecision } from './check-decision.ts';
import { checkDocument } from './check-document.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkReceipt, checkTransaction } from './check-message.ts';
import { checkProof } from './check-proof.ts';
import { type Check, type Finding, fact, type Verdict } from './verdict.ts';

/** How to check what a file holds, by its kind. */
const CHECKS: Readonly<Partial<Record<FileKind, Check>>> = {
  document: checkDocument,
  evidence: checkEvidence,
  decision: checkDecision,
  transaction: checkTransaction,
  receipt: checkReceipt,
  call: checkCall,
  proof: checkProof,
  complaint: checkComplaint,
};

export interface VerifyOptions {
  /** The verifier's own pinned anchors: the only source of trust. */
  anchors: Anchor[];
  now: Instant;
  /** The oldest status that is accepted, in seconds. */
  maxStatusAge?: number;
  /** A demonstration runs by a calendar of its own and is judged as of its sealing; true holds it against `now` as any other. */
  strictTime?: boolean;
}

/** Clocks of others may be ahead by so much. */
const SKEW_MS = 60_000;

/**
 * Verifies any file that left a node: the seal over every byte, the charter under the verifier's own anchor, the manifests, and then
 * what it holds by its kind. Needs no node, no database and no network.
 * @returns a verdict; it throws only for faults of the program
 * @example const { verdict, code } = await verifyFile(readFileSync(path), { anchors: readAnchors(folder), now: systemClock.now() })
 */
export async function verifyFile(bytes: Uint8Array, options: VerifyOptions): Promise<Verdict> {
  let file: OpenedFile;
  try {
    file = openFile(bytes, options.anchors, options.now);
  } catch (error) {
    return unopened(bytes, options, error);
  }
  const { kind } = file;
  try {
    const now = nowFor(file, options);
    const check = CHECKS[kind];
    if (!check) throw new Failure('DOCUMENTS_FILE_KIND', { found: kind, wanted: Object.keys(CHECKS).join(', ') });
    return verdictOf(file, await check({ file, now, maxStatusAge: options.maxStatusAge }));
  } catch (error) {
    return refused(kind, error);
  }
}

/** Why a file could not even be opened: its own fault, or ours because there is nothing to judge it by. */
function unopened(bytes: Uint8Array, options: VerifyOptions, error: unknown): Verdict {
  if (!isFailure(error)) throw error;
  const { code, params } = error;
  const notUsable = (): Verdict => ({ verdict: 'not-usable', code, params, facts: [] });
  if (isPrintedPage(bytes)) return { verdict: 'not-usable', code: 'DOCUMENTS_FILE_PAGE', params: {}, facts: [] };
  if (code === 'UNION_FILE_FORM' && !looksLikeOurs(bytes)) return notUsable();
  if (code === 'UNION_FILE_VERSION' && isOursWithAnotherVersion(bytes, options)) return refused(undefined, error);
  return NOT_USABLE.includes(code) ? notUsable() : refused(undefined, error);
}

function nowFor(file: OpenedFile, options: VerifyOptions): Instant {
  if (file.trust.charter.demo && !options.strictTime) return file.sealedAt;
  if (file.sealedAt > addMilliseconds(options.now, SKEW_MS)) {
    throw new Failure('DOCUMENTS_FILE_FUTURE', { at: file.sealedAt });
  }
  return options.now;
}

function verdictOf(file: OpenedFile, { problem, asOf, facts }: Finding): Verdict {
  const { charter } = file.trust;
  const all = [
    ...fact('union', charter.union),
    ...fact('demo', charter.demo ? 'yes' : undefined),
    ...fact('sealedBy', file.trust.stateName(file.sealedBy.state)),
    ...fact('sealedAt', file.sealedAt),
    ...fact('charterExpired', file.charterExpired ? charter.expires : undefined),
    ...facts,
  ];
  if (!problem) return { verdict: 'valid', kind: file.kind, code: 'VALID', params: {}, asOf, facts: all };
  const { verdict, failure } = problem;
  return { verdict, kind: file.kind, code: failure.code, params: failure.params, asOf, facts: all };
}

function refused(kind: FileKind | undefined, thrown: unknown): Verdict {
  // What a hostile node sealed may be of any form: where a check stumbles over it, it is refused as any other wrong content.
  const error = isFailure(thrown) ? thrown : new Failure('DOCUMENTS_FILE_FORM', { reason: 'it cannot be read' });
  return { verdict: 'invalid', kind, code: error.code, params: error.params, facts: [] };
}

/** People take the page that they print for the document: PDF, ISO 32000-2 section 7.5.2. */
const isPrintedPage = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';

/** Members that every file of ours has: one changed byte, or a cut end, leaves some of them. */
const MARKS = ['"charters":[', '"commonway":', '"manifests":[', '"sealedAt":"', '"sealedBy":{', '"signature":"'];

/** Whether bytes that are no file of ours once were one, so that it is worth saying that they were changed. */
function looksLikeOurs(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return MARKS.some((mark) => text.includes(mark));
}

/** Whether only the number of the format was changed: a true file of a later format would never open as one of this format. */
function isOursWithAnotherVersion(bytes: Uint8Array, options: VerifyOptions): boolean {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/"commonway":\d+/, '"commonway":1');
  try {
    openFile(Buffer.from(text), options.anchors, options.now);
    return true;
  } catch {
    return false;
  }
}
