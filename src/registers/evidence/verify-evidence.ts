import { type Sealed, signersOf } from '../../crypto/index.ts';
import { type Clock, Failure, isFailure } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { representedKey } from '../mandates.ts';
import type { Evidence } from './evidence.ts';

/** What a piece of evidence must be to answer a question. */
export interface ExpectedEvidence {
  type: string;
  state: string;
  agency: string;
  /** Digest of the contract. */
  agreement: string;
  application: string;
  reference: string;
  /** The state whose person she is: another state may have given the same reference to somebody else. */
  home: string;
  /** `kind/number` of whom the facts must be about, null where she asked for herself; not looked at without it. */
  represented?: string | null;
  /** Digest of the JSON Schema of the facts, and the purpose, as the reader's own agreement has them. */
  schema?: string;
  purpose?: string;
  /** Digest of the question, where the reader knows it: an answer to an earlier one is not the answer to this one. */
  request?: string;
}

/**
 * Checks evidence that somebody relayed: signed by the agency's own key as its state lists it, about this person, for this
 * application, under this contract, and still valid.
 *
 * @param at the moment on which it must be valid; now without it
 * @throws Failure REGISTERS_EVIDENCE_FORGED, REGISTERS_EVIDENCE_OTHER, REGISTERS_EVIDENCE_EXPIRED
 */
export function verifyEvidence(
  ctx: { trust: Pick<TrustView, 'agencyKey'>; clock: Clock },
  sealed: Sealed<Evidence>,
  expected: ExpectedEvidence,
  at: string = ctx.clock.now(),
): Sealed<Evidence> {
  const evidence = demandShape(sealed, expected);
  try {
    const [signature] = sealed.signatures;
    const key = ctx.trust.agencyKey(expected.state, expected.agency, signature?.key ?? '', evidence.issuedAt);
    signersOf(sealed, 'evidence', [key]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure('REGISTERS_EVIDENCE_FORGED', { agency: expected.agency }, { cause: error });
  }
  const found: Record<keyof ExpectedEvidence, unknown> = {
    type: evidence.type,
    state: evidence.issuer.state,
    agency: evidence.issuer.agency,
    agreement: evidence.agreement,
    application: evidence.application,
    reference: evidence.subject.reference,
    home: evidence.subject.home,
    represented: representedKey(evidence.subject.represented),
    schema: evidence.schema,
    purpose: evidence.purpose,
    request: evidence.request,
  };
  for (const [member, wanted] of Object.entries(expected)) {
    if (wanted !== undefined && found[member as keyof ExpectedEvidence] !== wanted) {
      throw new Failure('REGISTERS_EVIDENCE_OTHER', { member });
    }
  }
  if (evidence.validUntil < at) throw new Failure('REGISTERS_EVIDENCE_EXPIRED', { until: evidence.validUntil });
  return sealed;
}

const RESULTS = ['found', 'none', 'ambiguous', 'unproven'];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The members that are read before the signature is checked; the agency answers for the rest. */
function demandShape(sealed: unknown, { agency }: ExpectedEvidence): Evidence {
  const { payload, signatures } = (sealed ?? {}) as { payload?: Partial<Evidence>; signatures?: unknown };
  const whole =
    Array.isArray(signatures) &&
    signatures.length === 1 &&
    typeof signatures[0]?.key === 'string' &&
    isInstant(payload?.issuedAt) &&
    isInstant(payload.validUntil) &&
    isObject(payload.issuer) &&
    isObject(payload.subject) &&
    RESULTS.includes(payload.result ?? '') &&
    (payload.result === 'found') === isObject(payload.facts);
  if (!whole) throw new Failure('REGISTERS_EVIDENCE_FORGED', { agency });
  return payload as Evidence;
}

/** Moments are compared as texts, so they must have the one form. */
function isInstant(value: unknown): value is string {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
