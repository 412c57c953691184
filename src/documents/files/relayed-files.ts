import type { Sealed, SigningKey } from '../../crypto/index.ts';
import type { InclusionProof } from '../../ledger/index.ts';
import type { AccessContent } from '../../persons/index.ts';
import type { Evidence } from '../../registers/index.ts';
import type { Clock, Json } from '../../storage/index.ts';
import { sealFile, type Trust } from '../../union/index.ts';

/** What sealing needs. Any node may seal these: what they hold bears the signatures of those who say it. */
export interface SealingContext {
  trust: Trust;
  seal: SigningKey;
  clock: Clock;
}

/** The content of a sealed file of the kind `evidence`. */
export interface EvidenceContent {
  evidence: Sealed<Evidence>;
  /** The JSON Schema of the facts; its digest stands in the evidence. */
  schema: Json;
}

/** The content of a sealed file of the kind `proof`. */
export interface ProofContent {
  /** The entry exactly as it was logged. */
  entry: AccessContent;
  proof: InclusionProof;
}

/**
 * A file of one piece of evidence, for whoever holds it: the agency's signature and the schema of its facts with it.
 * @example const file = evidenceFile(ctx, card.evidence, agreement.evidence[card.type].schema)
 */
export function evidenceFile(ctx: SealingContext, evidence: Sealed<Evidence>, schema: Json): Buffer {
  const content: EvidenceContent = { evidence, schema };
  return sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, 'evidence', content as unknown as Json);
}

/**
 * A file that proves one entry of a person's access record: the entry, the salt that opens its leaf, the path, the witnessed
 * checkpoint.
 * @param access an entry of `accessRecord` that has its proof
 * @example const file = accessProofFile(ctx, { entry: access.content, proof: access.proof })
 */
export function accessProofFile(ctx: SealingContext, access: ProofContent): Buffer {
  const { entry, proof } = access;
  return sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, 'proof', { entry, proof } as unknown as Json);
}
