import { type Sealed, signersOf } from '../../crypto/index.ts';
import { addMilliseconds, Failure, type Instant, type Json } from '../../storage/index.ts';
import { demandMembers } from './shape.ts';
import { type Circumstances, type Finding, fact } from './verdict.ts';

/** Of a signed decision what a verifier reads; the explanation is for people, and stands under the same signature. */
interface DecisionParts {
  case: string;
  application: string;
  state: string;
  agency: string;
  outcome: string;
  decidedAt: Instant;
  decidedOn: string;
}

/**
 * Checks a decision: signed by the deciding agency's own key as its state lists it for the moment of the decision. A refusal issues no
 * document; this file is what proves it.
 */
export async function checkDecision({ file, now }: Circumstances): Promise<Finding> {
  const { decision } = demandMembers<{ decision: Json }>(file.content, { decision: 'object' });
  const sealed = demandMembers<Sealed<Json>>(decision, { kind: 'text', payload: 'object', signatures: 'list' });
  const parts = demandParts(sealed.payload);
  const [signature] = sealed.signatures;
  if (signature === undefined || sealed.signatures.length !== 1) {
    throw new Failure('DOCUMENTS_FILE_FORM', { reason: 'the decision is not signed once' });
  }
  signersOf(sealed, 'decision', [
    file.trust.agencyKey(parts.state, parts.agency, String(signature.key), parts.decidedAt),
  ]);
  if (parts.decidedAt > addMilliseconds(now, 60_000))
    throw new Failure('DOCUMENTS_NOT_YET_VALID', { from: parts.decidedAt });
  return {
    asOf: parts.decidedAt,
    facts: [
      ...fact('issuer', file.trust.stateName(parts.state)),
      ...fact('agency', parts.agency),
      ...fact('outcome', parts.outcome),
      ...fact('decidedOn', parts.decidedOn),
    ],
  };
}

function demandParts(payload: Json): DecisionParts {
  const parts = payload as Record<keyof DecisionParts, Json>;
  const names = ['case', 'application', 'state', 'agency', 'outcome', 'decidedAt', 'decidedOn'] as const;
  const wrong = names.find((name) => typeof parts[name] !== 'string');
  if (wrong !== undefined) throw new Failure('DOCUMENTS_FILE_FORM', { reason: `its decision has no ${wrong}` });
  return payload as unknown as DecisionParts;
}
