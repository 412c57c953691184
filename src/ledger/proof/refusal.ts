/** Why a proof does not hold. Codes are the ledger room's; each stands in its table of failures. */
export interface ProofRefusal {
  verified: false;
  code:
    | 'LEDGER_PROOF_FORM'
    | 'LEDGER_PROOF_ORIGIN'
    | 'LEDGER_PROOF_LOG_SIGNATURE'
    | 'LEDGER_PROOF_WITNESS_SIGNATURE'
    | 'LEDGER_PROOF_WITNESSES'
    | 'LEDGER_PROOF_CONTENT'
    | 'LEDGER_PROOF_PATH'
    | 'LEDGER_PROOF_CONSISTENCY';
  params: Record<string, string | number>;
}

export function refuse(code: ProofRefusal['code'], params: ProofRefusal['params'] = {}): ProofRefusal {
  return { verified: false, code, params };
}

/** Thrown inside this folder where a text is not of its form; callers turn it into a refusal or a failure of their own. */
export class MalformedProof extends Error {
  override readonly name = 'MalformedProof';
}
